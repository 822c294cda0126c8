/** Limits of what a ManageSieve client may send, each with its reason. */

/** One line with its quoted strings (RFC 5804 §4: a quoted string has at most 1,024 octets), a sign-in among them. */
export const LINE_BYTES = 8 * 1024

/** A script as a literal; what Sieve itself takes is a little less, and says so. */
export const LITERAL_BYTES = 4 * 1024 * 1024

/** Of a stranger: what a sign-in needs. */
export const SIGN_IN_LITERAL_BYTES = 4 * 1024

/** The end of a literal that is too long is awaited up to here, so that the client reads why; then the connection ends. */
export const DISCARDED_BYTES = 32 * 1024 * 1024

/** Arguments of one command: no command has more than two. */
export const ARGUMENTS = 8

/** RFC 5804 §1.6: servers take at least 128 characters, 512 octets. */
export const NAME_BYTES = 512
