/**
 * A month's lines made of the ledger. Pure.
 *
 * - A day is charged under the terms that hold when it ends: of several changes in one day the last counts; the day a
 *   mailbox is made is charged, the day it is removed is not.
 * - A line costs price × days / days of the month. Rounding is cumulative over the lines of one mailbox in one currency, so
 *   that they add up exactly to what the mailbox's days cost, rounded once: a whole month at one price is that price.
 */
import type { LedgerEntryRow, PlanTerms } from '../../store/types/billing.ts'
import { addDays, dayNumber, daysIn, firstDay, lastDay } from './calendar.ts'

export interface StatementLine extends PlanTerms {
  address: string
  /** First and last day charged. */
  from: string
  until: string
  days: number
  /** In the currency's smallest unit. */
  amount: number
}

export interface Total {
  currency: string
  amount: number
}

/** Of one mailbox: its entries in the order they were made, of the month and the last one before. */
export function linesOfMailbox(entries: readonly LedgerEntryRow[], month: string): StatementLine[] {
  const days = daysIn(month)
  const charged = new Map<string, { weighted: number; amount: number }>()
  return periodsOf(entries, month).map(({ address, terms, from, until }) => {
    const count = dayNumber(until) - dayNumber(from) + 1
    const sum = charged.get(terms.currency) ?? { weighted: 0, amount: 0 }
    sum.weighted += terms.monthlyPrice * count
    const amount = rounded(sum.weighted, days) - sum.amount
    sum.amount += amount
    charged.set(terms.currency, sum)
    return { address, ...terms, from, until, days: count, amount }
  })
}

export function totalsOf(lines: readonly { currency: string; amount: number }[]): Total[] {
  const totals = new Map<string, number>()
  for (const { currency, amount } of lines) totals.set(currency, (totals.get(currency) ?? 0) + amount)
  return [...totals].map(([currency, amount]) => ({ currency, amount })).toSorted(byCurrency)
}

const byCurrency = (a: Total, b: Total): number => (a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0)

/** Half up, in whole numbers: prices are never negative. */
const rounded = (weighted: number, days: number): number => Math.floor((2 * weighted + days) / (2 * days))

interface Period {
  address: string
  terms: PlanTerms
  from: string
  until: string
}

/** Days in a row under the same terms, inside the month. */
function periodsOf(entries: readonly LedgerEntryRow[], month: string): Period[] {
  const [first, last] = [firstDay(month), lastDay(month)]
  const periods: Period[] = []
  const days = inOrder(entries)
  for (const [i, { address, terms }] of entries.entries()) {
    const day = days[i]!
    const next = days[i + 1]
    // Changed again on the same day: that one counts.
    if (next === day || terms === null) continue
    const end = next === undefined ? last : addDays(next, -1)
    const from = day > first ? day : first
    const until = end < last ? end : last
    if (from > until) continue
    const before = periods.at(-1)
    if (before && addDays(before.until, 1) === from && sameTerms(before.terms, terms)) before.until = until
    else periods.push({ address, terms, from, until })
  }
  return periods
}

/** The days of the entries; where a clock was set back, none comes before the one it followed. */
function inOrder(entries: readonly LedgerEntryRow[]): string[] {
  let latest = ''
  return entries.map(({ day }) => (latest = day > latest ? day : latest))
}

function sameTerms(a: PlanTerms, b: PlanTerms): boolean {
  return (
    a.planId === b.planId &&
    a.planName === b.planName &&
    a.storageBytes === b.storageBytes &&
    a.hourlyLimit === b.hourlyLimit &&
    a.monthlyPrice === b.monthlyPrice &&
    a.currency === b.currency
  )
}
