/**
 * The receiver: bytes in, whole commands out, one at a time (RFC 9051 §2.2.1, §4.3).
 *
 * - A line ends with LF; a CR before it belongs to it. A bare LF is taken, as the widely used servers do, since people
 *   type to this port; a bare CR or a NUL is in no token of the grammar, and the command is BAD.
 * - What a command may hold is counted as it comes and before a synchronising literal is asked for. A command that went
 *   wrong is read on to its end, keeping nothing, and is then answered once; where that would take too long the
 *   connection ends (RFC 7888 §4).
 * - Each call of `next` consumes bytes or reports; after all input it is `need-more`.
 */

import type { Received, Receiver, ReceiverLimits } from './command.ts'
import { commandHead, parseCommand, readTag } from './commands.ts'
import { Decoder, SyntaxProblem } from './decoder.ts'
import { InputQueue } from './input-queue.ts'
import {
  DISCARDED_BYTES,
  DISCARDED_BYTES_BEFORE_SIGN_IN,
  LINE_BYTES_BEFORE_SIGN_IN,
  LITERAL_BYTES_BEFORE_SIGN_IN,
} from './limits.ts'
import { type Announcement, LiteralCollector, MARKER_BYTES, readAnnouncement } from './literal.ts'

export function createReceiver(limits: ReceiverLimits): Receiver {
  return new CommandReceiver(limits)
}

type Problem = Extract<Received, { kind: 'problem' }>

const NEED_MORE: Received = { kind: 'need-more' }
const CONTINUE: Received = { kind: 'continue' }
const appendPattern = /^[^ ]+ (APPEND|(?:UID )?REPLACE) /i
const savePattern =
  /^[^ ]+ (?:(?:UID )?(?:SEARCH|SORT)|ESEARCH(?: IN \(SELECTED\))?) RETURN \((?:[A-Z0-9:-]+ )*SAVE[ )]/i

class CommandReceiver implements Receiver {
  readonly #limits: ReceiverLimits
  readonly #input = new InputQueue()
  #authenticated = false
  #utf8 = false
  #expectsLine = false
  #ended = false

  /** The command so far: its lines with markers and CRLFs, its literals, and the line that is coming in. */
  #text = ''
  #literals: Uint8Array[] = []
  /** Announced, and of those that are whole. */
  #literalBytes = 0
  #collectedBytes = 0
  #line = ''
  #collector: LiteralCollector | null = null

  /** What is wrong with the command that is being read on to its end; then what is skipped of it, and was dropped. */
  #fault: Problem | null = null
  #skip = 0
  #dropped = 0
  #tail = ''

  constructor(limits: ReceiverLimits) {
    this.#limits = limits
  }

  get buffered(): number {
    return this.#input.length
  }

  get isMidCommand(): boolean {
    return this.#text !== '' || this.#line !== '' || this.#fault !== null
  }

  get held(): number {
    return this.#collectedBytes + (this.#collector?.held ?? 0)
  }

  push(bytes: Uint8Array): void {
    if (!this.#ended) this.#input.push(bytes)
  }

  expectLine(): void {
    this.#expectsLine = true
  }

  setAuthenticated(): void {
    this.#authenticated = true
  }

  setUnauthenticated(): void {
    this.#authenticated = false
    this.#utf8 = false
  }

  setUtf8(): void {
    this.#utf8 = true
  }

  reset(): void {
    this.#input.clear()
    this.#expectsLine = false
    this.#startCommand()
  }

  next(): Received {
    while (!this.#ended) {
      if (this.#skip > 0) {
        this.#skip -= this.#input.skip(this.#skip)
        if (this.#skip > 0) return NEED_MORE
      }
      if (this.#collector !== null) {
        const literal = this.#collector.take(this.#input)
        if (literal === null) return NEED_MORE
        this.#literals.push(literal)
        this.#collectedBytes += literal.length
        this.#collector = null
      }
      const part = this.#input.takeLinePart()
      if (part === null) return NEED_MORE
      const received = part.endsWith('\n') ? this.#endLine(part) : this.#addToLine(part)
      if (received !== null) return received
    }
    return NEED_MORE
  }

  /** Keeps the part where the command still has room for it, else only as much as shows a literal at the line's end. */
  #addToLine(part: string): Received | null {
    const room = this.#lineLimit() - this.#text.length - this.#line.length
    if (this.#fault === null && part.length <= room) {
      this.#line += part
      return null
    }
    this.#tail = ((this.#tail === '' ? this.#line : this.#tail) + part).slice(-MARKER_BYTES - 2)
    if (this.#fault === null) {
      const head = this.#text + this.#line + part.slice(0, Math.max(0, room))
      // Without a space the tag itself may be cut off.
      const tag = head.includes(' ') ? readTag(head) : null
      this.#fault = problem(tag, 'BAD', null, `the command line is longer than ${this.#lineLimit()} octets`)
      this.#line = ''
    }
    return this.#drop(this.#fault, part.length)
  }

  #endLine(part: string): Received | null {
    const failed = this.#addToLine(part)
    if (failed !== null) return failed
    const whole = this.#tail === '' ? this.#line : this.#tail
    const line = whole.slice(0, whole.endsWith('\r\n') ? -2 : -1)
    this.#tail = ''
    if (this.#expectsLine && this.#text === '') return this.#endExpectedLine(line)
    const announced = readAnnouncement(line)
    if (announced !== null) return this.#startLiteral(line, announced)
    return this.#fault === null ? this.#endCommand(this.#text + line) : this.#finish(this.#fault)
  }

  #endExpectedLine(line: string): Received {
    this.#expectsLine = false
    const fault = this.#fault
    this.#startCommand()
    return fault === null ? { kind: 'line', line: Buffer.from(line, 'latin1') } : { ...fault, tag: null }
  }

