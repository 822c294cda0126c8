/** Lets the event loop turn in the middle of long work, by the time it took rather than by counting. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Half of what any work may hold the loop for, so that the step at hand still fits. */
const HOLD_MS = 8

export class Breather {
  #since = performance.now()

  /** To be called between steps; returns what to await when it is time, else undefined. */
  pause(): Promise<void> | undefined {
    return performance.now() - this.#since < HOLD_MS ? undefined : this.#turn()
  }

  async #turn(): Promise<void> {
    await nextTurn()
    this.#since = performance.now()
  }
}
