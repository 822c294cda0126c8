/** The parts of a message that IMAP addresses (RFC 9051 §6.4.5.1, RFC 3516), as slices of its bytes. */
import { readHeader } from './header.ts'
import { decodeTransferEncoding, isKnownEncoding } from './transfer-encoding.ts'
import type { MimePart } from './types.ts'

/** Part numbers, then what of the part; the shape of wire/imap's Section. */
export interface SectionPath {
  part: readonly number[]
  text: 'ALL' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME'
  fields: readonly string[]
}

/** The section's bytes; null where the message has no such part. Only a subset of header fields is copied. */
export function findSection(root: MimePart, bytes: Uint8Array, section: SectionPath): Uint8Array | null {
  const { part: path, text } = section
  if (path.length === 0) return sectionOf(root, bytes, section)
  const part = findPart(root, path)
  if (part === null) return null
  if (text === 'ALL') return bytes.subarray(part.bodyStart, part.bodyEnd)
  if (text === 'MIME') return bytes.subarray(part.headerStart, part.bodyStart)
  // HEADER and TEXT of a part are those of the message it holds.
  return part.message === null ? null : sectionOf(part.message, bytes, section)
}

/** The same for sections without part numbers, for which a message need not be taken apart. */
export function findMessageSection(bytes: Uint8Array, section: SectionPath): Uint8Array | null {
  if (section.text === 'ALL') return bytes
  const { fields, bodyStart } = readHeader(bytes)
  return sectionOf({ header: fields, headerStart: 0, bodyStart, bodyEnd: bytes.length }, bytes, section)
}

type Message = Pick<MimePart, 'header' | 'headerStart' | 'bodyStart' | 'bodyEnd'>

function sectionOf(message: Message, bytes: Uint8Array, { text, fields }: SectionPath): Uint8Array | null {
  switch (text) {
    case 'ALL':
      return bytes.subarray(message.headerStart, message.bodyEnd)
    case 'HEADER':
      return bytes.subarray(message.headerStart, message.bodyStart)
    case 'TEXT':
      return bytes.subarray(message.bodyStart, message.bodyEnd)
    case 'MIME':
      return null
    default:
      return headerFields(message, bytes, fields, text === 'HEADER.FIELDS')
  }
}

/** The part with those numbers; for an empty path the message itself. */
export function findPart(root: MimePart, path: readonly number[]): MimePart | null {
  /** Whose parts the next number counts: a multipart's, or those of a message that is no multipart, which are one. */
  let container: MimePart | null = root
  let part: MimePart = root
  for (const number of path) {
    if (container === null) return null
    const isMultipart: boolean = container.children.length > 0
    const found: MimePart | undefined = isMultipart
      ? container.children[number - 1]
      : number === 1
        ? container
        : undefined
    if (found === undefined) return null
    part = found
    container = part.message ?? (part.children.length > 0 ? part : null)
  }
  return part
}

function headerFields(message: Message, bytes: Uint8Array, names: readonly string[], wanted: boolean): Uint8Array {
  const lower = new Set(names.map(name => name.toLowerCase()))
  const pieces: Uint8Array[] = []
  for (const field of message.header) {
    if (lower.has(field.name.toLowerCase()) !== wanted) continue
    pieces.push(bytes.subarray(field.start, field.end))
    // A header that ends with the bytes may lack its last line end.
    if (bytes[field.end - 1] !== LF) pieces.push(CRLF)
  }
  // "The blank line is included in all header fetches, except in the case of a message that has no body and no blank line."
  if (message.bodyEnd > message.bodyStart || endsWithBlankLine(message, bytes)) pieces.push(CRLF)
  return Buffer.concat(pieces)
}

function endsWithBlankLine({ headerStart, bodyStart }: Message, bytes: Uint8Array): boolean {
  if (bodyStart === headerStart || bytes[bodyStart - 1] !== LF) return false
  const before = bodyStart - (bytes[bodyStart - 2] === CR ? 2 : 1)
  return before <= headerStart || bytes[before - 1] === LF
}

const CR = 0x0d
const LF = 0x0a
const CRLF = Buffer.from('\r\n')

/** `unknown-encoding` is answered with NO [UNKNOWN-CTE] (RFC 3516 §4.3). */
export type DecodedSection = { kind: 'content'; bytes: Uint8Array } | { kind: 'missing' } | { kind: 'unknown-encoding' }

/** BINARY: the part's body without its transfer encoding; for an empty path the whole message as it is. */
export function decodeSection(root: MimePart, bytes: Uint8Array, path: readonly number[]): DecodedSection {
  if (path.length === 0) return { kind: 'content', bytes }
  const part = findPart(root, path)
  if (part === null) return { kind: 'missing' }
  const body = bytes.subarray(part.bodyStart, part.bodyEnd)
  if (!hasEncoding(part)) return { kind: 'content', bytes: body }
  const content = decodeTransferEncoding(body, part.encoding)
  return content === null ? { kind: 'unknown-encoding' } : { kind: 'content', bytes: content }
}

/** Whether `decodeSection` can give it, where it is there. */
export function isDecodable(root: MimePart, path: readonly number[]): boolean {
  const part = findPart(root, path)
  return part === null || !hasEncoding(part) || isKnownEncoding(part.encoding)
}

/** RFC 2045 §6.4: multiparts and messages have none, whatever they say. */
function hasEncoding(part: MimePart): boolean {
  return part.children.length === 0 && part.message === null
}
