/** The text of one message on its way in: decoded into a buffer, paused where memory is short, given up where it takes too long. */
import type { Clock } from '../../ops/clock.ts'
import { DataDecoder } from '../../wire/smtp/data.ts'
import type { Body } from './command-stream.ts'
import type { DataBudget, DataShare } from './data-budget.ts'
import type { SmtpLimits } from './limits.ts'
import { MessageBuffer } from './message-buffer.ts'

export interface IncomingTextOptions {
  clock: Clock
  limits: SmtpLimits
  budget: DataBudget
  /** All is in. */
  complete(text: IncomingText, resume: () => void): void
  /** It took longer than `dataMs`: the connection has to end. */
  tooSlow(): void
}

export class IncomingText implements Body {
  readonly facts: DataDecoder
  readonly #options: IncomingTextOptions
  readonly #share: DataShare
  readonly #buffer: MessageBuffer
  readonly #deadline: number

  constructor(options: IncomingTextOptions) {
    this.#options = options
    this.#share = options.budget.open()
    this.#buffer = new MessageBuffer(this.#share)
    this.facts = new DataDecoder(options.limits.maxMessageBytes, this.#buffer)
    this.#deadline = options.clock.now() + options.limits.dataMs
  }

  get ended(): boolean {
    return this.facts.ended
  }

  push(octets: Uint8Array): number {
    if (this.#options.clock.now() > this.#deadline) this.#options.tooSlow()
    const used = this.facts.push(octets)
    // What can't be accepted any more need not be held until its end.
    if (!this.facts.sound) this.release()
    return used
  }

  whenFree(resume: () => void): void {
    this.#share.whenFree(resume)
  }

  finish(resume: () => void): void {
    this.#options.complete(this, resume)
  }

  /** The message in one piece; empty where it can't be accepted. Its memory counts until `release`. */
  take(): Buffer {
    return this.#buffer.take()
  }

  release(): void {
    this.#buffer.clear()
    this.#share.release()
  }
}
