/** What is read of old mail. */

/** Status fields stand in the header; what is longer has none of interest behind it. */
export const HEADER_BYTES = 256 * 1024

/** A From_ line has an address and a date. A longer one is text, wherever the file is cut; below any limit of a message. */
export const FROM_LINE_BYTES = 1_000
