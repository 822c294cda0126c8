/**
 * Lets the event loop turn in the middle of long work, by the time it took rather than by counting. Steps that may follow each
 * other within one turn share one.
 */
import { loopTurns } from './loop-turns.ts'

/** What follows a pause may run before the loop looks at sockets and timers again: so twice this and the step at hand are one turn. */
const HOLD_MS = 4

export class Breather {
  readonly #signal: AbortSignal | undefined
  #since = performance.now()

  /** `signal`: nobody waits for the work any more; a pause then rejects with its reason. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal
  }

  /** To be called between steps; returns what to await when it is time, else undefined. */
  pause(): Promise<void> | undefined {
    return performance.now() - this.#since < HOLD_MS ? undefined : this.#turn()
  }

  /** Throws where nobody waits any more: between two waits that are turns of their own. */
  check(): void {
    this.#signal?.throwIfAborted()
  }

  /** One step for each item, with pauses between. */
  async each<Item>(items: Iterable<Item>, step: (item: Item) => void): Promise<void> {
    for (const item of items) {
      step(item)
      const pause = this.pause()
      if (pause) await pause
    }
  }

  async #turn(): Promise<void> {
    await loopTurns.pause()
    this.#signal?.throwIfAborted()
    this.#since = performance.now()
  }
}
