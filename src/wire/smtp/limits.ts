/** Limits of what SMTP clients may say in a command or a header, each with its reason. Octets unless a name says otherwise. */

/** RFC 5321 §4.5.3.1.3: 256 with the brackets. Its 64 for a local part are not held against forwarders' encoded ones. */
export const MAILBOX_OCTETS = 254
/** RFC 1035 §2.3.4. */
export const LABEL_CHARACTERS = 63

/** RFC 3461 §4.4 and §4.2. */
export const ENVELOPE_ID_CHARACTERS = 100
export const ORIGINAL_RECIPIENT_CHARACTERS = 500

/** A header that is mended on submission; what is longer is no header of a mail program's making. */
export const SUBMISSION_HEADER_OCTETS = 262_144
