/**
 * The turns of the event loop, shared by all connections. When many clients have sent something at once, the loop would hand
 * it to one session after the other before it looks at timers again; beyond a part of that time they wait for the next turn,
 * first come, first served.
 */

/** What one session does in a turn is well below it, by breathers of its own; so a turn takes this and one such step. */
const HOLD_MS = 8

export class LoopTurns {
  /** When this turn began to work for connections; null where it has not. */
  #begun: number | null = null
  readonly #waiting: (() => void)[] = []
  readonly #now: () => number

  /** `now`: milliseconds, of a clock that is never put back. */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** To be called before a session is fed: what to await where this turn's time is used up, else undefined. */
  take(): Promise<void> | undefined {
    if (this.#begun === null) {
      this.#begun = this.#now()
      setImmediate(this.#turn)
      return undefined
    }
    if (this.#waiting.length === 0 && this.#now() - this.#begun < HOLD_MS) return undefined
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #turn = (): void => {
    if (this.#waiting.length === 0) {
      this.#begun = null
      return
    }
    this.#begun = this.#now()
    setImmediate(this.#turn)
    this.#serve()
  }

  #serve = (): void => {
    if (this.#begun === null || this.#now() - this.#begun >= HOLD_MS) return
    const next = this.#waiting.shift()
    if (!next) return
    next()
    // A tick that a microtask asks for comes when all is done that follows from this one without waiting.
    queueMicrotask(() => process.nextTick(this.#serve))
  }
}

export const loopTurns = new LoopTurns()
