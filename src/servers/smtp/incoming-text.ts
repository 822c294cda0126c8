/** The text of one message on its way in: decoded into a buffer, paused where memory is short, given up where it takes too long. */
import { type Clock, steadyTime } from '../../ops/clock.ts'
import type { DataFacts, Sink, TextDecoder } from '../../wire/smtp/data.ts'
import { type Holder, MessageBudget, type MessageShare } from '../message-budget.ts'
import type { Body } from './command-stream.ts'
import type { SmtpLimits } from './limits.ts'
import { MessageBuffer } from './message-buffer.ts'

export interface TextResources {
  clock: Clock
  limits: SmtpLimits
  budget: MessageBudget
}

/** For the texts of all sessions of port 25, or of submission. */
export function createTextBudget(limits: SmtpLimits): MessageBudget {
  return new MessageBudget({ all: limits.maxBytesInFlight, ofOne: limits.maxBytesInFlightOfOne })
}

export class IncomingText {
  readonly #clock: Clock
  readonly #share: MessageShare
  readonly #buffer: MessageBuffer
  readonly #decoder: TextDecoder
  readonly #deadline: number
  readonly #tooSlow: () => void

  /** `tooSlow`: it took longer than `dataMs`, and the session has to end. */
  constructor(
    { clock, limits, budget }: TextResources,
    holder: Holder,
    decoder: new (maxBytes: number, sink: Sink) => TextDecoder,
    tooSlow: () => void,
  ) {
    this.#clock = clock
    this.#share = budget.open(holder)
    this.#buffer = new MessageBuffer(this.#share, budget.blocks)
    this.#decoder = new decoder(limits.maxMessageBytes, this.#buffer)
    this.#deadline = steadyTime(clock) + limits.dataMs
    this.#tooSlow = tooSlow
  }

  get facts(): DataFacts {
    return this.#decoder
  }

  get ended(): boolean {
    return this.#decoder.ended
  }

  /** Whether it can still be accepted, as far as its octets go. */
  get sound(): boolean {
    return this.#decoder.sound
  }

  push(octets: Uint8Array): number {
    if (steadyTime(this.#clock) > this.#deadline) this.#tooSlow()
    const used = this.#decoder.push(octets)
    // What can't be accepted any more need not be held until its end.
    if (!this.#decoder.sound) this.release()
    return used
  }

  whenFree(resume: () => void): void {
    void this.#share.whenFree(resume)
  }

  /** The whole message in one piece; empty where it can't be accepted. Its memory is this text's until `release`. */
  whole(): Buffer {
    this.#decoder.finish()
    return this.#buffer.whole()
  }

  /** `isUnused`: nobody looks at the message any more, so that its memory may be another's. */
  release(isUnused = false): void {
    this.#buffer.clear(isUnused)
    this.#share.release()
  }
}

/** What follows DATA, up to its end. */
export class DataBody implements Body {
  readonly #text: IncomingText
  readonly #complete: (resume: () => void) => void

  constructor(text: IncomingText, complete: (resume: () => void) => void) {
    this.#text = text
    this.#complete = complete
  }

  get ended(): boolean {
    return this.#text.ended
  }

  push(octets: Uint8Array): number {
    return this.#text.push(octets)
  }

  whenFree(resume: () => void): void {
    this.#text.whenFree(resume)
  }

  finish(resume: () => void): void {
    this.#complete(resume)
  }
}

/** The octets of a chunk whose command was refused: they lead nowhere, and may take no longer than a text. */
export class RefusedText {
  readonly #clock: Clock
  readonly #deadline: number
  readonly #tooSlow: () => void

  constructor({ clock, limits }: Pick<TextResources, 'clock' | 'limits'>, tooSlow: () => void) {
    this.#clock = clock
    this.#deadline = steadyTime(clock) + limits.dataMs
    this.#tooSlow = tooSlow
  }

  push(): void {
    if (steadyTime(this.#clock) > this.#deadline) this.#tooSlow()
  }

  whenFree(resume: () => void): void {
    resume()
  }
}

/** What follows BDAT: `size` octets (RFC 3030 §2). */
export class ChunkBody implements Body {
  #missing: number
  readonly #text: IncomingText | RefusedText
  readonly #complete: (resume: () => void) => void

  constructor(size: number, text: IncomingText | RefusedText, complete: (resume: () => void) => void) {
    this.#missing = size
    this.#text = text
    this.#complete = complete
  }

  get ended(): boolean {
    return this.#missing === 0
  }

  push(octets: Uint8Array): number {
    const count = Math.min(this.#missing, octets.length)
    if (count > 0) this.#text.push(octets.subarray(0, count))
    this.#missing -= count
    return count
  }

  whenFree(resume: () => void): void {
    this.#text.whenFree(resume)
  }

  finish(resume: () => void): void {
    this.#complete(resume)
  }
}
