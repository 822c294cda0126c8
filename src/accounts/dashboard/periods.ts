/** How far back a plot reaches, and the hours and days it is made of. Pure. */
import { HOUR_MS } from '../../ops/durations.ts'
import type { TrafficCounts } from '../../store/types/traffic.ts'
import { addDays, dayOf, startOf } from '../billing/calendar.ts'

export const periods = ['day', 'week', 'month', 'year'] as const
export type Period = (typeof periods)[number]

const DAYS: Record<Period, number> = { day: 1, week: 7, month: 30, year: 365 }

export interface Span {
  /** Hour by hour up to a week, else day by day. */
  step: 'hour' | 'day'
  /** Whole hours since 1970: from the first on, before the second. */
  from: number
  before: number
  /** First and last day in the service's calendar. */
  firstDay: string
  lastDay: string
}

/** Ends with the hour that runs. Days are whole ones of the time zone, today the last of them. */
export function spanOf(period: Period, now: number, timeZone: string): Span {
  const today = dayOf(now, timeZone)
  const before = Math.floor(now / HOUR_MS) + 1
  const days = DAYS[period]
  const firstDay = addDays(today, 1 - days)
  const step = days <= 7 ? 'hour' : 'day'
  const from = step === 'hour' ? before - 24 * days : Math.floor(startOf(firstDay, timeZone) / HOUR_MS)
  return { step, from, before, firstDay, lastDay: today }
}

export interface TrafficPoint extends TrafficCounts {
  /** When the hour or the day begins, in ms since 1970. */
  at: number
}

type HourCounts = TrafficCounts & { hour: number }

/** A point for every hour or day of the span, also where there was nothing. */
export function pointsOf(rows: readonly HourCounts[], span: Span, timeZone: string): TrafficPoint[] {
  const points = new Map<number, TrafficPoint>()
  const pointAt = (at: number): TrafficPoint => {
    let point = points.get(at)
    if (!point) points.set(at, (point = { at, ...none }))
    return point
  }
  // Time zones that are half an hour off begin their days within an hour: it counts for the day it begins in.
  const starts = new Map<string, number>()
  const startOfDay = (day: string): number => {
    let at = starts.get(day)
    if (at === undefined) starts.set(day, (at = startOf(day, timeZone)))
    return at
  }
  const atOf = (hour: number): number =>
    span.step === 'hour'
      ? hour * HOUR_MS
      : startOfDay(dayOf(Math.max(hour * HOUR_MS, startOfDay(span.firstDay)), timeZone))
  if (span.step === 'hour') for (let hour = span.from; hour < span.before; hour++) pointAt(hour * HOUR_MS)
  else for (let day = span.firstDay; day <= span.lastDay; day = addDays(day, 1)) pointAt(startOfDay(day))
  for (const { hour, ...counts } of rows) addTo(pointAt(atOf(hour)), counts)
  return [...points.values()]
}

export const none: TrafficCounts = { received: 0, receivedBytes: 0, sent: 0, sentBytes: 0, refused: 0 }

export function addTo(sum: TrafficCounts, counts: TrafficCounts): void {
  sum.received += counts.received
  sum.receivedBytes += counts.receivedBytes
  sum.sent += counts.sent
  sum.sentBytes += counts.sentBytes
  sum.refused += counts.refused
}

export function sumOf(rows: readonly TrafficCounts[]): TrafficCounts {
  const sum = { ...none }
  for (const row of rows) addTo(sum, row)
  return sum
}
