/**
 * The turns of the event loop, shared by all connections and all long work. When many clients have sent something at once, the
 * loop would hand it to one session after the other before it looks at timers again; beyond a part of that time they wait for
 * the next turn, first come, first served. Long work that lets others go first goes on behind them, by one step a turn at least;
 * and however long that takes, some of those who wait are fed behind it.
 */

/** What one session does in a turn is well below it, by breathers of its own; so a turn takes this and one such step. */
const HOLD_MS = 8
/** Kept for those who wait, behind a step of long work that used up the turn. */
const KEPT_MS = HOLD_MS / 2

export class LoopTurns {
  /** When this turn's time for connections is over; null where it has not begun to work for them. */
  #until: number | null = null
  readonly #waiting: (() => void)[] = []
  readonly #paused: (() => void)[] = []
  /** Of those who paused before this turn. */
  #goOn = 0
  readonly #now: () => number

  /** `now`: milliseconds, of a clock that is never put back. */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  /** To be called before a session is fed: what to await where this turn's time is used up, else undefined. */
  take(): Promise<void> | undefined {
    if (this.#begin()) return undefined
    if (this.#waiting.length === 0 && this.#hasTime()) return undefined
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  /** To be awaited in the middle of long work: the loop turns, and who came meanwhile is fed. */
  pause(): Promise<void> {
    this.#begin()
    return new Promise(resolve => this.#paused.push(resolve))
  }

  #begin(): boolean {
    if (this.#until !== null) return false
    this.#until = this.#now() + HOLD_MS
    setImmediate(this.#turn)
    return true
  }

  #turn = (): void => {
    this.#until = null
    if (this.#waiting.length + this.#paused.length === 0) return
    this.#begin()
    this.#goOn = this.#paused.length
    this.#run(this.#oneThatPaused() ?? this.#waiting.shift(), this.#serveAfterAStep)
  }

  #serveAfterAStep = (): void => {
    if (this.#until !== null) this.#until = Math.max(this.#until, this.#now() + KEPT_MS)
    this.#serve()
  }

  #serve = (): void => {
    if (this.#hasTime()) this.#run(this.#waiting.shift() ?? this.#oneThatPaused())
  }

  #oneThatPaused(): (() => void) | undefined {
    if (this.#goOn === 0) return undefined
    this.#goOn--
    return this.#paused.shift()
  }

  #run(next: (() => void) | undefined, then = this.#serve): void {
    if (!next) return
    next()
    // A tick that a microtask asks for comes when all is done that follows from this one without waiting.
    queueMicrotask(() => process.nextTick(then))
  }

  #hasTime(): boolean {
    return this.#until !== null && this.#now() < this.#until
  }
}

export const loopTurns = new LoopTurns()
