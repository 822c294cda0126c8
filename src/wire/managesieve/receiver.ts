/**
 * A client's bytes as the strings of one command or one answer at a time, however they were split on the way (RFC 5804 §4).
 * Holds one line of `LINE_BYTES` at most, and the literals announced in it, together within the limit of the moment.
 */
import { ARGUMENTS, DISCARDED_BYTES, LINE_BYTES } from './limits.ts'

export type Token =
  /** A quoted string or a literal. */
  { kind: 'string'; bytes: Buffer } | { kind: 'atom'; text: string }

export type Received =
  | { kind: 'tokens'; tokens: Token[] }
  /** With `fatal` the connection ends. */
  | { kind: 'problem'; text: string; tooLarge: boolean; fatal: boolean }
  | { kind: 'need-more' }

const NEED_MORE: Received = { kind: 'need-more' }
const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20

export class Receiver {
  #pending: Buffer = Buffer.alloc(0)
  /** Has room behind what is pending, where that lies in it. */
  #memory: Buffer = Buffer.alloc(0)
  #tokens: Token[] = []
  /** Of the literals among them. */
  #literalBytes = 0
  /** Octets of a literal that are still to come. */
  #literal: number | null = null
  /** The same of one that is thrown away. */
  #discarding = 0
  /** What is wrong with the command that is being read to its end. */
  #problem: { text: string; tooLarge: boolean } | null = null
  #maxLiteral: number

  constructor(maxLiteral: number) {
    this.#maxLiteral = maxLiteral
  }

  /** From the next literal on. */
  limitLiterals(bytes: number): void {
    this.#maxLiteral = bytes
  }

  push(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const pending = this.#pending
    if (pending.length === 0) {
      this.#pending = chunk
      return
    }
    // A literal of megabytes may come octet by octet: it is not copied for each.
    const length = pending.length + chunk.length
    let start = pending.byteOffset
    if (pending.buffer !== this.#memory.buffer || start + length > this.#memory.length) {
      const announced = (this.#literal ?? 2 * length) + LINE_BYTES
      this.#memory = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * length, announced)))
      pending.copy(this.#memory)
      start = 0
    }
    chunk.copy(this.#memory, start + pending.length)
    this.#pending = this.#memory.subarray(start, start + length)
  }

  /** Whether a command has come in part, and nothing behind it. */
  get isMidCommand(): boolean {
    if (this.#literal !== null || this.#discarding > 0 || this.#tokens.length > 0 || this.#problem) return true
    return this.#pending.length > 0 && !this.#pending.includes(LF)
  }

  /** Octets of memory that a command with literals takes which is not whole yet. */
  get held(): number {
    const came = this.#literalBytes
    if (this.#literal === null) return came
    return came + Math.max(this.#pending.length, this.#memory.length)
  }

  /** STARTTLS: what came before the handshake is not the client's word any more. */
  reset(): void {
    this.#pending = Buffer.alloc(0)
    this.#memory = Buffer.alloc(0)
    this.#tokens = []
    this.#literalBytes = 0
    this.#literal = null
    this.#discarding = 0
    this.#problem = null
  }

  next(): Received {
    for (;;) {
      if (this.#discarding > 0) {
        const gone = Math.min(this.#discarding, this.#pending.length)
        this.#pending = this.#pending.subarray(gone)
        this.#discarding -= gone
        if (this.#discarding > 0) return NEED_MORE
      }
      if (this.#literal !== null) {
        if (this.#pending.length < this.#literal) return NEED_MORE
        this.#tokens.push({ kind: 'string', bytes: Buffer.from(this.#pending.subarray(0, this.#literal)) })
        this.#pending = this.#pending.subarray(this.#literal)
        this.#literalBytes += this.#literal
        this.#literal = null
        if (this.#pending.length === 0) this.#memory = Buffer.alloc(0)
      }
      const end = this.#pending.indexOf(LF)
      if (end < 0) {
        if (this.#pending.length <= LINE_BYTES) return NEED_MORE
        return { kind: 'problem', text: `The line is longer than ${LINE_BYTES} octets`, tooLarge: false, fatal: true }
      }
      const line = this.#pending.subarray(0, end > 0 && this.#pending[end - 1] === CR ? end - 1 : end)
      this.#pending = this.#pending.subarray(end + 1)
      const announced = this.#readLine(line)
      if (announced === null) return this.#done()
      if (announced > DISCARDED_BYTES)
        return { kind: 'problem', text: 'The literal is much too long', tooLarge: true, fatal: true }
      // Where one is as long as it may be there is room for a name beside it.
      const together = this.#literalBytes + announced
      if (announced > this.#maxLiteral || together > this.#maxLiteral + LINE_BYTES || this.#problem) {
        this.#problem ??= { text: `A string may have ${this.#maxLiteral} octets here`, tooLarge: true }
        this.#discarding = announced
      } else this.#literal = announced
    }
  }

  #done(): Received {
    if (this.#pending.length === 0) this.#memory = Buffer.alloc(0)
    const [tokens, problem] = [this.#tokens, this.#problem]
    this.#tokens = []
    this.#literalBytes = 0
    this.#problem = null
    return problem ? { kind: 'problem', ...problem, fatal: false } : { kind: 'tokens', tokens }
  }

  /** The octets of the literal that the line ends with; null where it is the command's last. */
  #readLine(line: Buffer): number | null {
    let at = 0
    while (at < line.length) {
      const byte = line[at]!
      if (byte === SPACE) at++
      else if (byte === QUOTE) at = this.#readQuoted(line, at)
      else {
        const end = line.indexOf(SPACE, at)
        const text = line.toString('latin1', at, end < 0 ? line.length : end)
        at += text.length
        // Both forms of RFC 5804 §4: nobody waits to be asked for the rest.
        const literal = at === line.length ? /^\{(\d{1,10})\+?\}$/.exec(text) : null
        if (literal) return Number(literal[1])
        this.#add({ kind: 'atom', text })
      }
    }
    return null
  }

  #readQuoted(line: Buffer, start: number): number {
    const bytes: number[] = []
    for (let at = start + 1; at < line.length; at++) {
      if (line[at] === QUOTE) {
        this.#add({ kind: 'string', bytes: Buffer.from(bytes) })
        return at + 1
      }
      if (line[at] === BACKSLASH) at++
      if (at < line.length) bytes.push(line[at]!)
    }
    this.#problem ??= { text: 'A quoted string does not end', tooLarge: false }
    return line.length
  }

  #add(token: Token): void {
    if (this.#tokens.length < ARGUMENTS + 1) this.#tokens.push(token)
    else this.#problem ??= { text: 'Too many arguments', tooLarge: false }
  }
}
