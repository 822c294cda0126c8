/** How much text is kept together. */

/** Emails of a segment: enough to be compressed well and to cost little each, few enough to be written again in some milliseconds. */
export const SEGMENT_EMAILS = 64

/** Bytes of bodies that a segment takes more emails up to; one email alone may have more. */
export const SEGMENT_BYTES = 1024 * 1024

/** Segments read together: those that hold what one job looks for. */
export const SEGMENTS_AT_ONCE = 16
/**
 * Fields of a segment that are read with those of others: some ten times what is usual. A stranger can write a hundred
 * kilobytes into a field of each message.
 */
export const FIELDS_AT_ONCE_BYTES = 128 * 1024
