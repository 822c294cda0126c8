/** So many in so long, for each key: a bucket that fills again evenly. Kept in memory, on all nodes. */
import type { Clock } from '../ops/clock.ts'
import { BoundedMap } from './bounded-map.ts'
import { ATTEMPT_KEYS } from './limits.ts'
import { countedHere, type SharedCounts } from './shared-counts.ts'

export interface AttemptLimitOptions {
  clock: Clock
  /** By which it is known to the other nodes. */
  name: string
  max: number
  perMs: number
  /** By default there are none. */
  shared?: SharedCounts | undefined
}

export class AttemptLimit {
  readonly #clock: Clock
  readonly #max: number
  readonly #perMs: number
  readonly #buckets = new BoundedMap<string, { left: number; at: number }>(ATTEMPT_KEYS)
  readonly #tell: (text: string) => void

  constructor({ clock, name, max, perMs, shared = countedHere }: AttemptLimitOptions) {
    this.#clock = clock
    this.#max = max
    this.#perMs = perMs
    this.#tell = shared.share(name, text => {
      const key = text.slice(1)
      if (text.startsWith('+')) this.#take(key)
      else this.#giveBack(key)
    })
  }

  /** Takes one; false where none is left. */
  take(key: string): boolean {
    const isTaken = this.#take(key)
    if (isTaken) this.#tell(`+${key}`)
    return isTaken
  }

  /** One that was taken and shall not count. */
  giveBack(key: string): void {
    this.#giveBack(key)
    this.#tell(`-${key}`)
  }

  #take(key: string): boolean {
    const now = this.#clock.now()
    const bucket = this.#buckets.get(key) ?? { left: this.#max, at: now }
    const filled = bucket.left + ((now - bucket.at) * this.#max) / this.#perMs
    const left = Math.min(this.#max, filled) - 1
    if (left < 0) return false
    this.#buckets.set(key, { left, at: now })
    return true
  }

  #giveBack(key: string): void {
    const bucket = this.#buckets.get(key)
    if (bucket) bucket.left = Math.min(this.#max, bucket.left + 1)
  }
}
