/** When a try that failed is made again. Pure. */
import { WEBHOOK_LONGEST_RETRY_MS } from '../billing/limits.ts'

export interface Failed {
  /** Tries so far, this one included. */
  attempts: number
  /** When it ended. */
  at: number
  /** The last try is made then, or a little later. */
  retryUntil: number
}

/** Of the wait. */
const LEAST = 0.75
const MOST = 1.25

/** The wait doubles and is spread over half of it, so that what failed together doesn't come back together; null: given up. */
export function nextTry({ attempts, at, retryUntil }: Failed, firstMs: number, random: () => number): number | null {
  if (at >= retryUntil) return null
  // So that the longest, spread, is no longer than the limit.
  const whole = Math.min(firstMs * 2 ** Math.min(attempts - 1, 40), WEBHOOK_LONGEST_RETRY_MS / MOST)
  return Math.min(at + Math.round(whole * (LEAST + random() * (MOST - LEAST))), retryUntil)
}
