/** How soon a worker that ended is started again. */
import { LIVED_MS, RESTART_FIRST_MS, RESTART_LONGEST_MS } from './limits.ts'

export class Restarts {
  #early = 0

  /** After it lived for so long. */
  delayAfter(livedMs: number): number {
    if (livedMs >= LIVED_MS) {
      this.#early = 0
      return 0
    }
    const delay = this.#early === 0 ? 0 : RESTART_FIRST_MS * 2 ** Math.min(this.#early - 1, 10)
    this.#early++
    return Math.min(delay, RESTART_LONGEST_MS)
  }
}
