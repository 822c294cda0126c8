/** What guards the telling of refusals. */

/** Gathered in memory this long, so that what a program is refused in one go is told in one go. */
export const GATHERED_MS = 10_000
/** Distinct refusals that wait to be told; beyond, what is new is only in the log. */
export const WAITING_REFUSALS = 5_000
/** Events of one transaction. */
export const EVENTS_AT_ONCE = 100
/** A mail names so many refusals, and tells the number of the others. */
export const NAMED_REFUSALS = 20
/** A mailbox's refusals are mailed at most this often: a program in a loop must not fill the mailbox of who reads it. */
export const MAILED_EVERY_MS = 60 * 60_000
