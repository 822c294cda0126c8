/**
 * An mbox file as messages (RFC 4155 and the "mboxrd" form of it). The file is read as a stream; one message at a time is
 * held. Flags come from Status and X-Status (mbox programs) and X-Mozilla-Status (Thunderbird).
 */
import { Flag, type Flags } from '../store/types.ts'
import { parseDate } from '../wire/mime/date.ts'
import { type ImportItem, withCrlf } from './import-item.ts'

export interface MboxOptions {
  /** Messages above are reported, not held. */
  maxMessageBytes: number
}

const LF = 0x0a
const CR = 0x0d
/** A From_ line has an address and a date; a paragraph that starts with "From " seldom has a time of day and a year. */
const separator = /^From (?=.*\b\d{1,2}:\d{2}(?::\d{2})?\b).*\b(?:19|20)\d{2}\b/
const quotedSeparator = /^>+From /
/** Status fields stand in the header; what is longer has none of interest behind it. */
const HEADER_BYTES = 256 * 1024

export async function* readMbox(
  chunks: AsyncIterable<Uint8Array>,
  options: MboxOptions,
): AsyncGenerator<ImportItem, void, void> {
  const reader = new MboxReader(options)
  for await (const chunk of chunks) yield* reader.push(chunk)
  yield* reader.end()
}

export class MboxReader {
  readonly #maxMessageBytes: number
  #rest: Buffer = Buffer.alloc(0)
  #line = 0
  #position = 0
  #afterEmptyLine = true
  #current: Buffer[] | null = null
  #currentBytes = 0
  #startLine = 0
  #from = ''
  #tooLarge = false
  #failed = false

  constructor(options: MboxOptions) {
    this.#maxMessageBytes = options.maxMessageBytes
  }

  push(chunk: Uint8Array): ImportItem[] {
    const items: ImportItem[] = []
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : Buffer.from(chunk)
    let from = 0
    for (let end = bytes.indexOf(LF); end >= 0 && !this.#failed; end = bytes.indexOf(LF, from)) {
      this.#take(bytes.subarray(from, end + 1), items)
      from = end + 1
    }
    this.#rest = bytes.subarray(from)
    // A "line" beyond the size of a message: bytes of one, let go of in pieces.
    if (this.#rest.length > this.#maxMessageBytes) {
      this.#add(this.#rest)
      this.#position += this.#rest.length
      this.#rest = Buffer.alloc(0)
    }
    return items
  }

  end(): ImportItem[] {
    const items: ImportItem[] = []
    if (this.#rest.length > 0 && !this.#failed) this.#take(this.#rest, items)
    this.#rest = Buffer.alloc(0)
    this.#finish(items)
    return items
  }

  #take(line: Buffer, items: ImportItem[]): void {
    this.#line++
    const isEmpty = line[0] === LF || (line[0] === CR && line[1] === LF)
    if (this.#afterEmptyLine && startsWithFrom(line) && separator.test(line.toString('latin1'))) {
      this.#finish(items)
      this.#current = []
      this.#startLine = this.#line
      this.#from = line.toString('latin1').trimEnd()
    } else if (this.#current) {
      this.#add(line[0] === 0x3e && quotedSeparator.test(line.toString('latin1', 0, 80)) ? line.subarray(1) : line)
    } else if (!isEmpty) {
      this.#failed = true
      items.push({
        kind: 'problem',
        source: `line ${this.#line}`,
        problem: 'not an mbox file: it does not begin with a "From " line',
        position: this.#position,
      })
    }
    this.#afterEmptyLine = isEmpty
    this.#position += line.length
  }

  #add(line: Buffer): void {
    this.#currentBytes += line.length
    if (this.#currentBytes > this.#maxMessageBytes) {
      this.#tooLarge = true
      this.#current = []
    } else this.#current?.push(line)
  }

  #finish(items: ImportItem[]): void {
    const lines = this.#current
    if (!lines) return
    const source = `line ${this.#startLine}`
    const position = this.#position
    // The empty line before the next From_ line belongs to the file, not to the message.
    const last = lines.at(-1)
    if (last && (last[0] === LF || (last[0] === CR && last[1] === LF)) && lines.length > 1) lines.pop()
    if (this.#tooLarge)
      items.push({ kind: 'problem', source, problem: `larger than ${this.#maxMessageBytes} bytes`, position })
    else if (lines.length === 0) items.push({ kind: 'problem', source, problem: 'empty', position })
    else {
      const bytes = withCrlf(Buffer.concat(lines))
      const header = headerOf(bytes)
      const internalDate = fromLineDate(this.#from) ?? parseDate(fieldOf(header, 'Date') ?? '')?.time ?? null
      items.push({ kind: 'message', source, mailbox: '', flags: statusFlags(header), internalDate, bytes, position })
    }
    this.#current = null
    this.#currentBytes = 0
    this.#tooLarge = false
  }
}

const startsWithFrom = (line: Buffer): boolean =>
  line[0] === 0x46 && line[1] === 0x72 && line[2] === 0x6f && line[3] === 0x6d && line[4] === 0x20

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'

/** `From sender Fri Jul  8 12:08:34 2011`, with a zone or not; without one it is UTC (RFC 4155). Else a date of RFC 5322. */
export function fromLineDate(line: string): number | null {
  const match =
    /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+(\d{1,2})\s+(\d{1,2}:\d{2}(?::\d{2})?)(?:\s+([+-]\d{4}|[A-Z]{1,5}))?\s+(\d{4})(?:\s+([+-]\d{4}|[A-Z]{1,5}))?\s*$/.exec(
      line,
    )
  if (match) {
    const [, month = '', day, time, zone, year, lastZone] = match
    if (months.includes(month))
      return parseDate(`${day} ${month} ${year} ${time} ${zone ?? lastZone ?? '+0000'}`)?.time ?? null
  }
  const standard = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), .*$/.exec(line)?.[0]
  return standard === undefined ? null : (parseDate(standard)?.time ?? null)
}

function headerOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_BYTES)).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  return end < 0 ? text : text.slice(0, end)
}

const fieldOf = (header: string, name: string): string | undefined =>
  new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(header)?.[1]?.trim()

export function statusFlags(header: string): Flags {
  const status = `${fieldOf(header, 'Status') ?? ''}${fieldOf(header, 'X-Status') ?? ''}`
  const mozilla = Number.parseInt(fieldOf(header, 'X-Mozilla-Status') ?? '0', 16) || 0
  const system =
    (status.includes('R') || mozilla & 0x0001 ? Flag.Seen : 0) |
    (status.includes('A') || mozilla & 0x0002 ? Flag.Answered : 0) |
    (status.includes('F') || mozilla & 0x0004 ? Flag.Flagged : 0) |
    (status.includes('D') || mozilla & 0x0008 ? Flag.Deleted : 0) |
    (status.includes('T') ? Flag.Draft : 0)
  return { system, keywords: mozilla & 0x1000 ? ['$Forwarded'] : [] }
}
