/** Limits of POP3 sessions, each with its reason. Those of lines are in wire/pop3/limits.ts. */

/** RFC 1939 §3: at least ten minutes. */
export const TRANSACTION_IDLE_MS = 10 * 60_000

/**
 * RFC 1939 §3 asks for ten minutes here too, from a time when a user typed them away at a terminal; a connection without
 * a user is a stranger's, and strangers could hold all there are.
 */
export const SIGN_IN_IDLE_MS = 60_000
/** From the greeting to the end of sign-in, however busy the client looks: delays after failures included. */
export const SIGN_IN_TOTAL_MS = 3 * 60_000

/** A client that asks its user again after each failure rarely needs more; a guesser shall connect anew. */
export const FAILED_SIGN_INS = 5

/** Lines that are no command: what talks like that is no mail client. */
export const BAD_LINES = 20

/** Lines of a listing that are made and written in one turn of the event loop. */
export const LISTED_AT_ONCE = 1_000
