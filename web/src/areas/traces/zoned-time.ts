/** A day and an hour as somebody in a time zone reads them, as ms since 1970. */

const written = (time: number, timeZone: string | undefined): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(time)

/** `2026-12-04`. Without a zone: as the browser has it. */
export const dayOf = (time: number, timeZone: string | undefined): string => written(time, timeZone).slice(0, 10)

/** `day` as `2026-12-04`, `clock` as `10:42`. An hour that a change of clocks skips is the one after it. */
export function timeAt(day: string, clock: string, timeZone: string | undefined): number {
  const asUtc = Date.parse(`${day}T${clock}:00Z`)
  // The offset is asked again at the time it gave: a change of clocks may lie between.
  return asUtc - offsetAt(asUtc - offsetAt(asUtc, timeZone), timeZone)
}

function offsetAt(time: number, timeZone: string | undefined): number {
  return Date.parse(`${written(time, timeZone).replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000
}
