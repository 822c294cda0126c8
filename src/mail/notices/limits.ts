/** What notices of the service may take of a mailbox that has no room: that it is full must be said in it. */

/** One is a few KB; what a filter made larger is mail like any other. */
export const NOTICE_BYTES = 64 * 1024
/** Of all since there was room: some dozens, and little beside the smallest quota that is sold. */
export const NOTICE_MARGIN_BYTES = 256 * 1024
