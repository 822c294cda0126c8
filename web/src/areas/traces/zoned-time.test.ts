import { describe, expect, it } from 'vitest'
import { dayOf, timeAt } from './zoned-time.ts'

describe('time in a zone', () => {
  it('follows the offset of that day', () => {
    expect(timeAt('2026-07-01', '10:42', 'Europe/Paris')).toBe(Date.UTC(2026, 6, 1, 8, 42))
    expect(timeAt('2026-12-04', '10:42', 'Europe/Paris')).toBe(Date.UTC(2026, 11, 4, 9, 42))
    expect(timeAt('2026-12-04', '10:42', 'America/New_York')).toBe(Date.UTC(2026, 11, 4, 15, 42))
  })

  it('is right on both sides of a change of clocks', () => {
    expect(timeAt('2026-10-25', '00:30', 'Europe/Paris')).toBe(Date.UTC(2026, 9, 24, 22, 30))
    expect(timeAt('2026-10-25', '03:30', 'Europe/Paris')).toBe(Date.UTC(2026, 9, 25, 2, 30))
    expect(timeAt('2026-03-29', '01:30', 'Europe/Paris')).toBe(Date.UTC(2026, 2, 29, 0, 30))
    expect(timeAt('2026-03-29', '03:30', 'Europe/Paris')).toBe(Date.UTC(2026, 2, 29, 1, 30))
  })

  it('knows the day there', () => {
    expect(dayOf(Date.UTC(2026, 11, 4, 23, 30), 'Europe/Paris')).toBe('2026-12-05')
  })
})
