import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { date, dateTime, formatDateTime } from './date-time.ts'
import { Decoder } from './decoder.ts'

const readDate = (text: string): number => date(new Decoder(text, [], false), 'the date')
const readDateTime = (text: string): number => dateTime(new Decoder(text, [], false), 'the time')

describe('a date', () => {
  it.each([
    ['1-Feb-1994', Date.UTC(1994, 1, 1)],
    ['"01-feb-1994"', Date.UTC(1994, 1, 1)],
    ['29-FEB-2024', Date.UTC(2024, 1, 29)],
    ['31-Dec-9999', Date.UTC(9999, 11, 31)],
    ['1-Jan-0050', Date.parse('0050-01-01T00:00:00Z')],
  ])('%s is read', (text, time) => {
    expect(readDate(text)).toBe(time)
  })

  it.each(['29-Feb-2023', '0-Jan-2024', '32-Jan-2024', '1-Foo-2024', '31-Apr-2024'])('%s is no day', text => {
    expect(() => readDate(text)).toThrow('there is no such day as the date')
  })

  it.each(['1 Feb 1994', '1-2-1994', '1-Feb-94', '1-February-1994', ''])('%j is no date', text => {
    expect(() => readDate(text)).toThrow('expected the date as day-month-year, like 1-Feb-2024')
  })
})

describe('a date with time', () => {
  it.each([
    ['"17-Jul-1996 02:44:25 -0700"', Date.UTC(1996, 6, 17, 9, 44, 25)],
    ['" 7-Feb-1994 22:43:04 +0530"', Date.UTC(1994, 1, 7, 17, 13, 4)],
    ['"7-Feb-1994 22:43:04 +0000"', Date.UTC(1994, 1, 7, 22, 43, 4)],
    ['"31-Dec-2016 23:59:60 +0000"', Date.UTC(2017, 0, 1)],
  ])('%s is read', (text, time) => {
    expect(readDateTime(text)).toBe(time)
  })

  it.each([
    '"17-Jul-1996 24:00:00 -0700"',
    '"17-Jul-1996 02:60:00 -0700"',
    '"17-Jul-1996 02:44:61 -0700"',
    '"17-Jul-1996 02:44:25 -2400"',
    '"17-Jul-1996 02:44:25 -0760"',
    '"30-Feb-1996 02:44:25 -0700"',
  ])('%s is no time', text => {
    expect(() => readDateTime(text)).toThrow('there is no such time as the time')
  })

  it.each([
    '17-Jul-1996 02:44:25 -0700',
    '"17-Jul-1996 02:44:25"',
    '"17-Jul-1996 2:44:25 -0700"',
    '"17-Jul-1996 02:44:25 PST"',
  ])('%s is not of the form', text => {
    expect(() => readDateTime(text)).toThrow('expected the time like "17-Jul-1996 02:44:25 -0700"')
  })

  it('is written with its day in two places and in UTC', () => {
    expect(formatDateTime(Date.UTC(1996, 6, 7, 9, 4, 5))).toBe('" 7-Jul-1996 09:04:05 +0000"')
    expect(formatDateTime(Date.UTC(2026, 11, 31, 23, 59, 59) + 999)).toBe('"31-Dec-2026 23:59:59 +0000"')
  })

  it('comes back as it was written, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }), seconds => {
        expect(readDateTime(formatDateTime(seconds * 1000))).toBe(seconds * 1000)
      }),
      { numRuns: 300 },
    )
  })
})
