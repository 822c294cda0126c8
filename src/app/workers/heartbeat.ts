/**
 * Whether a worker still does anything: it is asked every few seconds, and answers as soon as it comes to it. Questions that went
 * unanswered are counted, and no time: where this process stood still itself, it asked nothing meanwhile.
 */
import { BEATS_DEAD, BEATS_DOUBTED } from './limits.ts'

export class Heartbeat {
  /** null: it has not answered yet, since its start is one long piece of work. */
  #unanswered: number | null = null

  /** Before it is asked once more. */
  asked(): void {
    if (this.#unanswered !== null) this.#unanswered++
  }

  answered(): void {
    this.#unanswered = 0
  }

  /** Nothing is to be expected of it for now. */
  get isDoubted(): boolean {
    return (this.#unanswered ?? 0) >= BEATS_DOUBTED
  }

  /** It will not answer any more. */
  get isDead(): boolean {
    return (this.#unanswered ?? 0) > BEATS_DEAD
  }
}
