/** How much structure a message may ask us to remember. Bytes beyond a limit are kept and served; they are only not taken apart. */

/** Multiparts and messages inside each other. Mail forwarded by hand a dozen times has about thirty; each level costs stack. */
export const NESTING_LEVELS = 100

/** Parts of one message: a folder of 2,000 messages forwarded in one. Each costs some microseconds and 100 bytes of BODYSTRUCTURE. */
export const PARTS = 5_000

/** Header fields of one message, its parts' included. Real headers have 20 to 200. */
export const HEADER_FIELDS = 10_000

/** Bytes of all headers of one message that are read for fields: some hundred times what mail has; a large digest fits. */
export const HEADER_BYTES = 1024 * 1024

/** Bytes of one field's value that are read: room for 2,000 recipients in a To field. */
export const FIELD_BYTES = 128 * 1024

/** The same for fields that are neither lists of addresses nor of message-ids: longer ones are no work of people. */
export const TEXT_FIELD_BYTES = 8 * 1024

/** Addresses of one field, for the same reason. */
export const ADDRESSES = 5_000

/** Parameters of one Content-Type or Content-Disposition, RFC 2231 continuations counted one by one. */
export const PARAMETERS = 200

/** Bytes of a message inside that tell whether it is in quoted-printable: most headers are shorter, and each part is looked at. */
export const ENCODED_HEADER_BYTES = 8 * 1024

/** RFC 2046 §5.1.1 allows 70; some programs write more. A longer one counts as a syntax error. */
export const BOUNDARY_BYTES = 200

/** Message-ids of one References field: longer conversations are threaded by the newest of them. */
export const REFERENCES = 200

/** Characters of a date that are read: with all its comments and folding it is shorter. */
export const DATE_LENGTH = 500

/** Characters: an HTML "<" without a ">" within so many is text. */
export const LONGEST_TAG = 16 * 1024

/** Encoded bytes that are decoded at once while searching: about a millisecond's work. */
export const SEARCH_PIECE_BYTES = 128 * 1024

/** RFC 8970 §3.3: "SHOULD limit the length of the preview text to 200 preview characters". */
export const PREVIEW_CHARACTERS = 200

/** Decoded at once for a preview; most begin with their text, newsletters with kilobytes of style sheets. */
export const PREVIEW_PIECE_BYTES = 1024
export const PREVIEW_BYTES = 128 * 1024
