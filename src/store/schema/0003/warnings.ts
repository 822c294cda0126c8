/** What owners were told of their space. */
export const warnings: string[] = []
