/** A mailbox that is to keep what was retrieved for longer has no use for a limit. */
export const KEEP_DAYS_MAX = 365
