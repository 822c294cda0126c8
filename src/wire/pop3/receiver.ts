/**
 * A client's bytes as commands, one at a time, however they were split on the way. Lines end with CRLF, or with LF alone
 * as people at a terminal send them.
 *
 * Never holds more than one line of `LINE_BYTES` and what was pushed behind it.
 */
import { type Command, type Problem, parseCommand } from './command.ts'
import { DISCARDED_BYTES, LINE_BYTES } from './limits.ts'

export type Received =
  | { kind: 'command'; command: Command }
  /** A line outside commands, after `expectLine()`. Without its line end. */
  | { kind: 'line'; line: Uint8Array }
  /** With `fatal` the connection ends. */
  | { kind: 'problem'; text: string; fatal: boolean }
  | { kind: 'need-more' }

const LF = 0x0a
const CR = 0x0d
const NEED_MORE: Received = { kind: 'need-more' }

export class Receiver {
  #pending: Buffer = Buffer.alloc(0)
  /** Octets of a line that is too long, thrown away so far; null outside of one. */
  #discarded: number | null = null
  #lineExpected = false

  push(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
  }

  /** The next line continues AUTH: it is no command. */
  expectLine(): void {
    this.#lineExpected = true
  }

  /** STLS: forget what was received so far (RFC 2595 §4). */
  reset(): void {
    this.#pending = Buffer.alloc(0)
    this.#discarded = null
    this.#lineExpected = false
  }

  next(): Received {
    const end = this.#pending.indexOf(LF)
    if (end < 0) return this.#incomplete()
    const line = this.#pending.subarray(0, end > 0 && this.#pending[end - 1] === CR ? end - 1 : end)
    this.#pending = this.#pending.subarray(end + 1)
    if (this.#discarded !== null || end >= LINE_BYTES) {
      this.#discarded = null
      this.#lineExpected = false
      return { kind: 'problem', text: `The line is longer than ${LINE_BYTES} octets`, fatal: false }
    }
    if (this.#lineExpected) {
      this.#lineExpected = false
      return { kind: 'line', line }
    }
    return asReceived(parseCommand(line))
  }

  #incomplete(): Received {
    if (this.#pending.length === 0) return NEED_MORE
    if (this.#discarded === null && this.#pending.length < LINE_BYTES) {
      // A copy of its own: the rest of a line must not keep the whole chunk it came in.
      this.#pending = Buffer.from(this.#pending)
      return NEED_MORE
    }
    this.#discarded = (this.#discarded ?? 0) + this.#pending.length
    this.#pending = Buffer.alloc(0)
    if (this.#discarded <= DISCARDED_BYTES) return NEED_MORE
    return { kind: 'problem', text: 'The line does not end', fatal: true }
  }
}

function asReceived(parsed: Command | Problem): Received {
  return 'problem' in parsed
    ? { kind: 'problem', text: parsed.problem, fatal: false }
    : { kind: 'command', command: parsed }
}
