import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextAttempt } from './backoff.ts'
import { defaultQueueSettings as settings } from './settings.ts'

const minute = 60_000
const hour = 60 * minute
const middle = (): number => 0.5

describe('the next attempt', () => {
  it('comes after 5 minutes, then twice as late each time, up to 4 hours', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 200].map(attempts => {
      const next = nextAttempt({ createdAt: 0, attempts, now: 9 * hour, noticeDue: false }, settings, middle)
      return ((next ?? 0) - 9 * hour) / minute
    })
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 240, 240, 240])
  })

  it('falls on the time of the delay notice when it would pass it', () => {
    const waiting = { createdAt: 0, attempts: 7, now: 3 * hour, noticeDue: true }
    expect(nextAttempt(waiting, settings, middle)).toBe(4 * hour)
    expect(nextAttempt({ ...waiting, noticeDue: false }, settings, middle)).toBe(7 * hour)
  })

  it('falls on the end of the lifetime, and there is none behind it', () => {
    const end = settings.lifetime
    expect(nextAttempt({ createdAt: 0, attempts: 40, now: end - 1, noticeDue: false }, settings, middle)).toBe(end)
    expect(nextAttempt({ createdAt: 0, attempts: 41, now: end, noticeDue: false }, settings, middle)).toBeNull()
  })

  it('always lies ahead, within a tenth of the wait, and within the lifetime', () => {
    fc.assert(
      fc.property(
        fc.nat(settings.lifetime - 1),
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.boolean(),
        (now, attempts, dice, noticeDue) => {
          const next = nextAttempt({ createdAt: 0, attempts, now, noticeDue }, settings, () => dice)
          expect(next).toBeGreaterThan(now)
          expect(next).toBeLessThanOrEqual(Math.min(settings.lifetime, now + 1.1 * settings.retryLongest))
        },
      ),
      { numRuns: 200 },
    )
  })
})
