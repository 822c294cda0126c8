import { describe, expect, it } from 'vitest'
import { dayAt, isDay, type Schedule, statusAt } from './schedule.ts'

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds
const schedule = (over: Partial<Schedule> = {}): Schedule => ({
  enabled: true,
  fromDay: '2026-12-01',
  untilDay: '2026-12-04',
  timeZone: 'Europe/Paris',
  ...over,
})

describe('an auto-reply', () => {
  it.each([
    ['2026-11-30T22:59:59.999Z', 'scheduled'],
    ['2026-11-30T23:00:00Z', 'active'],
    ['2026-12-04T22:59:59.999Z', 'active'],
    ['2026-12-04T23:00:00Z', 'ended'],
  ])('from 1 to 4 December in Paris is at %s %s: both days are whole', (now, state) => {
    expect(statusAt(schedule(), at(now))).toEqual({
      state,
      startsAt: at('2026-11-30T23:00:00Z'),
      endsAt: at('2026-12-04T23:00:00Z'),
    })
  })

  it('is of the days of its own time zone', () => {
    expect(statusAt(schedule({ timeZone: 'Pacific/Auckland' }), 0).startsAt).toBe(at('2026-11-30T11:00:00Z'))
    expect(statusAt(schedule({ timeZone: 'America/Los_Angeles' }), 0).endsAt).toBe(at('2026-12-05T08:00:00Z'))
  })

  it.each([
    // Clocks are put forward on the 29th, and back on the 25th: days of 23 and of 25 hours.
    ['2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ])('lasts the whole of %s, however long', (day, startsAt, endsAt) => {
    const status = statusAt(schedule({ fromDay: day, untilDay: day }), 0)
    expect(status).toMatchObject({ startsAt: at(startsAt), endsAt: at(endsAt) })
  })

  it('begins at the first moment of a day without a midnight', () => {
    // Clocks in Beirut went from 0:00 to 1:00.
    const status = statusAt(schedule({ fromDay: '2025-03-30', untilDay: null, timeZone: 'Asia/Beirut' }), 0)
    expect(status.startsAt).toBe(at('2025-03-29T22:00:00Z'))
    expect(dayAt(status.startsAt!, 'Asia/Beirut')).toBe('2025-03-30')
    expect(dayAt(status.startsAt! - 1, 'Asia/Beirut')).toBe('2025-03-29')
  })

  it('ends with the last day of a month, a year, a February', () => {
    expect(statusAt(schedule({ untilDay: '2026-12-31' }), 0).endsAt).toBe(at('2026-12-31T23:00:00Z'))
    expect(statusAt(schedule({ untilDay: '2028-02-29' }), 0).endsAt).toBe(at('2028-02-29T23:00:00Z'))
  })

  it('without days is active for as long as it is on', () => {
    const open = schedule({ fromDay: null, untilDay: null })
    expect(statusAt(open, at('2026-12-02T00:00:00Z'))).toEqual({ state: 'active', startsAt: null, endsAt: null })
    expect(statusAt({ ...open, enabled: false }, 0).state).toBe('off')
  })

  it('that is off is off whatever its days', () => {
    expect(statusAt(schedule({ enabled: false }), at('2026-12-02T00:00:00Z')).state).toBe('off')
  })
})

it.each([
  ['2026-12-04', true],
  ['2028-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-12-00', false],
  ['26-12-04', false],
  ['2026-12-04T00:00', false],
  ['+002026-12-04', false],
  ['', false],
])('%j is a day: %j', (text, expected) => {
  expect(isDay(text)).toBe(expected)
})
