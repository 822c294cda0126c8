/** What somebody who is signed in can send to the support address. */

/** Enough for an exchange; a script that holds a session fills no inbox. */
export const REQUESTS_AN_HOUR = 5
/** Whose requests are counted at once. */
export const COUNTED_REQUESTERS = 10_000
export const SUBJECT_CHARACTERS = 150
/** A long letter, with a bounce pasted in. */
export const MESSAGE_CHARACTERS = 20_000
/** Of a path of the panel, and of what a browser says of itself. */
export const CONTEXT_CHARACTERS = 300
