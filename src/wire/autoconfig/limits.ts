/** What guards the formats that mail programs are set up with. */

/** Bytes of an Autodiscover request. Real ones have 350 to 600. */
export const AUTODISCOVER_REQUEST_BYTES = 8 * 1024

/** Elements inside each other in a request; real ones have three. */
export const XML_DEPTH = 16

/** RFC 5321 §4.5.3.1.3: a path has at most 256 octets with its angle brackets. */
export const ADDRESS_BYTES = 254

/** draft-ietf-mailmaint-autoconfig, displayName: "MUST be no longer than 60 characters". */
export const DISPLAY_NAME_CHARACTERS = 60

/** The same, displayShortName: "MUST NOT be longer than 20 characters". */
export const SHORT_NAME_CHARACTERS = 20
