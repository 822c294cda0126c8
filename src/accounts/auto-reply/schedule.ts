/** When an auto-reply answers: whole days of a time zone, the first and the last included, however long those days are. */

export interface Schedule {
  enabled: boolean
  /** `YYYY-MM-DD` */
  fromDay: string | null
  untilDay: string | null
  /** IANA name. */
  timeZone: string
}

export type AutoReplyState = 'off' | 'scheduled' | 'active' | 'ended'

export interface AutoReplyStatus {
  state: AutoReplyState
  /** The first moment at which it answers; null where no day is set. */
  startsAt: number | null
  /** The first moment at which it no longer does. */
  endsAt: number | null
}

export function statusAt({ enabled, fromDay, untilDay, timeZone }: Schedule, now: number): AutoReplyStatus {
  const startsAt = fromDay === null ? null : startOf(Temporal.PlainDate.from(fromDay), timeZone)
  const endsAt = untilDay === null ? null : startOf(Temporal.PlainDate.from(untilDay).add({ days: 1 }), timeZone)
  const state = stateOf(enabled, startsAt, endsAt, now)
  return { state, startsAt, endsAt }
}

function stateOf(enabled: boolean, startsAt: number | null, endsAt: number | null, now: number): AutoReplyState {
  if (!enabled) return 'off'
  if (endsAt !== null && now >= endsAt) return 'ended'
  return startsAt !== null && now < startsAt ? 'scheduled' : 'active'
}

/** Midnight; where a day has none, since clocks are put forward at midnight, its first moment. */
const startOf = (day: Temporal.PlainDate, timeZone: string): number => day.toZonedDateTime(timeZone).epochMilliseconds

/** The day that it is there. */
export const dayAt = (now: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate().toString()

/** Only in this one form; there has to be such a day. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}
