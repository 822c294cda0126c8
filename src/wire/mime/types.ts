/** A message's structure as found in its bytes (RFC 5322, RFC 2045 ff.). Offsets are into those bytes; nothing is copied. */

export interface HeaderField {
  /** As written. */
  name: string
  /** Start of the name; start of the value (behind the colon); end of the field, its line end included. */
  start: number
  valueStart: number
  end: number
}

export interface MimePart {
  header: HeaderField[]
  headerStart: number
  /** Behind the empty line, so the header with its separating line is [headerStart, bodyStart). */
  bodyStart: number
  bodyEnd: number
  /** Line ends in the body, for text parts and message/rfc822 (BODYSTRUCTURE). */
  lines: number
  /** Upper case. */
  type: string
  subtype: string
  /** Names in upper case; values decoded (RFC 2231 continuations joined). */
  parameters: [name: string, value: string][]
  /** Upper case; `7BIT` where there is none. */
  encoding: string
  id: string | null
  description: string | null
  md5: string | null
  disposition: { type: string; parameters: [string, string][] } | null
  language: string[]
  location: string | null
  /** Parts of a multipart. */
  children: MimePart[]
  /** The message inside message/rfc822 or message/global. */
  message: MimePart | null
}

export interface Address {
  /** Decoded; null where there is none. */
  name: string | null
  /** The raw phrase, for ENVELOPE, which wants encoded words kept. */
  rawName: string | null
  mailbox: string
  host: string
  /** Domains to pass through, each behind its "@" (RFC 5322 §4.4, obs-route), where any are named. */
  route?: string
}

export type AddressEntry = Address | { group: string; members: Address[] }
