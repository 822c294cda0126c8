/**
 * Slows down who guesses passwords, and nobody else.
 *
 * - Failures are counted per address and forgiven one a minute. The first are free, then each attempt waits, longer each
 *   time, and at last the address is refused unheard.
 * - An account is not locked, or anyone could lock its owner out. Under attack from many addresses, strangers wait for
 *   each try; an address it signed in from before counts on its own, also when a whole office shares it.
 * - Where there were failures, an attempt counts as one while it runs, so that many at once gain nothing. Where there
 *   were none it does not: programs open several connections at once.
 */
import type { Clock } from '../ops/clock.ts'
import { addressGroup, isLoopback } from '../ops/network-address.ts'
import { BoundedMap } from './bounded-map.ts'
import * as limits from './limits.ts'
import { countedHere, type SharedCounts } from './shared-counts.ts'

export interface ThrottleOptions {
  clock: Clock
  /** Whether loopback is held to the limits too. */
  limitLoopback: boolean
  /** By default there are no other nodes. */
  shared?: SharedCounts
}

export type Admission =
  | { admitted: false }
  | {
      admitted: true
      /** To be waited before the password is looked at. */
      delayMs: number
      /** Called once. `no-verdict`: the password was not judged, or is a wrong one that came before. */
      settle(outcome: 'right' | 'wrong' | 'no-verdict'): void
    }

const UNLIMITED: Admission = { admitted: true, delayMs: 0, settle() {} }

export class Throttle {
  readonly #limitLoopback: boolean
  readonly #addresses: FailureCounts
  readonly #accounts: FailureCounts
  /** Account and address that belong together, with failures of their own. */
  readonly #homeFailures: FailureCounts
  readonly #homes = new BoundedMap<string, true>(limits.KNOWN_HOMES)
  readonly #tellHome: (pair: string) => void

  constructor({ clock, limitLoopback, shared = countedHere }: ThrottleOptions) {
    this.#limitLoopback = limitLoopback
    this.#addresses = new FailureCounts(clock, 'address', shared)
    this.#accounts = new FailureCounts(clock, 'account', shared)
    this.#homeFailures = new FailureCounts(clock, 'home', shared)
    this.#tellHome = shared.share('homes', pair => this.#homes.set(pair, true))
  }

  /** `user`: normalised, whether there is such an account or not. */
  begin(user: string, remoteAddress: string): Admission {
    if (!this.#limitLoopback && isLoopback(remoteAddress)) return UNLIMITED
    const address = addressGroup(remoteAddress)
    const pair = `${user}\0${address}`
    const atHome = this.#homes.get(pair) !== undefined
    const [counts, key] = atHome ? [this.#homeFailures, pair] : [this.#addresses, address]
    const failures = counts.levelWithRunning(key)
    if (failures >= limits.REFUSED_AFTER_FAILURES) return { admitted: false }
    const attacked = atHome ? -1 : this.#accounts.level(user) - limits.ACCOUNT_FREE_FAILURES
    counts.start(key)
    return {
      admitted: true,
      delayMs: Math.max(delayFor(failures - limits.FREE_FAILURES), delayFor(attacked)),
      settle: outcome => {
        counts.finish(key)
        if (outcome === 'wrong') {
          counts.add(key)
          if (!atHome) this.#accounts.add(user)
        } else if (outcome === 'right') {
          if (!atHome) this.#tellHome(pair)
          this.#homes.set(pair, true)
          this.#homeFailures.clear(pair)
        }
      },
    }
  }
}

function delayFor(failuresBeyond: number): number {
  if (failuresBeyond < 0) return 0
  return Math.min(limits.FIRST_DELAY_MS * 2 ** Math.min(failuresBeyond, 10), limits.LONGEST_DELAY_MS)
}

/** Counts that go down by one a minute. */
class FailureCounts {
  readonly #clock: Clock
  readonly #counts = new BoundedMap<string, { level: number; at: number }>(limits.COUNTED_FAILURES)
  /** Attempts under way; as many as there are connections at the most. */
  readonly #running = new Map<string, number>()

  readonly #tell: (text: string) => void

  constructor(clock: Clock, name: string, shared: SharedCounts) {
    this.#clock = clock
    this.#tell = shared.share(`failures ${name}`, text => {
      if (text.startsWith('+')) this.#add(text.slice(1))
      else this.#counts.delete(text.slice(1))
    })
  }

  level(key: string): number {
    const count = this.#counts.get(key)
    if (!count) return 0
    return Math.max(0, count.level - Math.floor((this.#clock.now() - count.at) / limits.FORGIVEN_EVERY_MS))
  }

  levelWithRunning(key: string): number {
    const level = this.level(key)
    return level < limits.FREE_FAILURES ? level : level + (this.#running.get(key) ?? 0)
  }

  start(key: string): void {
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1)
  }

  finish(key: string): void {
    const left = (this.#running.get(key) ?? 1) - 1
    if (left > 0) this.#running.set(key, left)
    else this.#running.delete(key)
  }

  add(key: string): void {
    this.#add(key)
    this.#tell(`+${key}`)
  }

  clear(key: string): void {
    if (this.#counts.get(key) === undefined) return
    this.#counts.delete(key)
    this.#tell(`-${key}`)
  }

  #add(key: string): void {
    const now = this.#clock.now()
    const count = this.#counts.get(key)
    // What is left of a minute that has begun stays on the clock.
    const elapsed = count ? (now - count.at) % limits.FORGIVEN_EVERY_MS : 0
    this.#counts.set(key, { level: this.level(key) + 1, at: now - elapsed })
  }
}
