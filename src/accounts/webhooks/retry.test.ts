import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WEBHOOK_FIRST_RETRY_MS, WEBHOOK_LONGEST_RETRY_MS, WEBHOOK_RETRIED_MS } from '../billing/limits.ts'
import { nextTry } from './retry.ts'

const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const begun = fc.integer({ min: 0, max: 4_000_000_000_000 })

describe('the wait before the next try', () => {
  it('is around its length, never longer than the longest, and never beyond the end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        begun,
        fc.integer({ min: -WEBHOOK_RETRIED_MS, max: WEBHOOK_RETRIED_MS }),
        fc.integer({ min: 1, max: WEBHOOK_LONGEST_RETRY_MS * 2 }),
        random,
        (attempts, at, left, firstMs, chance) => {
          const next = nextTry({ attempts, at, retryUntil: at + left }, firstMs, () => chance)
          expect(next === null).toBe(left <= 0)
          if (next === null) return
          expect(Number.isInteger(next)).toBe(true)
          expect(next).toBeGreaterThanOrEqual(at)
          expect(next).toBeLessThanOrEqual(at + left)
          expect(next - at).toBeLessThanOrEqual(WEBHOOK_LONGEST_RETRY_MS)
          const whole = firstMs * 2 ** (attempts - 1)
          expect(next - at).toBeLessThanOrEqual(Math.ceil(whole * 1.25))
          if (next < at + left) {
            const least = Math.min(whole * 0.75, (WEBHOOK_LONGEST_RETRY_MS / 1.25) * 0.75)
            expect(next - at).toBeGreaterThanOrEqual(Math.floor(least))
          }
        },
      ),
    )
  })

  it('doubles: 10 s, 20 s, 40 s', () => {
    const waits = [1, 2, 3, 4].map(attempts =>
      nextTry({ attempts, at: 0, retryUntil: WEBHOOK_RETRIED_MS }, WEBHOOK_FIRST_RETRY_MS, () => 0.5),
    )
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000])
  })

  it('leads to a last try at the very end of three days, after some dozens', () => {
    fc.assert(
      fc.property(
        begun,
        fc.array(random, { minLength: 1, maxLength: 50 }),
        fc.integer({ max: 30_000, min: 0 }),
        (start, chances, slow) => {
          const retryUntil = start + WEBHOOK_RETRIED_MS
          let at = start
          let attempts = 0
          for (;;) {
            attempts++
            const next = nextTry(
              { attempts, at, retryUntil },
              WEBHOOK_FIRST_RETRY_MS,
              () => chances[attempts % chances.length] ?? 0,
            )
            if (next === null) break
            // The try itself takes a while, the last one too.
            at = next + (next === retryUntil ? 0 : slow)
          }
          expect(at).toBeGreaterThanOrEqual(retryUntil)
          expect(at).toBeLessThanOrEqual(retryUntil + slow)
          expect(attempts).toBeGreaterThan(20)
          expect(attempts).toBeLessThan(60)
        },
      ),
    )
  })
})
