/** The tests `date` and `currentdate` (RFC 5260 §4, §5). */
import { type MailDate, parseDate } from '../mime/date.ts'
import { type Given, readArguments } from './arguments.ts'
import { indexTags, readIndex } from './field-index.ts'
import { matchTags, readMatch } from './match.ts'
import { SyntaxProblem } from './problem.ts'
import type { TestDefinition, Text } from './program.ts'
import type { Run } from './run.ts'

/** Minutes east of UTC of a moment, told its own zone where it has one. */
type Zone = (run: Run, time: number, original: number) => number

/** Reading a date and finding its zone, in units of work. */
const DATE_STEPS = 100

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const padded = (value: number, length = 2): string => String(value).padStart(length, '0')

/** What each part is made of: the moment shifted so that its UTC fields are the local ones, and the shift. */
const PARTS: ReadonlyMap<string, (local: Date, zone: number) => string> = new Map<
  string,
  (local: Date, zone: number) => string
>([
  ['year', local => padded(local.getUTCFullYear(), 4)],
  ['month', local => padded(local.getUTCMonth() + 1)],
  ['day', local => padded(local.getUTCDate())],
  ['date', dateOf],
  // 1858-11-17 is 40,587 days before 1970.
  ['julian', local => String(Math.floor(local.getTime() / 86_400_000) + 40_587)],
  ['hour', local => padded(local.getUTCHours())],
  ['minute', local => padded(local.getUTCMinutes())],
  ['second', local => padded(local.getUTCSeconds())],
  ['time', timeOf],
  ['iso8601', (local, zone) => `${dateOf(local)}T${timeOf(local)}${zone === 0 ? 'Z' : offset(zone, ':')}`],
  [
    'std11',
    (local, zone) =>
      `${DAYS[local.getUTCDay()]}, ${padded(local.getUTCDate())} ${MONTHS[local.getUTCMonth()]} ${padded(local.getUTCFullYear(), 4)} ${timeOf(local)} ${offset(zone, '')}`,
  ],
  ['zone', (_, zone) => offset(zone, '')],
  ['weekday', local => String(local.getUTCDay())],
])

function dateOf(local: Date): string {
  return `${padded(local.getUTCFullYear(), 4)}-${padded(local.getUTCMonth() + 1)}-${padded(local.getUTCDate())}`
}

function timeOf(local: Date): string {
  return `${padded(local.getUTCHours())}:${padded(local.getUTCMinutes())}:${padded(local.getUTCSeconds())}`
}

function offset(zone: number, separator: string): string {
  const minutes = Math.abs(zone)
  return `${zone < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60))}${separator}${padded(minutes % 60)}`
}

function readZone(given: Given): Zone {
  if (given.has(':originalzone')) return (_, __, original) => original
  const zone = given.text(':zone')
  if (zone === null) return (run, time) => localZone(time, run.world.timeZone)
  if (zone.constant !== null && zoneMinutes(zone.constant) === null)
    throw new SyntaxProblem(zone.at, `"${zone.constant.slice(0, 20)}" is no zone: write it as "+0200"`)
  return run => zoneMinutes(zone.of(run)) ?? run.fail('this is no zone: write it as "+0200"', zone.at)
}

function zoneMinutes(text: string): number | null {
  const match = /^([+-])([01]\d|2[0-3])([0-5]\d)$/.exec(text)
  if (match === null) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' && minutes > 0 ? -minutes : minutes
}

function localZone(time: number, timeZone: string): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone)
  return Math.round(offsetNanoseconds / 60e9)
}

/** §4.2 knows no other parts; one that variables make is a problem when it is used. */
function readPart(text: Text): (run: Run) => (local: Date, zone: number) => string {
  const known = text.constant === null ? null : PARTS.get(text.constant.toLowerCase())
  if (known === undefined) throw new SyntaxProblem(text.at, `"${text.constant?.slice(0, 20)}" is no part of a date`)
  return run => known ?? PARTS.get(text.of(run).toLowerCase()) ?? run.fail('this is no part of a date', text.at)
}

/** In a Received field it stands behind the last semicolon; those in comments are none, but comments may lack their end. */
function dateIn(text: string): MailDate | null {
  return parseDate(text.slice(lastSemicolon(text) + 1)) ?? parseDate(text.slice(text.lastIndexOf(';') + 1))
}

function lastSemicolon(text: string): number {
  let [last, depth] = [-1, 0]
  for (let at = 0; at < text.length; at++)
    if (text[at] === '\\') at++
    else if (text[at] === '(') depth++
    else if (text[at] === ')' && depth > 0) depth--
    else if (text[at] === ';' && depth === 0) last = at
  return last
}

export const date: TestDefinition = {
  capabilities: ['date'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: {
        ...matchTags,
        ...indexTags,
        ':zone': { value: 'string', group: 'zone' },
        ':originalzone': { group: 'zone' },
      },
      positional: [
        { name: 'name of a header field', type: 'string' },
        { name: 'part of the date', type: 'string' },
        { name: 'keys', type: 'strings' },
      ],
    })
    const name = given.mustText('name of a header field')
    const [pick, zoneOf, partOf] = [readIndex(given), readZone(given), readPart(given.mustText('part of the date'))]
    const matches = readMatch(given, compiling, 'keys')
    return run => {
      const text = pick(run.header.texts(name.of(run)))[0]
      run.spend(DATE_STEPS + (text?.length ?? 0) / 16)
      const found = text === undefined ? null : dateIn(text)
      if (found === null) return matches(run, [])
      const zone = zoneOf(run, found.time, found.zone)
      return matches(run, [partOf(run)(new Date(found.time + zone * 60_000), zone)])
    }
  },
}

export const currentdate: TestDefinition = {
  capabilities: ['date'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ...matchTags, ':zone': { value: 'string' } },
      positional: [
        { name: 'part of the date', type: 'string' },
        { name: 'keys', type: 'strings' },
      ],
    })
    const [zoneOf, partOf] = [readZone(given), readPart(given.mustText('part of the date'))]
    const matches = readMatch(given, compiling, 'keys')
    return run => {
      run.spend(DATE_STEPS)
      const { now } = run.world
      const zone = zoneOf(run, now, 0)
      return matches(run, [partOf(run)(new Date(now + zone * 60_000), zone)])
    }
  },
}
