/** What guards the administration of domains and mailboxes. */

/** How long a removed mailbox can be had back: a month's invoice shows who is missing. */
export const BIN_KEPT_MS = 30 * 24 * 60 * 60_000
/** Addresses a mailbox forwards to: beyond, it is a list, which is what groups are for. */
export const MAX_FORWARD_TARGETS = 20
/** A name as people have it, shown in lists. */
export const MAX_NAME_CHARACTERS = 200
/** Mailboxes of one list: more than a company has people whom one person can check by eye. */
export const MAX_BULK_ROWS = 1_000
/** Of such a list, with long names and addresses. */
export const MAX_LIST_BYTES = 512 * 1024
/** Rows of one query of a scan: some 5 ms, in which the loop serves nobody else. */
export const SCANNED_AT_ONCE = 1_000
/** From this share of its quota on a mailbox counts as almost full. */
export const ALMOST_FULL = 0.9
