import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { en, fr, setTimeZone } from './format.ts'

/** Intl separates by several kinds of spaces that don't break: each is written as one here. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')
const KB = 1024
const MB = 1024 ** 2
const GB = 1024 ** 3

afterEach(() => setTimeZone(undefined))

describe('sizes', () => {
  it.each([
    [0, '0 o', '0 bytes'],
    [1, '1 o', '1 byte'],
    [1023, '1 023 o', '1,023 bytes'],
    [KB, '1 Ko', '1 KB'],
    [1.5 * KB, '1,5 Ko', '1.5 KB'],
    [20 * MB, '20 Mo', '20 MB'],
    [MB - 1, '1 Mo', '1 MB'],
    [1.25 * GB, '1,3 Go', '1.3 GB'],
    [250.4 * GB, '250 Go', '250 GB'],
    [3 * 1024 * GB, '3 To', '3 TB'],
    [5000 * 1024 * GB, '5 000 To', '5,000 TB'],
  ])('%d bytes', (bytes, french, english) => {
    expect(plain(fr.size(bytes))).toBe(french)
    expect(plain(en.size(bytes))).toBe(english)
  })

  it('never show 1024 of a unit that has a larger one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1024 ** 5 - 1, noNaN: true }), bytes => {
        expect(plain(fr.size(bytes))).not.toMatch(/^1 02[4-9] (?:o|Ko|Mo|Go)$/)
      }),
    )
  })
})

describe('numbers', () => {
  it('are written as the language does', () => {
    expect(plain(fr.number(1234567))).toBe('1 234 567')
    expect(en.number(1234567)).toBe('1,234,567')
    expect(fr.number(3.456, 2)).toBe('3,46')
    expect(plain(fr.percent(0.955))).toBe('96 %')
    expect(en.percent(0.955, 1)).toBe('95.5%')
  })

  it('of money count in minor units of the currency', () => {
    expect(plain(fr.money(1250, 'EUR'))).toBe('12,50 €')
    expect(en.money(1250, 'EUR')).toBe('€12.50')
    // The yen has none: what is counted is the yen itself.
    expect(en.money(1250, 'JPY')).toBe('JP¥1,250')
    expect(plain(fr.money(-5, 'EUR'))).toBe('-0,05 €')
  })

  it('choose the plural of the language', () => {
    expect(plain(fr.plural(0, 'message', 'messages'))).toBe('0 message')
    expect(plain(fr.plural(1_000_000, 'message', 'messages'))).toBe('1 000 000 messages')
    expect(plain(en.plural(0, 'message', 'messages'))).toBe('0 messages')
  })
})

describe('times', () => {
  const time = Date.UTC(2026, 11, 4, 22, 42)

  it('are shown in the time zone of the account', () => {
    setTimeZone('Europe/Paris')
    expect(fr.date(time)).toBe('4 décembre 2026')
    expect(fr.dateTime(time)).toBe('4 déc. 2026, 23:42')
    expect(en.dateTime(time)).toBe('4 Dec 2026, 23:42')
    expect(fr.shortDate(time)).toBe('04/12/2026')
    expect(fr.weekday(time)).toBe('vendredi 4 décembre')
    setTimeZone('Asia/Tokyo')
    expect(fr.date(time)).toBe('5 décembre 2026')
    expect(fr.time(time)).toBe('07:42')
  })

  it('leave aside a time zone that the browser does not know', () => {
    setTimeZone('Nowhere/Here')
    expect(() => fr.date(time)).not.toThrow()
  })

  it('begin the day at 00, not at 24', () => {
    setTimeZone('UTC')
    expect(fr.time(Date.UTC(2026, 0, 1, 0, 5))).toBe('00:05')
    expect(en.time(Date.UTC(2026, 0, 1, 0, 5))).toBe('00:05')
  })

  it('of a day have no time zone', () => {
    setTimeZone('America/Los_Angeles')
    expect(fr.day('2026-12-04')).toBe('4 décembre 2026')
    expect(en.day('2026-12-04')).toBe('4 December 2026')
  })

  it.each([
    [-2, 'à l’instant', 'just now'],
    [-45, 'il y a 45 secondes', '45 seconds ago'],
    [-60, 'il y a 1 minute', '1 minute ago'],
    [-3 * 3600 - 600, 'il y a 3 heures', '3 hours ago'],
    [-86_400, 'hier', 'yesterday'],
    [2 * 86_400, 'après-demain', 'in 2 days'],
    [-15 * 86_400, 'il y a 2 semaines', '2 weeks ago'],
    [-800 * 86_400, 'il y a 2 ans', '2 years ago'],
  ])('%d seconds from now', (seconds, french, english) => {
    expect(fr.relative(time + seconds * 1000, time)).toBe(french)
    expect(en.relative(time + seconds * 1000, time)).toBe(english)
  })

  it('say never', () => {
    expect(fr.relative(null)).toBe('jamais')
    expect(en.relative(null)).toBe('never')
  })
})

describe('durations', () => {
  it.each([
    [0, '0 s', '0 s'],
    [42, '42 s', '42 s'],
    [90, '1 min 30 s', '1 min 30 s'],
    [3600, '1 h', '1 h'],
    [5400, '1 h 30 min', '1 h 30 min'],
    [3601, '1 h', '1 h'],
    [7 * 86_400, '7 j', '7 d'],
  ])('of %d seconds', (seconds, french, english) => {
    expect(plain(fr.duration(seconds))).toBe(french)
    expect(plain(en.duration(seconds))).toBe(english)
  })
})

describe('lists', () => {
  it('join as the language does', () => {
    expect(fr.list(['IMAP', 'POP3', 'SMTP'])).toBe('IMAP, POP3 et SMTP')
    expect(en.list(['IMAP', 'POP3'], 'disjunction')).toBe('IMAP or POP3')
  })

  it('sort without regard to accents and with numbers in their order', () => {
    expect(['étage', 'zone', 'eau', 'mail10', 'mail2'].sort(fr.compare)).toEqual([
      'eau',
      'étage',
      'mail2',
      'mail10',
      'zone',
    ])
  })
})
