/** Encoded words in header fields (RFC 2047, with the language of RFC 2231 §5): decoding as tolerant as mail needs, and encoding. */
import { decodeCharset } from './charset.ts'

/** Spaces in the text are against the RFC and common; "?" can't be allowed in it. */
const ENCODED_WORD = /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,60})?\?([BbQq])\?([^?]*)\?=/g

/** §2: at most 75 characters, the delimiters counted. */
const ENCODED_WORD_LENGTH = 75

/** Text with its encoded words decoded; white space between two of them disappears (§6.2). What is malformed stays as it is. */
export function decodeEncodedWords(text: string): string {
  if (!text.includes('=?')) return text
  let result = ''
  let position = 0
  /**
   * Words of one charset are decoded together: programs split characters between words, though §5 forbids it. Not of one with
   * states, each of which ends as it began (§3): an end with a beginning behind it is an error to the decoder.
   */
  let pending: Buffer[] = []
  let pendingCharset = ''
  const flush = (): void => {
    if (pending.length > 0)
      result += decodeCharset(pending.length === 1 ? pending[0]! : Buffer.concat(pending), pendingCharset)
    pending = []
  }
  for (const match of text.matchAll(ENCODED_WORD)) {
    const [whole, charset = '', encoding = '', encoded = ''] = match
    const between = text.slice(position, match.index)
    if (pending.length === 0 || /[^ \t\r\n]/.test(between)) {
      flush()
      result += between
    } else if (charset.toLowerCase() !== pendingCharset || isStateful(pendingCharset)) flush()
    pendingCharset = charset.toLowerCase()
    pending.push(encoding === 'B' || encoding === 'b' ? Buffer.from(encoded, 'base64') : decodeQ(encoded))
    position = match.index + whole.length
  }
  flush()
  return result + text.slice(position)
}

/** The one charset with states that is decoded, under its names in mail. */
const isStateful = (charset: string): boolean => /^(?:cs)?iso-?2022-?jp/.test(charset)

function decodeQ(encoded: string): Buffer {
  const plain = encoded.includes('_') ? encoded.replaceAll('_', ' ') : encoded
  const bytes = Buffer.from(plain, 'utf8')
  if (!plain.includes('=')) return bytes
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const value = bytes[at] === 0x3d ? hexPair(bytes, at + 1) : -1
    bytes[length++] = value >= 0 ? value : bytes[at]!
    if (value >= 0) at += 2
  }
  return bytes.subarray(0, length)
}

/** The value of two hexadecimal digits in any case, or -1. */
export function hexPair(bytes: Uint8Array, at: number): number {
  const high = hexDigit(bytes[at])
  const low = hexDigit(bytes[at + 1])
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/**
 * Text as ASCII: runs of words that need it become encoded words of UTF-8, each short enough for a line of its own, with a
 * space between them; the rest stays readable. Text that only looks like an encoded word is encoded too, unless
 * `keepEncodedWords` says that it is one.
 */
export function encodeWords(text: string, { keepEncodedWords = false } = {}): string {
  const needsEncoding = (word: string): boolean =>
    /[^\x20-\x7e\t]/.test(word) || (!keepEncodedWords && word.includes('=?'))
  if (!needsEncoding(text)) return text
  const words = text.split(/([ \t]+)/)
  let result = ''
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i]!
    if (!needsEncoding(word)) {
      result += word + (words[i + 1] ?? '')
      continue
    }
    // White space between encoded words is dropped on decoding, so what separates two of them goes into this one.
    let run = i > 0 && /=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=$/.test(words[i - 2]!) ? words[i - 1]! + word : word
    while (i + 2 < words.length && needsEncoding(words[i + 2]!)) {
      run += words[i + 1]! + words[i + 2]!
      i += 2
    }
    const following = words[i + 2]
    if (following !== undefined && /^=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=/.test(following)) {
      run += words[i + 1]!
      result += `${encodeRun(run)} `
    } else result += encodeRun(run) + (words[i + 1] ?? '')
  }
  return result
}

function encodeRun(text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  let quoted = 0
  for (const byte of bytes) quoted += isPlainInQ(byte) ? 1 : 3
  const useQ = quoted <= Math.ceil(bytes.length / 3) * 4
  const room = ENCODED_WORD_LENGTH - '=?UTF-8?Q??='.length
  const words: string[] = []
  let chunk = ''
  let used = 0
  const flush = (): void => {
    const encoded = useQ ? encodeQ(Buffer.from(chunk)) : Buffer.from(chunk).toString('base64')
    words.push(`=?UTF-8?${useQ ? 'Q' : 'B'}?${encoded}?=`)
  }
  for (const character of text) {
    const octets = utf8Length(character.codePointAt(0)!)
    const cost = useQ && (octets > 1 || !isPlainInQ(character.charCodeAt(0))) ? octets * 3 : octets
    if (useQ ? used + cost > room : Math.ceil((used + cost) / 3) * 4 > room) {
      flush()
      chunk = ''
      used = 0
    }
    chunk += character
    used += cost
  }
  flush()
  return words.join(' ')
}

function utf8Length(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4
}

function encodeQ(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    if (byte === 0x20) text += '_'
    else if (isPlainInQ(byte)) text += String.fromCharCode(byte)
    else text += `=${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`
  }
  return text
}

/** §5 (3): what a phrase allows, the strictest place an encoded word can stand; the space as an underscore. */
function isPlainInQ(byte: number): boolean {
  return (
    byte === 0x20 ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x21 ||
    byte === 0x2a ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2f
  )
}
