/** Where a message of an mbox file begins: at a From_ line, which not every program quotes in texts, nor dates, nor has behind an empty line. */
import { CollectedBytes } from './collected-bytes.ts'
import { FROM_LINE_BYTES, HEADER_BYTES } from './limits.ts'

const LF = 0x0a
const CR = 0x0d
/** It has an address and a date; a paragraph that starts with "From " seldom has a time of day and a year. */
const dated = /^From (?=.*\b\d{1,2}:\d{2}(?::\d{2})?\b).*\b(?:19|20)\d{2}\b/
/** As Thunderbird writes it since version 115. */
const bare = /^From\s+$/
/** No time of day, nor the address of a page. */
const field = /^[a-z][!-9;-~]*:(?!\/\/)/i

export const isEmptyLine = (line: Buffer): boolean => line[0] === LF || (line[0] === CR && line[1] === LF)

export const startsWithFrom = (line: Buffer): boolean =>
  line[0] === 0x46 && line[1] === 0x72 && line[2] === 0x6f && line[3] === 0x6d && line[4] === 0x20

/** A longer one is text, wherever the file is cut. */
export const mayBegin = (line: Buffer): boolean => startsWithFrom(line) && line.length <= FROM_LINE_BYTES

export const isDated = (line: Buffer): boolean => dated.test(line.toString('latin1'))

/** A From_ line that does not tell by itself: it is one where fields of a header follow, as for Thunderbird. */
export class Candidate {
  readonly line: Buffer
  /** Of the file. */
  readonly lineNumber: number
  readonly behind: number
  /** The lines behind it. */
  readonly held = new CollectedBytes()
  readonly #needed: number
  #fields = 0

  /** `behind`: where in the file the next line is. */
  constructor(line: Buffer, lineNumber: number, behind: number) {
    this.line = Buffer.from(line)
    this.lineNumber = lineNumber
    this.behind = behind
    this.#needed = bare.test(line.toString('latin1')) ? 1 : 2
  }

  /** Whether a message begins with it; null where the next line is needed to tell. */
  add(line: Buffer, isPiece: boolean): boolean | null {
    this.held.add(line)
    const isFolded = isPiece || line[0] === 0x20 || line[0] === 0x09
    if (!isFolded && field.test(line.toString('latin1', 0, FROM_LINE_BYTES))) this.#fields++
    else if (!isFolded || this.#fields === 0) return false
    if (this.#fields === this.#needed) return true
    return this.held.length > HEADER_BYTES ? false : null
  }
}

/**
 * A body whose Content-Length may be right: it is where that leads to a From_ line, or to the end of the file. Who counts so
 * quotes nothing (mboxcl2), and bytes that were put in would make the count wrong.
 */
export class CountedBody {
  readonly lineNumber: number
  readonly position: number
  readonly #octets: number
  readonly #held = new CollectedBytes()
  #behind = 0

  constructor(octets: number, lineNumber: number, position: number) {
    this.#octets = octets
    this.lineNumber = lineNumber
    this.position = position
  }

  /** Whether the count is right, in front of this From_ line; null where the next line is needed to tell. */
  add(line: Buffer): boolean | null {
    const missing = this.#octets - this.#held.length
    if (missing <= 0 && startsWithFrom(line)) return true
    this.#held.add(line)
    if (missing > 0) {
      const behind = line.subarray(missing)
      return behind.length === 0 || isEmptyLine(behind) ? null : false
    }
    return isEmptyLine(line) && ++this.#behind === 1 ? null : false
  }

  /** At the end of the file. */
  get isWhole(): boolean {
    return this.#held.length >= this.#octets
  }

  body(): Buffer {
    return this.#held.take().subarray(0, this.#octets)
  }

  /** All lines, to be read as any others. */
  lines(): Buffer {
    return this.#held.take()
  }
}
