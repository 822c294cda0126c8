/** Scripts, and what they remember. */
export const sieve: string[] = []
