/** What owners were told of their space, and bounces of theirs that go to a second address. */
export const warnings: string[] = []
