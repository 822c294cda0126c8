/** What the password is asked for: a first session, one that has ended, or to be sure that it is still the same person. */
export type Purpose = 'first' | 'again' | 'confirmation'
