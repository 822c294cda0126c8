/**
 * Numbers, dates and sizes as each language writes them. `fr` and `en` for texts (`count => fr.plural(count, …)`), `useFormat()` in components.
 * Times are ms since 1970, shown in the account's time zone (`setTimeZone`), else the browser's. Sizes count in powers of 1024, as quotas do.
 */
import { createStore, useStore } from '../store.ts'
import { type Language, useLanguage } from './language.ts'

const nbsp = '\u00a0'
const units = { fr: ['o', 'Ko', 'Mo', 'Go', 'To'], en: ['bytes', 'KB', 'MB', 'GB', 'TB'] }
const words = { fr: { never: 'jamais', now: 'à l’instant' }, en: { never: 'never', now: 'just now' } }

const timeZone = createStore<string | undefined>(undefined)

/** Shows times as in this IANA zone; one the browser doesn't know is left aside. */
export function setTimeZone(zone: string | undefined): void {
  try {
    if (zone !== undefined) new Intl.DateTimeFormat('fr', { timeZone: zone })
    timeZone.set(zone)
  } catch {
    timeZone.set(undefined)
  }
}

export interface Format {
  number(value: number, maximumFractionDigits?: number): string
  /** `ratio` 0.95 → 95 %. */
  percent(ratio: number, maximumFractionDigits?: number): string
  /** Bytes → 1,5 Mo. */
  size(bytes: number): string
  /** Minor units (cents) and an ISO 4217 code → 12,50 €. */
  money(minor: number, currency: string): string
  /** 4 décembre 2026. */
  date(time: number): string
  /** 04/12/2026, for tables. */
  shortDate(time: number): string
  /** 4 déc. 2026, 10:42. */
  dateTime(time: number): string
  /** 4 déc. 2026, 10:42:07, where things happen within a minute. */
  moment(time: number): string
  /** 10:42. */
  time(time: number): string
  /** vendredi 4 décembre. */
  weekday(time: number): string
  /** A day written `2026-12-04`, which has no time zone. */
  day(isoDay: string): string
  /** Against `now`: il y a 3 minutes, dans 2 jours. `null` → jamais. */
  relative(time: number | null, now?: number): string
  /** Seconds → 1 h 30 min, the two largest units. */
  duration(seconds: number): string
  list(items: readonly string[], type?: 'conjunction' | 'disjunction'): string
  /** The form that `count` takes, with the number before it: 0 message, 2 messages. */
  plural(count: number, one: string, other: string): string
  compare(a: string, b: string): number
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

function createFormat(language: Language): Format {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const cache = new Map<string, unknown>()
  // Intl objects cost tens of microseconds each to make, and a table makes thousands.
  function kept<T>(key: string, make: () => T): T {
    const found = cache.get(key) as T | undefined
    if (found !== undefined) return found
    const made = make()
    cache.set(key, made)
    return made
  }
  const numbers = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
    kept(JSON.stringify(options), () => new Intl.NumberFormat(locale, options))
  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const whole = { timeZone: timeZone.get(), ...options }
    return kept(JSON.stringify(whole), () => new Intl.DateTimeFormat(locale, whole))
  }
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const number = (value: number, maximumFractionDigits = 0): string => numbers({ maximumFractionDigits }).format(value)

  return {
    number,
    percent: (ratio, maximumFractionDigits = 0) => numbers({ style: 'percent', maximumFractionDigits }).format(ratio),
    size: bytes => {
      let value = bytes
      let unit = 0
      // 1023.95 would be shown as 1024.0 of the smaller unit.
      while (Math.abs(value) >= 1023.95 && unit < units.fr.length - 1) {
        value /= 1024
        unit++
      }
      const digits = unit === 0 || Math.abs(value) >= 99.95 ? 0 : 1
      const name = unit === 0 && language === 'en' && Math.abs(bytes) === 1 ? 'byte' : units[language][unit]
      return `${number(value, digits)}${nbsp}${name}`
    },
    money: (minor, currency) => {
      const format = numbers({ style: 'currency', currency })
      return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
    },
    date: time => dates({ day: 'numeric', month: 'long', year: 'numeric' }).format(time),
    shortDate: time => dates({ day: '2-digit', month: '2-digit', year: 'numeric' }).format(time),
    dateTime: time => dates({ day: 'numeric', month: 'short', year: 'numeric', ...clock }).format(time),
    moment: time =>
      dates({ day: 'numeric', month: 'short', year: 'numeric', ...clock, second: '2-digit' }).format(time),
    time: time => dates(clock).format(time),
    weekday: time => dates({ weekday: 'long', day: 'numeric', month: 'long' }).format(time),
    day: isoDay =>
      dates({ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
        Date.parse(`${isoDay}T00:00:00Z`),
      ),
    relative: (time, now = Date.now()) => {
      if (time === null) return words[language].never
      const seconds = Math.round((time - now) / 1000)
      if (Math.abs(seconds) < 10) return words[language].now
      const format = kept('relative', () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
      for (const [unit, length] of steps)
        if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit)
      return format.format(seconds, 'second')
    },
    duration: seconds => {
      const parts: [string, number][] = [
        [language === 'fr' ? 'j' : 'd', 86_400],
        ['h', 3600],
        ['min', 60],
        ['s', 1],
      ]
      let rest = Math.round(seconds)
      const shown: string[] = []
      for (const [name, length] of parts) {
        const count = Math.floor(rest / length)
        rest -= count * length
        if (count > 0) shown.push(`${number(count)}${nbsp}${name}`)
        if (shown.length === 2 || (shown.length === 1 && count === 0)) break
      }
      return shown.join(' ') || `0${nbsp}s`
    },
    list: (items, type = 'conjunction') => kept(type, () => new Intl.ListFormat(locale, { type })).format(items),
    plural: (count, one, other) => {
      const form = kept('plural', () => new Intl.PluralRules(locale)).select(count)
      return `${number(count)}${nbsp}${form === 'one' ? one : other}`
    },
    compare: (a, b) => kept('collator', () => new Intl.Collator(locale, { numeric: true })).compare(a, b),
  }
}

export const fr: Format = createFormat('fr')
export const en: Format = createFormat('en')

export function useFormat(): Format {
  useStore(timeZone)
  return useLanguage() === 'fr' ? fr : en
}
