/** How much is kept of who signed in from where. */

/** What was seen waits this long at most before it is written: "test my settings" shows it nearly at once, and no sign-in writes. */
export const WRITTEN_EVERY_MS = 2_000
/** Sign-ins that are not alike and wait to be written: some 5 MB. Beyond them what is new is counted and dropped. */
export const WAITING_SIGN_INS = 10_000
/** Rows of one transaction: some milliseconds of the writer, so that mail comes between. */
export const ROWS_AT_ONCE = 500
/** Failures of one principal's day that are kept one by one; who is attacked from everywhere keeps one row for the rest. */
export const FAILURES_A_DAY = 200
/** How long a sign-in can be looked up. */
export const KEPT_MS = 90 * 24 * 60 * 60_000
/** A program's name of itself. */
export const CLIENT_CHARACTERS = 200
/** Refusals without a look at the password are noted once in this time for a user and an address. */
export const REFUSALS_NOTED_EVERY_MS = 60_000
/** Pairs of user and address whose last noted refusal is known. */
export const NOTED_REFUSALS = 10_000
/** How long a session may outlive its app password's last moment; also until one that could not be looked at is looked at again. */
export const OPEN_SIGN_INS_CHECKED_EVERY_MS = 10_000
