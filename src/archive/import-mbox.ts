/**
 * An mbox file as messages (RFC 4155, and the forms of it: "mboxrd", "mboxcl2", Thunderbird's). The file is read as a stream;
 * one message at a time is held, and what may belong to it.
 */
import { parseDate, parseExactDate } from '../wire/mime/date.ts'
import { CollectedBytes } from './collected-bytes.ts'
import { type ImportItem, withCrlf } from './import-item.ts'
import { HEADER_BYTES } from './limits.ts'
import { Candidate, CountedBody, isDated, isEmptyLine, mayBegin } from './mbox-begin.ts'
import { fieldOf, statusFlags } from './mbox-flags.ts'

export interface MboxOptions {
  /** Messages above are reported, not held. */
  maxMessageBytes: number
}

const LF = 0x0a
const CR = 0x0d
const quotedSeparator = /^>+From /
const contentLength = /^Content-Length[ \t]*:[ \t]*(\d{1,15})\s*$/i
/** UTF-8, of editors and exports on Windows. */
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf)

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
  /** What tells by the lines behind it whether it begins a message. */
  #candidate: Candidate | null = null
  #counted: CountedBody | null = null
  /** No Content-Length counts before: what one led past was read again already, and need not be for each that stands in it. */
  #countsFrom = 0
  /** Of the current message. */
  readonly #content = new CollectedBytes()
  #inMessage = false
  #inHeader = false
  #contentLength: number | null = null
  /** Its end is where its Content-Length says. */
  #exact = false
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
    if (this.#counted) this.#settleBody(this.#counted, this.#counted.isWhole, items)
    if (this.#candidate) this.#settle(this.#candidate, false, items)
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
  #take(given: Buffer, items: ImportItem[]): void {
    if (!this.#midLine) this.#line++
    const line = this.#position === 0 && byteOrderMark.equals(given.subarray(0, 3)) ? given.subarray(3) : given
    const behind = this.#position + given.length
    if (this.#counted) {
      const isRight = this.#counted.add(line)
      if (isRight !== null) this.#settleBody(this.#counted, isRight, items)
      if (isRight === false) return
      if (isRight) this.#begin(line, items)
    } else if (this.#candidate) {
      const begins = this.#candidate.add(line, this.#midLine)
      if (begins !== null) {
        this.#settle(this.#candidate, begins, items)
        return
      }
    } else if (this.#midLine || !mayBegin(line)) this.#text(line, items)
    else if (this.#afterEmptyLine && isDated(line)) this.#begin(line, items)
    else this.#candidate = new Candidate(line, this.#line, behind)
    this.#position = behind
  }

  #settle({ line, lineNumber, behind, held }: Candidate, begins: boolean, items: ImportItem[]): void {
    this.#candidate = null
    this.#midLine = false
    this.#line = lineNumber
    this.#position = behind
    if (begins) this.#begin(line, items)
    else this.#text(line, items)
    this.#again(held.take(), items)
  }

  #settleBody(counted: CountedBody, isRight: boolean, items: ImportItem[]): void {
    this.#counted = null
    if (isRight) {
      this.#add(counted.body())
      this.#exact = true
      return
    }
    const lines = counted.lines()
    this.#midLine = false
    this.#line = counted.lineNumber
    this.#position = counted.position
    this.#countsFrom = counted.position + lines.length
    this.#again(lines, items)
  }

  #again(lines: Buffer, items: ImportItem[]): void {
    for (let from = 0; from < lines.length && !this.#failed; ) {
      const end = lines.indexOf(LF, from) + 1 || lines.length
      this.#take(lines.subarray(from, end), items)
      from = end
    }
  }

  #begin(line: Buffer, items: ImportItem[]): void {
    this.#finish(items)
    this.#inMessage = true
    this.#inHeader = true
    this.#contentLength = null
    this.#exact = false
    this.#startLine = this.#line
    this.#from = line.toString('latin1').trimEnd()
    this.#afterEmptyLine = false
  }

  #text(line: Buffer, items: ImportItem[]): void {
    const isEmpty = !this.#midLine && isEmptyLine(line)
    this.#afterEmptyLine = isEmpty
    if (this.#inMessage) {
      const isQuoted = !this.#midLine && line[0] === 0x3e && quotedSeparator.test(line.toString('latin1', 0, 80))
      this.#add(isQuoted ? line.subarray(1) : line)
      if (this.#inHeader) this.#header(line, isEmpty)
    } else if (!isEmpty) {
      this.#failed = true
      items.push({
        kind: 'problem',
        source: `line ${this.#line}`,
        problem: 'not an mbox file: it does not begin with a "From " line',
        position: this.#position,
      })
    }
  }

  #header(line: Buffer, isEnd: boolean): void {
    if (!isEnd) {
      const length = this.#midLine ? undefined : contentLength.exec(line.toString('latin1', 0, 80))?.[1]
      if (length !== undefined) this.#contentLength = Number(length)
      return
    }
    this.#inHeader = false
    const octets = this.#contentLength
    const behind = this.#position + line.length
    if (octets !== null && octets <= this.#maxMessageBytes && behind > this.#countsFrom)
      this.#counted = new CountedBody(octets, this.#line, behind)
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
    const all = this.#content.take()
    const content = this.#exact ? all : withoutLastEmptyLine(all)
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

/** The empty line before the next From_ line belongs to the file, not to the message. */
function withoutLastEmptyLine(content: Buffer): Buffer {
  const end = content.length - (content.at(-2) === CR ? 2 : 1)
  return content.at(-1) === LF && content[end - 1] === LF ? content.subarray(0, end) : content
}

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
