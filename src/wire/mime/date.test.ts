import { describe, expect, it } from 'vitest'
import { parseDate } from './date.ts'

const iso = (text: string): string | null => {
  const date = parseDate(text)
  return date === null ? null : new Date(date.time).toISOString().slice(0, 19)
}

describe('parseDate', () => {
  it.each([
    ['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06'],
    ['Tue, 1 Jul 2003 10:52:37 +0200', '2003-07-01T08:52:37'],
    ['Thu,      13        Feb          1969      23:32               -0330 (Newfoundland Time)', '1969-02-14T03:02:00'],
    ['21 Nov 97 09:55:06 GMT', '1997-11-21T09:55:06'],
    ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06'],
    ['31 Dec 2000 16:01:33 -0800', '2001-01-01T00:01:33'],
  ])('reads the example %s of the RFCs', (text, expected) => {
    expect(iso(text)).toBe(expected)
  })

  it.each([
    ['named zones', 'Wed, 17 Jul 96 02:23:25 PDT', '1996-07-17T09:23:25'],
    ['military zones as none', '1 Jan 2024 00:00:00 Z', '2024-01-01T00:00:00'],
    ['unknown zones as UTC', '1 Jan 2024 00:00:00 CEST', '2024-01-01T00:00:00'],
    ['zones out of range as UTC', '1 Jan 2024 00:00:00 +9999', '2024-01-01T00:00:00'],
    ['no zone', '1 Jan 2024 00:00:00', '2024-01-01T00:00:00'],
    ['no space before the zone', '1 Jan 2024 00:00:00+0100', '2023-12-31T23:00:00'],
    ['no time', 'Mon, 1 Jan 2024', '2024-01-01T00:00:00'],
    ['a wrong time as midnight', '1 Jan 2024 25:00:00 +0000', '2024-01-01T00:00:00'],
    ['a leap second as the one before', '31 Dec 2016 23:59:60 +0000', '2016-12-31T23:59:59'],
    ['years of two digits from 1950 to 2049', '1 Jan 49 00:00 GMT', '2049-01-01T00:00:00'],
    ['and before', '1 Jan 50 00:00 GMT', '1950-01-01T00:00:00'],
    ['years of three digits', '1 Jan 101 00:00 GMT', '2001-01-01T00:00:00'],
    ['whole names and any case', 'MONDAY, 1 january 2024 00:00:00 gmt', '2024-01-01T00:00:00'],
    ['hyphens', '01-Jan-2024 10:00:00 +0000', '2024-01-01T10:00:00'],
    ['a zone behind GMT, as JavaScript writes it', '1 Jan 2024 10:00:00 GMT+0100', '2024-01-01T09:00:00'],
    ['one behind UTC and a space', '1 Jan 2024 10:00:00 UTC -0330', '2024-01-01T13:30:00'],
    ['a colon in the zone', '1 Jan 2024 10:00:00 +01:00', '2024-01-01T09:00:00'],
    ['a fraction of the second', '1 Jan 2024 10:00:00.123 +0200', '2024-01-01T08:00:00'],
    ['no comma', 'Mon 1 Jan 2024 10:00 +0000', '2024-01-01T10:00:00'],
  ])('reads %s', (_, text, expected) => {
    expect(iso(text)).toBe(expected)
  })

  it.each([
    '',
    'yesterday',
    '32 Jan 2024 00:00:00',
    '30 Feb 2024 00:00:00',
    '0 Jan 2024',
    '1 Foo 2024',
    '1 Jan',
    '2024-01-01',
  ])('takes %s for no date', text => {
    expect(parseDate(text)).toBeNull()
  })

  it('keeps the zone, which SEARCH disregards', () => {
    expect(parseDate('Tue, 1 Jul 2003 10:52:37 -0930')?.zone).toBe(-570)
  })

  it('takes no longer than its text for white space without end', () => {
    expect(parseDate(`Mon${' '.repeat(200_000)}x`)).toBeNull()
  })
})
