/**
 * The structure of a message, found in one pass over its bytes (RFC 2045, RFC 2046, RFC 5322). Any bytes at all give a
 * structure; what is malformed is read as most mail programs would.
 *
 * Invariants: offsets are into the bytes given, parts lie inside their parents in order, and the time is linear in the
 * number of bytes whatever they are. Line ends may be CRLF or bare LF. What lies beyond a limit is not taken apart.
 */
import { Boundaries } from './boundaries.ts'
import { readContentFields } from './content.ts'
import { beginsHeader, headerBudget, scanHeader } from './header.ts'
import { ENCODED_HEADER_BYTES, NESTING_LEVELS, PARTS } from './limits.ts'
import { countLines } from './lines.ts'
import type { MimePart } from './types.ts'

const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d
const DELIMITER_START = Buffer.from('\n--')

/** Bytes looked at one by one before the search is left to Buffer.indexOf: calling it for each of many short lines is slower. */
const NEAR = 256

export function parseMessage(bytes: Uint8Array): MimePart {
  return new Parser(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).entity(0, 0, 'TEXT/PLAIN')
}

type DefaultType = 'TEXT/PLAIN' | 'MESSAGE/RFC822'

class Parser {
  readonly #bytes: Buffer
  readonly #boundaries = new Boundaries()
  readonly #budget = headerBudget()
  #parts = 0

  /** Where the content before the delimiter last found ends; its line end belongs to the delimiter (RFC 2046 §5.1.1). */
  #contentEnd = 0
  /** Level of that delimiter, -1 at the end of the bytes; where its line starts and the next one does; whether it closes. */
  #level = -1
  #lineStart = 0
  #nextLine = 0
  #closes = false

