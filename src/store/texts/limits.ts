/** How much text is kept together. */

/** Emails of a segment: enough to be compressed well and to cost little each, few enough to be written again in some milliseconds. */
export const SEGMENT_EMAILS = 64

/** Bytes of bodies that a segment takes more emails up to; one email alone may have more. */
export const SEGMENT_BYTES = 1024 * 1024
