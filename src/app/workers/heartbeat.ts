/**
 * Whether a worker still does anything: it is asked every few seconds, and answers as soon as it comes to it. Questions that went
 * unanswered are counted, and no time: where this process stood still itself, it asked nothing meanwhile.
 */
import { BEATS_DEAD, BEATS_DOUBTED, BEATS_STARTING } from './limits.ts'

export class Heartbeat {
  #unanswered = 0
  #hasAnswered = false

  /** Before it is asked once more. */
  asked(): void {
    this.#unanswered++
  }

  answered(): void {
    this.#unanswered = 0
    this.#hasAnswered = true
  }

  /** Nothing is to be expected of it for now. */
  get isDoubted(): boolean {
    return this.#hasAnswered && this.#unanswered >= BEATS_DOUBTED
  }

  /** It will not answer any more. */
  get isDead(): boolean {
    return this.#unanswered > (this.#hasAnswered ? BEATS_DEAD : BEATS_STARTING)
  }
}
