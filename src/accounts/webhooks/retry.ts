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

/** The wait doubles and is spread over half of it, so that what failed together doesn't come back together; null: given up. */
export function nextTry({ attempts, at, retryUntil }: Failed, firstMs: number, random: () => number): number | null {
  if (at >= retryUntil) return null
  const whole = Math.min(firstMs * 2 ** Math.min(attempts - 1, 40), WEBHOOK_LONGEST_RETRY_MS)
  return Math.min(at + Math.round(whole * (0.75 + random() / 2)), retryUntil)
}
