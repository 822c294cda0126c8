/** Proration against a model that walks the month day by day. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedgerEntryRow, LedgerKind, PlanTerms } from '../../store/types/billing.ts'
import { addDays, daysIn, firstDay, monthOf } from './calendar.ts'
import { linesOfMailbox, totalsOf } from './proration.ts'

const terms = (monthlyPrice: number, currency = 'EUR', planId = `p${monthlyPrice}`): PlanTerms => ({
  planId,
  planName: planId,
  storageBytes: 1000,
  hourlyLimit: null,
  monthlyPrice,
  currency,
})

let lastId = 0
const entry = (day: string, kind: LedgerKind, agreed: PlanTerms | null): LedgerEntryRow => ({
  entryId: ++lastId,
  at: 0,
  day,
  domain: 'example.org',
  address: 'alice@example.org',
  kind,
  terms: agreed,
  madeBy: 'staff@example.org',
})

const shown = (entries: LedgerEntryRow[], month = '2026-11') =>
  linesOfMailbox(entries, month).map(({ planId, from, until, days, amount }) => [planId, from, until, days, amount])

describe('a statement of one mailbox', () => {
  it('charges a whole month at its price', () => {
    expect(shown([entry('2026-03-07', 'created', terms(999))])).toEqual([['p999', '2026-11-01', '2026-11-30', 30, 999]])
  })

  it('charges the day it is made, and not the day it is removed', () => {
    const entries = [entry('2026-11-11', 'created', terms(300)), entry('2026-11-21', 'removed', null)]
    expect(shown(entries)).toEqual([['p300', '2026-11-11', '2026-11-20', 10, 100]])
    expect(shown(entries, '2026-12')).toEqual([])
    expect(shown(entries, '2026-10')).toEqual([])
  })

  it('charges nothing for what is made and removed on one day', () => {
    expect(shown([entry('2026-11-11', 'created', terms(300)), entry('2026-11-11', 'removed', null)])).toEqual([])
  })

  it('counts the last of several changes of one day', () => {
    const entries = [
      entry('2026-10-01', 'created', terms(300)),
      entry('2026-11-16', 'changed', terms(3000)),
      entry('2026-11-16', 'changed', terms(600)),
    ]
    expect(shown(entries)).toEqual([
      ['p300', '2026-11-01', '2026-11-15', 15, 150],
      ['p600', '2026-11-16', '2026-11-30', 15, 300],
    ])
  })

  it('goes on under the terms it had once it is restored', () => {
    const entries = [
      entry('2026-10-01', 'created', terms(300)),
      entry('2026-11-11', 'removed', null),
      entry('2026-11-21', 'restored', terms(300)),
    ]
    expect(shown(entries)).toEqual([
      ['p300', '2026-11-01', '2026-11-10', 10, 100],
      ['p300', '2026-11-21', '2026-11-30', 10, 100],
    ])
  })

  it('is one line where nothing changed overnight', () => {
    const entries = [
      entry('2026-10-01', 'created', terms(300)),
      entry('2026-11-11', 'removed', null),
      entry('2026-11-11', 'restored', terms(300)),
    ]
    expect(shown(entries)).toEqual([['p300', '2026-11-01', '2026-11-30', 30, 300]])
  })

  it('adds up to the price of the month, however many lines there are', () => {
    const entries = [
      entry('2026-11-01', 'created', terms(1000, 'EUR', 'a')),
      entry('2026-11-11', 'changed', terms(1000, 'EUR', 'b')),
      entry('2026-11-21', 'changed', terms(1000, 'EUR', 'c')),
    ]
    expect(shown(entries).map(line => line.at(-1))).toEqual([333, 334, 333])
  })

  it('keeps currencies apart', () => {
    const entries = [
      entry('2026-11-01', 'created', terms(1000, 'USD')),
      entry('2026-11-16', 'changed', terms(3000, 'EUR')),
      entry('2026-11-26', 'changed', terms(3000, 'USD')),
    ]
    expect(totalsOf(linesOfMailbox(entries, '2026-11'))).toEqual([
      { currency: 'EUR', amount: 1000 },
      { currency: 'USD', amount: 1000 },
    ])
  })

  it('goes by the days of the month: 28 of a February, 29 of a leap year', () => {
    const entries = [entry('2027-02-15', 'created', terms(280)), entry('2028-02-15', 'changed', terms(290))]
    expect(shown(entries, '2027-02')).toEqual([['p280', '2027-02-15', '2027-02-28', 14, 140]])
    expect(shown(entries, '2028-02')).toEqual([
      ['p280', '2028-02-01', '2028-02-14', 14, 135],
      ['p290', '2028-02-15', '2028-02-29', 15, 150],
    ])
  })
})

describe('any history', () => {
  const histories = fc.record({
    month: fc.constantFrom('2026-11', '2026-12', '2027-02', '2028-02'),
    steps: fc.array(
      fc.record({
        // Days around the month; now and then the clock was set back.
        offset: fc.integer({ min: -40, max: 70 }),
        sold: fc.option(
          fc.record({
            price: fc.oneof(fc.constantFrom(0, 1, 100, 999), fc.integer({ min: 0, max: 10_000_000 })),
            currency: fc.constantFrom('EUR', 'USD', 'JPY'),
          }),
        ),
      }),
      { maxLength: 12 },
    ),
    isSorted: fc.boolean(),
  })

  it('costs what its days cost, each line within one unit of its own, and is charged no day twice', () => {
    fc.assert(
      fc.property(histories, ({ month, steps, isSorted }) => {
        const ordered = isSorted ? steps.toSorted((a, b) => a.offset - b.offset) : steps
        const entries = ordered.map(({ offset, sold }) =>
          entry(
            addDays(firstDay(month), offset),
            sold === null ? 'removed' : 'changed',
            sold && terms(sold.price, sold.currency),
          ),
        )
        const lines = linesOfMailbox(entries, month)
        const days = daysIn(month)

        const ofDay = new Map<string, PlanTerms>()
        for (let i = 0; i < days; i++) {
          const day = addDays(firstDay(month), i)
          const agreed = termsAtEndOf(day, entries)
          if (agreed) ofDay.set(day, agreed)
        }
        const seen = new Set<string>()
        for (const line of lines) {
          expect(monthOf(line.from)).toBe(month)
          expect(monthOf(line.until)).toBe(month)
          let count = 0
          for (let day = line.from; day <= line.until; day = addDays(day, 1)) {
            count++
            expect(seen.has(day)).toBe(false)
            seen.add(day)
            expect(ofDay.get(day)).toMatchObject({ planId: line.planId, currency: line.currency })
          }
          expect(line.days).toBe(count)
          expect(Math.abs(line.amount - (line.monthlyPrice * count) / days)).toBeLessThan(1)
        }
        expect(seen.size).toBe(ofDay.size)

        for (const currency of ['EUR', 'USD', 'JPY']) {
          const ofCurrency = [...ofDay.values()].filter(agreed => agreed.currency === currency)
          const weighted = ofCurrency.reduce((sum, { monthlyPrice }) => sum + monthlyPrice, 0)
          const total = totalsOf(lines).find(each => each.currency === currency)?.amount ?? 0
          expect(total).toBe(Math.round(weighted / days))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('splits into months that do not depend on what comes after', () => {
    fc.assert(
      fc.property(histories, ({ month, steps }) => {
        const entries = steps
          .toSorted((a, b) => a.offset - b.offset)
          .map(({ offset, sold }) =>
            entry(
              addDays(firstDay(month), offset),
              sold === null ? 'removed' : 'changed',
              sold && terms(sold.price, sold.currency),
            ),
          )
        const past = entries.filter(({ day }) => monthOf(day) <= month)
        expect(linesOfMailbox(entries, month)).toEqual(linesOfMailbox(past, month))
      }),
    )
  })
})

/** What the entries say, one after the other, of those that were made by that day. */
function termsAtEndOf(day: string, entries: readonly LedgerEntryRow[]): PlanTerms | null {
  let agreed: PlanTerms | null = null
  let latest = ''
  for (const made of entries) {
    if (made.day > latest) latest = made.day
    if (latest <= day) agreed = made.terms
  }
  return agreed
}
