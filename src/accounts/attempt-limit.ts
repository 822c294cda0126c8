/** So many in so long, for each key: a bucket that fills again evenly. Kept in memory. */
import type { Clock } from '../ops/clock.ts'
import { BoundedMap } from './bounded-map.ts'

/** Keys counted at once; the one used least lately is forgotten, which is in its favour. */
const KEYS = 20_000

export class AttemptLimit {
  readonly #clock: Clock
  readonly #max: number
  readonly #perMs: number
  readonly #buckets = new BoundedMap<string, { left: number; at: number }>(KEYS)

  constructor(clock: Clock, max: number, perMs: number) {
    this.#clock = clock
    this.#max = max
    this.#perMs = perMs
  }

  /** Takes one; false where none is left. */
  take(key: string): boolean {
    const now = this.#clock.now()
    const bucket = this.#buckets.get(key) ?? { left: this.#max, at: now }
    const filled = bucket.left + ((now - bucket.at) * this.#max) / this.#perMs
    const left = Math.min(this.#max, filled) - 1
    if (left < 0) return false
    this.#buckets.set(key, { left, at: now })
    return true
  }

  /** One that was taken and shall not count. */
  giveBack(key: string): void {
    const bucket = this.#buckets.get(key)
    if (bucket) bucket.left = Math.min(this.#max, bucket.left + 1)
  }
}
