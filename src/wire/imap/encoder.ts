/**
 * Terminals of RFC 9051 §9 as a server writes them. All text is a JavaScript string that goes out as UTF-8; sizes of
 * literals are counted so. Message bytes are not text: an answer ends with their literal's header, and they follow.
 */
import { encodeUtf7 } from './utf7.ts'

/** What a quoted string can hold: no NUL, CR or LF, and 8-bit only where the client reads UTF-8 (RFC 6855 §3). */
const quotableAscii = /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/
const quotableUtf8 = /^[^\0\r\n]*$/
const toEscape = /["\\]/g
const astringAtom = /^[!#$&'+,\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+$/
const nul = /\0/g
/** Longer texts go as literals, as some clients read a quoted string into a buffer of 1,000 (RFC 2683 §3.2.1.5). */
const QUOTED_CHARACTERS = 1_000

/** `string`: quoted where it can be, else a literal. NUL, which neither can hold, is left out. */
export function encodeString(text: string, utf8: boolean): string {
  const quotable = utf8 ? quotableUtf8 : quotableAscii
  if (text.length <= QUOTED_CHARACTERS && quotable.test(text)) return quote(text)
  const written = text.replace(nul, '')
  return `{${Buffer.byteLength(written)}}\r\n${written}`
}

export function encodeNstring(text: string | null, utf8: boolean): string {
  return text === null ? 'NIL' : encodeString(text, utf8)
}

/** `astring`. NIL is quoted: as an atom some clients take it for nothing. */
export function encodeAstring(text: string, utf8: boolean): string {
  return astringAtom.test(text) && text.toUpperCase() !== 'NIL' ? text : encodeString(text, utf8)
}

/** `mailbox`: modified UTF-7 (RFC 3501 §5.1.3) unless the client reads UTF-8. */
export function encodeMailbox(name: string, utf8: boolean): string {
  return encodeAstring(utf8 ? name : encodeUtf7(name), utf8)
}

/** A quoted string of text known to hold nothing a quoted string can't. */
export function quote(text: string): string {
  return `"${text.replace(toEscape, '\\$&')}"`
}
