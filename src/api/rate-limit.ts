/** Requests of one client a minute, counted in a bucket that fills again evenly. */
import { BoundedMap } from '../accounts/bounded-map.ts'
import type { Clock } from '../ops/clock.ts'
import { MINUTE_MS } from '../ops/durations.ts'
import { isLoopback } from '../ops/network-address.ts'
import { COUNTED_CLIENTS, REQUESTS_A_MINUTE } from './limits.ts'
import { ApiProblem } from './problem.ts'

export class RateLimit {
  readonly #clock: Clock
  readonly #limitLoopback: boolean
  readonly #buckets = new BoundedMap<string, { left: number; at: number }>(COUNTED_CLIENTS)

  constructor({ clock, limitLoopback }: { clock: Clock; limitLoopback: boolean }) {
    this.#clock = clock
    this.#limitLoopback = limitLoopback
  }

  /** Throws `too-many-attempts` where the client has none left. */
  take(client: string): void {
    if (!this.#limitLoopback && isLoopback(client)) return
    const now = this.#clock.now()
    const bucket = this.#buckets.get(client) ?? { left: REQUESTS_A_MINUTE, at: now }
    const filled = bucket.left + ((now - bucket.at) * REQUESTS_A_MINUTE) / MINUTE_MS
    const left = Math.min(REQUESTS_A_MINUTE, filled) - 1
    if (left < 0) throw new ApiProblem('too-many-attempts', { retryAfterSeconds: 1 })
    this.#buckets.set(client, { left, at: now })
  }
}
