/** Limits of ManageSieve sessions, each with its reason. */

/** RFC 5804 §1.2 asks for at least 30 minutes of those who signed in. */
export const IDLE_MS = 30 * 60_000

/** A connection without a user is a stranger's, and strangers could hold all there are. */
export const SIGN_IN_IDLE_MS = 60_000
/** From the greeting, or from UNAUTHENTICATE, to the end of sign-in, however busy the client looks: delays after failures included. */
export const SIGN_IN_TOTAL_MS = 3 * 60_000

/** Silence in the middle of a literal: others may wait for the memory it holds. As in IMAP. */
export const LITERAL_IDLE_MS = 2 * 60_000
/** For all of one command: 4 MB at 2.3 KB/s. */
export const COMMAND_MS = 30 * 60_000

/** A client that asks its user again after each failure rarely needs more; a guesser shall connect anew. */
export const FAILED_SIGN_INS = 5

/** Commands that are none: what talks like that is no client. */
export const BAD_COMMANDS = 20