  /** Lines are counted up to the cursor, by parts that need the number; regions that none needs are jumped over. */
  #counting = 0
  #cursor = 0
  #lines = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Parses what starts at `start`, up to a delimiter of any multipart that is open. */
  entity(start: number, depth: number, defaultType: DefaultType): MimePart {
    this.#parts++
    const { fields, bodyStart } = scanHeader(
      this.#bytes,
      start,
      this.#budget,
      at => this.#boundaries.levelAt(this.#bytes, at) >= 0,
    )
    const part: MimePart = {
      header: fields,
      headerStart: start,
      bodyStart,
      bodyEnd: bodyStart,
      lines: 0,
      ...readContentFields(this.#bytes, fields, defaultType),
      children: [],
      message: null,
    }
    const opaque = depth >= NESTING_LEVELS || this.#parts >= PARTS
    if (part.type === 'MULTIPART') {
      if (opaque) {
        part.type = 'APPLICATION'
        part.subtype = 'OCTET-STREAM'
        this.#leaf(part)
      } else this.#multipart(part, depth)
    } else if (isMessage(part) && !opaque && !this.#isEncoded(part)) this.#encapsulated(part, depth)
    else this.#leaf(part)
    return part
  }

  #leaf(part: MimePart): void {
    this.#seek(part.bodyStart)
    this.#endLeaf(part)
  }

  #endLeaf(part: MimePart): void {
    part.bodyEnd = Math.max(part.bodyStart, this.#contentEnd)
    if (part.type !== 'TEXT') return
    const begun = this.#beginLines(part.bodyStart)
    part.lines = this.#endLines(part.bodyEnd) - begun
  }

  #multipart(part: MimePart, depth: number): void {
    const boundary = part.parameters.find(([name]) => name === 'BOUNDARY')?.[1] ?? ''
    const level = this.#boundaries.push(Buffer.from(boundary, 'utf8'))
    const defaultType = part.subtype === 'DIGEST' ? 'MESSAGE/RFC822' : 'TEXT/PLAIN'
    this.#seek(part.bodyStart)
    while (this.#level === level && !this.#closes && this.#parts < PARTS)
      part.children.push(this.entity(this.#nextLine, depth + 1, defaultType))
    this.#boundaries.pop()
    if (part.children.length === 0 && this.#level !== level) {
      // No part was found, so that what there is would be hidden: it is shown as text.
      Object.assign(part, { type: 'TEXT', subtype: 'PLAIN', parameters: [['CHARSET', 'US-ASCII']] })
      this.#endLeaf(part)
      return
    }
    // IMAP has no multipart without parts (RFC 9051 §9, body-type-mpart).
    if (part.children.length === 0) part.children.push(emptyText(this.#lineStart))
    if (this.#level === level) this.#seek(this.#nextLine)
    part.bodyEnd = Math.max(this.#contentEnd, part.children.at(-1)!.bodyEnd)
  }

  #encapsulated(part: MimePart, depth: number): void {
    const begun = this.#beginLines(part.bodyStart)
    part.message = this.entity(part.bodyStart, depth + 1, 'TEXT/PLAIN')
    part.bodyEnd = part.message.bodyEnd
    part.lines = this.#endLines(part.bodyEnd) - begun
  }

  /**
   * Whether a message came in base64 or quoted-printable, so that offsets don't lead into it: RFC 2046 §5.2.1 forbids that, yet
   * it is sent, as is the label on a message that is not encoded.
   */
  #isEncoded({ encoding, bodyStart }: MimePart): boolean {
    if (encoding !== 'BASE64' && encoding !== 'QUOTED-PRINTABLE') return false
    if (!beginsHeader(this.#bytes, bodyStart)) return true
    return encoding === 'QUOTED-PRINTABLE' && isQuotedPrintable(this.#bytes, bodyStart)
  }

  /** Finds the next delimiter line at or behind `from`, which is the start of a line. */
  #seek(from: number): void {
    const bytes = this.#bytes
    let at = this.#boundaries.depth === 0 ? -1 : bytes[from] === DASH ? from : this.#nextCandidate(from)
    for (; at >= 0; at = this.#nextCandidate(at)) {
      const level = this.#boundaries.levelAt(bytes, at)
      if (level < 0) continue
      this.#level = level
      this.#lineStart = at
      this.#closes = this.#boundaries.closesAt(bytes, at, level)
      const end = bytes.indexOf(LF, at)
      this.#nextLine = end < 0 ? bytes.length : end + 1
      this.#contentEnd = at - (bytes[at - 1] === LF ? (bytes[at - 2] === CR ? 2 : 1) : 0)
      return
    }
    this.#level = -1
    this.#contentEnd = bytes.length
  }

  /** Start of the next line behind `from` that begins with "--", or -1. */
  #nextCandidate(from: number): number {
    const bytes = this.#bytes
    const near = Math.min(from + NEAR, bytes.length - 2)
    for (let at = from; at < near; at++)
      if (bytes[at] === LF && bytes[at + 1] === DASH && bytes[at + 2] === DASH) return at + 1
    if (near < from) return -1
    const found = bytes.indexOf(DELIMITER_START, near)
    return found < 0 ? -1 : found + 1
  }

  /** Offsets come in ascending order, and counted regions lie inside each other, so each byte is counted once at most. */
  #beginLines(at: number): number {
    if (this.#counting === 0) this.#cursor = at
    this.#counting++
    return this.#countTo(at)
  }

  #endLines(at: number): number {
    this.#counting--
    return this.#countTo(at)
  }

  #countTo(at: number): number {
    if (at > this.#cursor) {
      this.#lines += countLines(this.#bytes, this.#cursor, at)
      this.#cursor = at
    }
    return this.#lines
  }
}

/** RFC 2046 §5.2.1, RFC 6532 §3.7. */
export function isMessage(part: MimePart): boolean {
  return part.type === 'MESSAGE' && (part.subtype === 'RFC822' || part.subtype === 'GLOBAL')
}

/** Whether the header at `start` has "=" only as quoted-printable has it, and has it at all. */
function isQuotedPrintable(bytes: Buffer, start: number): boolean {
  const [header = ''] = bytes.toString('latin1', start, start + ENCODED_HEADER_BYTES).split(/\n\r?\n/, 1)
  return header.includes('=') && !/=(?![0-9A-F]{2}|[ \t]{0,9}(?:\r?\n|$))/i.test(header)
}

function emptyText(at: number): MimePart {
  return {
    header: [],
    headerStart: at,
    bodyStart: at,
    bodyEnd: at,
    lines: 0,
    type: 'TEXT',
    subtype: 'PLAIN',
    parameters: [['CHARSET', 'US-ASCII']],
    encoding: '7BIT',
    id: null,
    description: null,
    md5: null,
    disposition: null,
    language: [],
    location: null,
    children: [],
    message: null,
  }
}
