/** Copies of all that one sends, both kinds together: each multiplies what leaves. */
export const AUTOMATIC_COPIES = 5
