/** Dates of header fields (RFC 5322 §3.3, obsolete forms of §4.3). */
import { withoutComments } from './comments.ts'
import { DATE_LENGTH } from './limits.ts'

export interface MailDate {
  /** Milliseconds since 1970 (UTC). */
  time: number
  /** Minutes east of UTC, as written; 0 for zones without a meaning. */
  zone: number
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** §4.3; military letters count as -0000, since RFC 822 had them the wrong way round. */
const ZONES: Record<string, number> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
}

/** As programs write it beside: a fraction of the second, `GMT` before the zone, a colon in it. */
const DATE =
  /^\s*(?:[a-z]{1,9}\.?\s*(?:,\s*)?)?(\d{1,2})[\s-]+([a-z]{3})[a-z]{0,6}\.?[\s-]+(\d{2,4})(?:\s+(\d{1,2})\s*:\s*(\d{1,2})(?:\s*:\s*(\d{1,2})(?:[.,]\d{1,9})?)?)?(?:\s*(?:(?:GMT|UTC?)\s?)?([+-]\d{2}:?\d{2})|\s+([a-z]{1,5}))?/i

/** null where it is no date. A time that is wrong counts as 00:00:00, a zone that is wrong as UTC (RFC 5256 §2.2). */
export function parseDate(text: string): MailDate | null {
  const read = readDate(text)
  return read && { time: read.time, zone: read.zone }
}

/** null also where the time is none, or nobody knows the zone. */
export function parseExactDate(text: string): MailDate | null {
  const read = readDate(text)
  return read?.isExact ? { time: read.time, zone: read.zone } : null
}

function readDate(text: string): (MailDate & { isExact: boolean }) | null {
  const match = DATE.exec(withoutComments(text.slice(0, DATE_LENGTH)))
  if (match === null) return null
  const [, dayText = '', monthText = '', yearText = '', hour = '0', minute = '0', second = '0', offset, name] = match
  const month = MONTHS.indexOf(monthText.toLowerCase())
  const day = Number(dayText)
  let year = Number(yearText)
  // §4.3: two digits are 1950 to 2049, three count from 1900.
  if (yearText.length === 2) year += year < 50 ? 2000 : 1900
  else if (yearText.length === 3) year += 1900
  if (month < 0 || day < 1) return null
  const midnight = Date.UTC(year, month, day)
  if (year < 1900 || new Date(midnight).getUTCMonth() !== month) return null
  const validTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60
  // A leap second is of the day of the one before it.
  const seconds = Math.min(Number(second), 59)
  const clock = validTime ? ((Number(hour) * 60 + Number(minute)) * 60 + seconds) * 1000 : 0
  const known = zoneMinutes(offset, name)
  const zone = known ?? 0
  return { time: midnight + clock - zone * 60_000, zone, isExact: validTime && known !== null }
}

/** UTC where none is given; null for one without a meaning. */
function zoneMinutes(offset: string | undefined, name = 'ut'): number | null {
  if (offset === undefined) return ZONES[name.toLowerCase()] ?? null
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(-2))
  if (hours > 23 || minutes > 59) return null
  const zone = hours * 60 + minutes
  return offset.startsWith('-') && zone > 0 ? -zone : zone
}
