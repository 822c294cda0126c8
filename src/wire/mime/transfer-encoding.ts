/** Content-Transfer-Encoding (RFC 2045 §6): bodies decoded as far as their bytes allow, and encoded for what we write ourselves. */
import { hexPair } from './encoded-word.ts'

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const EQUALS = 0x3d

/** §6.8 and §6.7: encoded lines have at most 76 characters. */
const LINE_LENGTH = 76

export function isKnownEncoding(encoding: string): boolean {
  return ['7BIT', '8BIT', 'BINARY', 'BASE64', 'QUOTED-PRINTABLE'].includes(encoding)
}

/** The content of a body in the named encoding (upper case); null where the encoding is not one of RFC 2045's. */
export function decodeTransferEncoding(body: Uint8Array, encoding: string): Uint8Array | null {
  switch (encoding) {
    case '7BIT':
    case '8BIT':
    case 'BINARY':
      return body
    case 'BASE64':
      return decodeBase64(body)
    case 'QUOTED-PRINTABLE':
      return decodeQuotedPrintable(body)
    default:
      return null
  }
}

/** Characters outside the alphabet are passed over (§6.8); padding in the middle, as joined pieces leave it, is not the end. */
export function decodeBase64(body: Uint8Array): Buffer {
  let text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  // Buffer takes the alphabet of base64url too, where these are no strangers.
  if (text.includes('-') || text.includes('_')) text = text.replace(/[-_]+/g, '')
  const padding = text.indexOf('=')
  if (padding < 0 || /^[=\s]*$/.test(text.slice(padding))) return Buffer.from(text, 'base64')
  return decodeJoinedBase64(text)
}

const BASE64_VALUES = new Int8Array(256).fill(-1)
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  BASE64_VALUES[character.charCodeAt(0)] = value

/** Of texts with padding in the middle, character by character: a body may be made of nothing but the shortest of them. */
function decodeJoinedBase64(text: string): Buffer {
  const decoded = Buffer.allocUnsafe((text.length * 3) >>> 2)
  let length = 0
  let bits = 0
  let held = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const value = BASE64_VALUES[code]!
    if (code === EQUALS) held = 0
    if (value < 0) continue
    bits = (bits << 6) | value
    held += 6
    if (held < 8) continue
    held -= 8
    decoded[length++] = bits >>> held
  }
  return decoded.subarray(0, length)
}

export function decodeQuotedPrintable(body: Uint8Array): Buffer {
  const decoded = Buffer.allocUnsafe(body.length)
  let length = 0
  /** Behind the last byte that is not white space of the line as it is encoded. */
  let kept = 0
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!
    if (byte === EQUALS) {
      const value = hexPair(body, at + 1)
      if (value >= 0) {
        decoded[length++] = value
        kept = length
        at += 2
        continue
      }
      const next = softBreak(body, at + 1)
      if (next >= 0) {
        kept = length
        at = next - 1
        continue
      }
    }
    if (byte === LF) {
      // Rule 3: white space at the end of a line was added on the way.
      const withCr = length > 0 && decoded[length - 1] === CR && body[at - 1] === CR
      length = kept
      if (withCr) decoded[length++] = CR
    }
    decoded[length++] = byte
    if (byte !== SPACE && byte !== TAB && byte !== CR) kept = length
  }
  return decoded.subarray(0, length)
}

/** Where the line behind a soft line break begins, or -1 where there is none: "=", white space, line end. */
function softBreak(body: Uint8Array, from: number): number {
  let at = from
  while (body[at] === SPACE || body[at] === TAB) at++
  if (at === body.length) return at
  if (body[at] === LF) return at + 1
  return body[at] === CR && body[at + 1] === LF ? at + 2 : -1
}

/** The same as `decodeTransferEncoding`, in pieces made of at most `pieceBytes` of the body. */
export function* decodeInPieces(body: Uint8Array, encoding: string, pieceBytes: number): Generator<Uint8Array> {
  let carried = ''
  for (let at = 0, end: number; at < body.length; at = end) {
    end = Math.min(at + pieceBytes, body.length)
    if (encoding === 'QUOTED-PRINTABLE') {
      if (end < body.length) end = beforeSplit(body, at, end)
      yield decodeQuotedPrintable(body.subarray(at, end))
    } else if (encoding === 'BASE64') {
      const piece = Buffer.from(body.buffer, body.byteOffset + at, end - at)
      const text = carried + piece.toString('latin1').replace(/[^A-Za-z0-9+/=]+/g, '')
      // Behind padding another piece begins.
      const whole = end === body.length ? text.length : text.length - ((text.length - text.lastIndexOf('=') - 1) % 4)
      carried = text.slice(whole)
      yield decodeBase64(Buffer.from(text.slice(0, whole), 'latin1'))
    } else yield body.subarray(at, end)
  }
}

/** Behind the last line end before `end`; where there is none, not inside an "=XX". */
function beforeSplit(body: Uint8Array, start: number, end: number): number {
  const line = body.subarray(start, end).lastIndexOf(LF)
  if (line >= 0) return start + line + 1
  const equals = body.subarray(end - 2, end).indexOf(EQUALS)
  return equals >= 0 && end - 2 + equals > start ? end - 2 + equals : end
}

/** Lines of 76 characters, each ended by CRLF. */
export function encodeBase64(content: Uint8Array): string {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64')
  let lines = ''
  for (let at = 0; at < text.length; at += LINE_LENGTH) lines += `${text.slice(at, at + LINE_LENGTH)}\r\n`
  return lines
}

/** Content whose CRLFs are line ends; other CR and LF are encoded, so that decoding gives the same bytes. */
export function encodeQuotedPrintable(content: Uint8Array): string {
  let text = ''
  let line = ''
  for (let at = 0; at < content.length; at++) {
    const byte = content[at]!
    if (byte === CR && content[at + 1] === LF) {
      text += `${line}\r\n`
      line = ''
      at++
      continue
    }
    const endsLine = at + 1 === content.length || (content[at + 1] === CR && content[at + 2] === LF)
    const plain = (byte > SPACE && byte < 0x7f && byte !== EQUALS) || ((byte === SPACE || byte === TAB) && !endsLine)
    const encoded = plain ? String.fromCharCode(byte) : `=${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`
    if (line.length + encoded.length >= LINE_LENGTH) {
      text += `${line}=\r\n`
      line = ''
    }
    line += encoded
  }
  return text + line
}
