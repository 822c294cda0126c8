/** What guards the counting of traffic. */

/** What is counted in memory is written this often: what a process that is killed loses. */
export const WRITTEN_EVERY_MS = 10_000
/** Mailboxes and hours counted in memory at once; beyond, what is new is not counted until they are written. */
export const WAITING_ROWS = 200_000
/** Rows of one transaction: some milliseconds of the writer. */
export const ROWS_AT_ONCE = 500
/** A year and a month, so that the same month of last year can be compared. */
export const KEPT_DAYS = 400
