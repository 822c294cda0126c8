/** What became of each message, in and out. */
export const trace: string[] = []
