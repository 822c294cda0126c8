/** What one account may make of mailboxes. */

/** Mailboxes of one account: LIST reads them all. */
export const MAILBOXES_PER_ACCOUNT = 5_000
/** Bytes of a name in UTF-8: what clients keep as one file or folder name on their side. */
export const NAME_BYTES = 1_000
/** Levels of a name: each may have to be created on the way, and clients draw them as a tree. */
export const NAME_LEVELS = 25
