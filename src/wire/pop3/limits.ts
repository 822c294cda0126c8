/** What a POP3 client may send. */

/**
 * A command or an AUTH response. RFC 2449 §4 asks for 255 octets; a password of 1,024 bytes, in base64 with a user name,
 * needs some 1,800.
 */
export const LINE_BYTES = 2_048
/** What is thrown away of a line that is too long, before the connection is given up: no client gets there by mistake. */
export const DISCARDED_BYTES = 64 * 1024
/** A message number: no mailbox has one with more. */
export const NUMBER_DIGITS = 9
/** Of a header that is made ASCII: above it nobody reads the header, and every octet outside ASCII is a question mark. */
export const READABLE_HEADER_BYTES = 256 * 1024