  #startLiteral(line: string, { size, synchronising }: Announcement): Received | null {
    if (this.#fault === null) {
      this.#text += `${line}\r\n`
      this.#line = ''
      this.#literalBytes += size
      // A command that can't succeed is answered before the client sends its literal.
      this.#fault = (synchronising ? this.#headFault() : null) ?? this.#literalFault()
    }
    if (this.#fault === null) {
      this.#collector = new LiteralCollector(size)
      return synchronising ? CONTINUE : null
    }
    // The client waits for "+": an answer instead ends the command here (RFC 9051 §4.3).
    if (synchronising) return this.#finish(this.#fault)
    this.#line = ''
    this.#skip = size
    return this.#drop(this.#fault, size)
  }

  #endCommand(text: string): Received {
    try {
      const command = parseCommand(text, this.#literals, this.#utf8)
      this.#startCommand()
      return { kind: 'command', command }
    } catch (error) {
      return this.#finish(this.#problemOf(error, text), text)
    }
  }

  #literalFault(): Problem | null {
    const append = appendPattern.exec(this.#text)?.[1]?.toUpperCase()
    // Nobody may append before sign-in, so nothing is kept for it.
    const most = !this.#authenticated
      ? Math.min(this.#limits.literalBytes, LITERAL_BYTES_BEFORE_SIGN_IN)
      : append !== undefined
        ? this.#limits.appendBytes
        : this.#limits.literalBytes
    if (this.#literalBytes <= most) return null
    const tag = readTag(this.#text)
    if (this.#literalBytes === Infinity)
      return problem(tag, 'BAD', null, 'the size of the literal is not a number of 63 bits')
    const text = `the literals of ${append === undefined ? 'a command' : `one ${append}`} may hold ${most} octets together`
    // TOOBIG as RFC 7889 §4 has it for APPEND, and so for REPLACE (RFC 8508 §3.4).
    return problem(tag, 'NO', append === undefined ? 'LIMIT' : 'TOOBIG', text)
  }

  #headFault(): Problem | null {
    try {
      commandHead(new Decoder(this.#text, [], this.#utf8))
      return null
    } catch (error) {
      return this.#problemOf(error, this.#text)
    }
  }

  /** Counts what was not kept of a command at fault. */
  #drop(fault: Problem, bytes: number): Problem | null {
    this.#dropped += bytes
    if (this.#dropped <= (this.#authenticated ? DISCARDED_BYTES : DISCARDED_BYTES_BEFORE_SIGN_IN)) return null
    this.#ended = true
    this.#input.clear()
    this.#startCommand()
    return { ...fault, fatal: true }
  }

  #finish(problem: Problem, text = this.#text): Problem {
    this.#startCommand()
    return problem.type === 'NO' && savePattern.test(text) ? { ...problem, emptiesResult: true } : problem
  }

  #startCommand(): void {
    this.#text = ''
    this.#literals = []
    this.#literalBytes = 0
    this.#collectedBytes = 0
    this.#line = ''
    this.#collector = null
    this.#fault = null
    this.#skip = 0
    this.#dropped = 0
    this.#tail = ''
  }

  #problemOf(error: unknown, text: string): Problem {
    if (!(error instanceof SyntaxProblem)) throw error
    return {
      kind: 'problem',
      tag: readTag(text),
      type: error.type,
      code: error.code,
      text: error.message,
      fatal: false,
    }
  }

  #lineLimit(): number {
    return this.#authenticated ? this.#limits.lineBytes : Math.min(this.#limits.lineBytes, LINE_BYTES_BEFORE_SIGN_IN)
  }
}

function problem(tag: string | null, type: 'BAD' | 'NO', code: string | null, text: string): Problem {
  return { kind: 'problem', tag, type, code, text, fatal: false }
}
