/** Days and months of the service's calendar, as texts that sort: YYYY-MM-DD and YYYY-MM. */

/** The day it is in the time zone. */
export function dayOf(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

export const monthOf = (day: string): string => day.slice(0, 7)

/** Whether it is a month that a statement can be of. */
export function isMonth(text: string): boolean {
  return /^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/.test(text)
}

export const firstDay = (month: string): string => `${month}-01`
export const lastDay = (month: string): string => `${month}-${daysIn(month)}`
export const daysIn = (month: string): number => Temporal.PlainYearMonth.from(month).daysInMonth

/** The day of the month, from 1. */
export const dayNumber = (day: string): number => Number(day.slice(8))

export const addMonths = (month: string, months: number): string =>
  Temporal.PlainYearMonth.from(month).add({ months }).toString()

export const addDays = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString()

/** When the day begins in the time zone, in ms since 1970. */
export function startOf(day: string, timeZone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds
}
