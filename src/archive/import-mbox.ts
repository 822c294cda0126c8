/**
 * An mbox file as messages (RFC 4155 and the "mboxrd" form of it). The file is read as a stream; one message at a time is
 * held. Flags come from Status and X-Status (mbox programs) and X-Mozilla-Status (Thunderbird).
 */
import { Flag, type Flags } from '../store/types.ts'
import { parseDate, parseExactDate } from '../wire/mime/date.ts'
import { CollectedBytes } from './collected-bytes.ts'
import { type ImportItem, withCrlf } from './import-item.ts'
import { FROM_LINE_BYTES, HEADER_BYTES } from './limits.ts'

export interface MboxOptions {
  /** Messages above are reported, not held. */
  maxMessageBytes: number
}

const LF = 0x0a
const CR = 0x0d
/** A From_ line has an address and a date; a paragraph that starts with "From " seldom has a time of day and a year. */
const separator = /^From (?=.*\b\d{1,2}:\d{2}(?::\d{2})?\b).*\b(?:19|20)\d{2}\b/
const quotedSeparator = /^>+From /

/** Where the file can't be read to its end, what came before is yielded, and the error as a problem. */
export async function* readMbox(
  chunks: AsyncIterable<Uint8Array>,
  options: MboxOptions,
): AsyncGenerator<ImportItem, void, void> {
  const reader = new MboxReader(options)
  try {
    for await (const chunk of chunks) yield* reader.push(chunk)
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    yield reader.broken(error.message)
    return
  }
  yield* reader.end()
}

export class MboxReader {
  readonly #maxMessageBytes: number
  /** The beginning of a line whose end has not come yet. */
  readonly #rest = new CollectedBytes()
  /** Whether bytes of that line were let go of already. */
  #midLine = false
  #line = 0
  #position = 0
  #afterEmptyLine = true
  /** Of the current message. */
  readonly #content = new CollectedBytes()
  #inMessage = false
  #startLine = 0
  #from = ''
  #tooLarge = false
  #failed = false

  constructor(options: MboxOptions) {
    this.#maxMessageBytes = options.maxMessageBytes
  }

  push(chunk: Uint8Array): ImportItem[] {
    const items: ImportItem[] = []
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let from = 0
    for (let end = bytes.indexOf(LF); end >= 0 && !this.#failed; end = bytes.indexOf(LF, from)) {
      const part = bytes.subarray(from, end + 1)
      if (this.#rest.length > 0) {
        this.#rest.add(part)
        this.#take(this.#rest.take(), items)
      } else this.#take(part, items)
      this.#midLine = false
      from = end + 1
    }
    if (!this.#failed) this.#rest.add(bytes.subarray(from))
    // A "line" beyond the size of a message: bytes of one, let go of in pieces.
    if (this.#rest.length > this.#maxMessageBytes) {
      this.#take(this.#rest.take(), items)
      this.#midLine = true
    }
    return items
  }

  end(): ImportItem[] {
    const items: ImportItem[] = []
    if (this.#rest.length > 0) this.#take(this.#rest.take(), items)
    this.#finish(items)
    return items
  }

  /** In the place of `end`: the message that was being read is not whole. */
  broken(reason: string): ImportItem {
    const [source, rest] = this.#inMessage
      ? [`line ${this.#startLine}`, 'this message and all behind it']
      : [`line ${this.#line + 1}`, 'all from here on']
    const problem = `${rest} can't be read: ${reason}`
    return { kind: 'problem', source, problem, position: this.#position }
  }

  /** A line, or a piece of one that is too long to be held. */
  #take(line: Buffer, items: ImportItem[]): void {
    if (!this.#midLine) this.#line++
    const isEmpty = !this.#midLine && isEmptyLine(line)
    const mayBegin = this.#afterEmptyLine && !this.#midLine
    if (mayBegin && line.length <= FROM_LINE_BYTES && startsWithFrom(line) && separator.test(line.toString('latin1'))) {
      this.#finish(items)
      this.#inMessage = true
      this.#startLine = this.#line
      this.#from = line.toString('latin1').trimEnd()
    } else if (this.#inMessage) {
      const isQuoted = !this.#midLine && line[0] === 0x3e && quotedSeparator.test(line.toString('latin1', 0, 80))
      this.#add(isQuoted ? line.subarray(1) : line)
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
    if (this.#content.length + line.length > this.#maxMessageBytes) this.#tooLarge = true
    if (this.#tooLarge) this.#content.take()
    else this.#content.add(line)
  }

  #finish(items: ImportItem[]): void {
    if (!this.#inMessage) return
    const source = `line ${this.#startLine}`
    const position = this.#position
    const content = withoutLastEmptyLine(this.#content.take())
    if (this.#tooLarge)
      items.push({ kind: 'problem', source, problem: `larger than ${this.#maxMessageBytes} bytes`, position })
    else if (content.length === 0) items.push({ kind: 'problem', source, problem: 'empty', position })
    else {
      const bytes = withCrlf(content)
      const header = headerOf(bytes)
      const internalDate = fromLineDate(this.#from) ?? parseDate(fieldOf(header, 'Date') ?? '')?.time ?? null
      items.push({ kind: 'message', source, mailbox: '', flags: statusFlags(header), internalDate, bytes, position })
    }
    this.#inMessage = false
    this.#tooLarge = false
  }
}

const isEmptyLine = (line: Buffer): boolean => line[0] === LF || (line[0] === CR && line[1] === LF)

/** The empty line before the next From_ line belongs to the file, not to the message. */
function withoutLastEmptyLine(content: Buffer): Buffer {
  const end = content.length - (content.at(-2) === CR ? 2 : 1)
  return content.at(-1) === LF && content[end - 1] === LF ? content.subarray(0, end) : content
}

const startsWithFrom = (line: Buffer): boolean =>
  line[0] === 0x46 && line[1] === 0x72 && line[2] === 0x6f && line[3] === 0x6d && line[4] === 0x20

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'

/**
 * `From sender Fri Jul  8 12:08:34 2011`, with a zone or not; without one it is UTC (RFC 4155). Else a date of RFC 5322.
 * null where the time is none or nobody knows the zone: CEST as UTC would be wrong by hours, and the Date field tells it.
 */
export function fromLineDate(line: string): number | null {
  const match =
    /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+(\d{1,2})\s+(\d{1,2}:\d{2}(?::\d{2})?)(?:\s+([+-]\d{4}|[A-Z]{1,5}))?\s+(\d{4})(?:\s+([+-]\d{4}|[A-Z]{1,5}))?\s*$/.exec(
      line,
    )
  if (match) {
    const [, month = '', day, time, zone, year, lastZone] = match
    if (months.includes(month))
      return parseExactDate(`${day} ${month} ${year} ${time} ${zone ?? lastZone ?? '+0000'}`)?.time ?? null
  }
  const standard = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), .*$/.exec(line)?.[0]
  return standard === undefined ? null : (parseExactDate(standard)?.time ?? null)
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
