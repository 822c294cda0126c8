/**
 * What a client sends, cut into commands and message texts. It stands where smtp-server has its own stream, which takes
 * a bare LF for the end of a command, drops the connection at a line that is too long, knows no chunks (RFC 3030), and
 * starts a task for each stuffed dot.
 *
 * - One command at a time: the next is looked at once the one before is answered, so nothing runs out of order.
 * - Bytes are pulled only as fast as they are used: `next` of a write is called when all of it has been. What is written is
 *   this stream's from then on: it gives the memory back.
 * - One packet may hold thousands of commands: others have their turn between them, whether they are answered at once or
 *   through a promise, behind which the event loop has not turned either.
 */
import { isUtf8 } from 'node:buffer'
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import { Breather } from '../../mail/breather.ts'
import { freeMemory } from '../../wire/memory.ts'
import { type Reply, refused } from '../../wire/smtp/reply.ts'

/** A message's text, or a chunk of one. */
export interface Body {
  /** Takes octets, and says how many: fewer than all only where it `ended` among them. */
  push(octets: Uint8Array): number
  readonly ended: boolean
  /** Calls back when more may come. */
  whenFree(resume: () => void): void
  /** All is in; commands go on once `resume` is called. */
  finish(resume: () => void): void
}

const LF = 10
const CR = 13
const lineEnd = Buffer.of(CR, LF)
const nothing: Buffer = Buffer.alloc(0)

export const tooLong = refused(500, '5.5.2', 'Line too long').reply
const bareLineFeed = refused(500, '5.5.2', 'Bare <LF>; commands end with <CR><LF>').reply
/** Ends the session. */
const lineFeedsAlone = refused(421, '4.5.2', 'Commands end with <CR><LF>').reply
const unreadable = refused(500, '5.5.2', 'Control characters in a command').reply
const notUtf8 = refused(500, '5.5.2', 'A command is not UTF-8').reply

function problemOf(line: Buffer): Reply | null {
  for (const octet of line) if (octet < 32 || octet === 127) return unreadable
  // Of a greeting nothing outside ASCII is kept.
  return isUtf8(line) || /^(?:EHLO|HELO) /i.test(line.toString('latin1', 0, 5)) ? null : notUtf8
}

type Skipped = 'long-line' | 'line-with-bare-lf' | 'all'

export class CommandStream extends SMTPStream {
  /** A line that is no command. */
  onwrong: (reply: Reply, resume: () => void) => void = (_, resume) => resume()
  /** All that came has been used: the client waits for us. */
  onidle: () => void = () => {}
  readonly #maxLine: number
  #input = nothing
  #at = 0
  #body: Body | null = null
  /**
   * Within a line that was answered already (RFC 5321 §2.3.8: CR LF alone ends it): it was found too long, or to have a bare LF. With
   * a second one it is a client that ends its lines so, and would wait for answers: all that it sends is passed over.
   */
  #skipping: Skipped | 'no' = 'no'
  #next: (() => void) | null = null
  #running = false
  #again = false
  #breather = new Breather()

  constructor(maxLine: number) {
    super()
    this.#maxLine = maxLine
  }

  /** Whether more is here already behind the command that runs now. */
  get pipelined(): boolean {
    return this.#at < this.#input.length
  }

  /** What follows the command that runs now goes into `body`. */
  receive(body: Body): void {
    this.#body = body
    this._dataMode = true
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding | 'buffer', next: (error?: Error | null) => void): void {
    this.#input = this.#input.length > 0 ? Buffer.concat([this.#input, chunk]) : chunk
    this.#at = 0
    this.#next = next
    this.#breather = new Breather()
    this.#resume()
  }

  readonly #resume = (): void => {
    this.#again = true
    if (this.#running) return
    this.#running = true
    try {
      while (this.#again) {
        const pause = this.#breather.pause()
        if (pause) {
          void pause.then(this.#resumeInTurn)
          return
        }
        this.#again = false
        this.#step()
      }
    } finally {
      this.#running = false
    }
  }

  readonly #resumeInTurn = (): void => {
    this.#breather = new Breather()
    this.#resume()
  }

  #step(): void {
    if (this.isClosed) this.#wantMore(nothing)
    else if (this.#body) this.#stepBody(this.#body)
    else this.#stepLine()
  }

  #stepLine(): void {
    const start = this.#at
    const end = this.#input.indexOf(lineEnd, start)
    if (this.#skipping !== 'no') {
      this.#skipTo(end)
      return
    }
    const lineFeed = this.#input.indexOf(LF, start)
    const isBare = lineFeed >= 0 && (end < 0 || lineFeed < end)
    // Octets up to the LF that ends it, or so far.
    const length = (end < 0 ? this.#input.length : end + 1) - start
    if (isBare && lineFeed - start < this.#maxLine) {
      this.#at = lineFeed + 1
      this.#skip('line-with-bare-lf', bareLineFeed)
    } else if (length > this.#maxLine) this.#skip('long-line', tooLong)
    else if (end < 0) this.#wantMore(this.#input.subarray(start))
    else {
      this.#at = end + lineEnd.length
      const line = this.#input.subarray(start, end)
      const problem = problemOf(line)
      if (problem) this.onwrong(problem, this.#resume)
      else this.oncommand(line, this.#resume)
    }
  }

  /** Answers a line before its end, which may never come. */
  #skip(what: Skipped, reply: Reply): void {
    this.#skipping = what
    this.onwrong(reply, this.#resume)
  }

  /** What is left of a line that was answered already; nothing of it is kept but a CR, which may belong to its end. */
  #skipTo(end: number): void {
    const lineFeed = this.#skipping === 'line-with-bare-lf' ? this.#input.indexOf(LF, this.#at) : -1
    if (this.#skipping === 'all') this.#wantMore(nothing)
    else if (lineFeed >= 0 && (end < 0 || lineFeed < end)) this.#skip('all', lineFeedsAlone)
    else if (end < 0)
      this.#wantMore(this.#at < this.#input.length && this.#input.at(-1) === CR ? this.#input.subarray(-1) : nothing)
    else {
      this.#at = end + lineEnd.length
      this.#skipping = 'no'
      this.#resume()
    }
  }

  #stepBody(body: Body): void {
    if (this.#at === this.#input.length && !body.ended) {
      this.#wantMore(nothing)
      return
    }
    this.#at += body.push(this.#input.subarray(this.#at))
    if (!body.ended) {
      body.whenFree(this.#resume)
      return
    }
    this.#body = null
    this._dataMode = false
    body.finish(this.#resume)
  }

  /** All that is here was used but for `rest`. */
  #wantMore(rest: Buffer): void {
    // A copy, so that the packet it came in can be freed.
    const used = this.#input
    this.#input = rest.length > 0 ? Buffer.from(rest) : nothing
    freeMemory(used)
    this.#at = 0
    this.onidle()
    const next = this.#next
    this.#next = null
    next?.()
  }
}
