/** `date`, `date-time` and their writing (RFC 9051 §9). Times are milliseconds since 1970. */
import type { Decoder } from './decoder.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const monthNumbers: ReadonlyMap<string, number> = new Map(months.map((name, index) => [name.toUpperCase(), index]))

const datePattern = /[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}/y
// The grammar has the day in two places, the first a space below ten; one digit alone is also taken, as clients send it.
const dateTimePattern = /"(?: ?[0-9]|[0-9]{2})-[A-Za-z]{3}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}"/y

/** Midnight UTC of the day. */
export function date(decoder: Decoder, what: string): number {
  const quoted = decoder.takes('"')
  const text = decoder.matches(datePattern)
  if (text === null) return decoder.fail(`${what} as day-month-year, like 1-Feb-2024`)
  if (quoted) decoder.expect('"', `a closing quotation mark behind ${what}`)
  return midnight(text) ?? decoder.refuse(`there is no such day as ${what}`)
}

export function dateTime(decoder: Decoder, what: string): number {
  const text = decoder.matches(dateTimePattern)
  if (text === null) return decoder.fail(`${what} like "17-Jul-1996 02:44:25 -0700"`)
  const [day = '', time = '', zone = ''] = text.slice(1, -1).trimStart().split(' ')
  const start = midnight(day)
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  const zoneHours = Number(zone.slice(1, 3))
  const zoneMinutes = Number(zone.slice(3))
  // A leap second is the first of the next minute.
  if (start === null || hours > 23 || minutes > 59 || seconds > 60 || zoneHours > 23 || zoneMinutes > 59)
    return decoder.refuse(`there is no such time as ${what}`)
  const offset = (zoneHours * 60 + zoneMinutes) * (zone.startsWith('-') ? -1 : 1)
  return start + ((hours * 60 + minutes - offset) * 60 + seconds) * 1000
}

/** `date-time` with its quotation marks, in UTC. */
export function formatDateTime(milliseconds: number): string {
  const at = new Date(milliseconds)
  const day = String(at.getUTCDate()).padStart(2, ' ')
  const year = String(at.getUTCFullYear()).padStart(4, '0')
  return `"${day}-${months[at.getUTCMonth()]}-${year} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000"`
}

const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`)

function midnight(text: string): number | null {
  const [day = '', monthName = '', year = ''] = text.split('-')
  const month = monthNumbers.get(monthName.toUpperCase())
  if (month === undefined) return null
  // Not Date.UTC: it takes the years 0 to 99 for those of the 20th century.
  const at = new Date(0)
  at.setUTCFullYear(Number(year), month, Number(day))
  return at.getUTCMonth() === month && at.getUTCDate() === Number(day) ? at.getTime() : null
}
