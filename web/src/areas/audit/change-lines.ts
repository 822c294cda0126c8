/** What was and what is, as lines that read; what did not change has none. */
import type { AuditEntryAnswer } from '../../../../src/api/audit.ts'
import type { Format } from '../../shared/texts/format.ts'
import type { fieldTexts } from './field-texts.ts'

type FieldTexts = (typeof fieldTexts)['fr']
type Facts = NonNullable<AuditEntryAnswer['before']>

export interface ChangeLine {
  name: string
  label: string
  /** undefined: nothing is told of that side. */
  was: string | undefined
  is: string | undefined
  /** Texts of many lines, shown on demand. */
  whole: string | null
}

/** Names of rows tell nobody anything. */
const unnamed = new Set(['linkId', 'tokenId'])

export function changeLines(
  { before, after }: Pick<AuditEntryAnswer, 'before' | 'after'>,
  t: FieldTexts,
  format: Format,
): ChangeLine[] {
  const facts = { ...before, ...after }
  const fields: Readonly<Record<string, string>> = t.fields
  const isTold = (name: string): boolean =>
    !unnamed.has(name) &&
    // The price is shown in it, and the plan by its name.
    !(name === 'currency' && 'monthlyPrice' in facts) &&
    !(name === 'planId' && 'planName' in facts) &&
    !isSame(name, before, after)
  return Object.keys(facts)
    .filter(isTold)
    .map(name => {
      const [was, is] = [before, after].map(side => (side && name in side ? shown(name, side, t, format) : undefined))
      const whole = name === 'source' ? String((after && name in after ? after : before)?.[name] ?? '') : null
      return { name, label: t.field(fields[name] ?? name), was, is, whole }
    })
}

function isSame(name: string, before: Facts | null, after: Facts | null): boolean {
  if (!before || !after || !(name in before && name in after)) return false
  const told = (side: Facts) => JSON.stringify([side[name] ?? '', name === 'monthlyPrice' && side.currency])
  return told(before) === told(after)
}

function shown(name: string, side: Facts, t: FieldTexts, format: Format): string {
  const value = side[name]
  if (value === null || value === undefined || value === '') return t.none
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (typeof value === 'number') return numberText(name, value, side, format)
  if (Array.isArray(value)) return value.map(one => itemText(one)).join(', ') || t.none
  if (typeof value === 'object') return objectText(name, value as Facts, t, format)
  if (name === 'logo') return t.image
  if (name === 'source') return t.lines(String(value).trimEnd().split('\n').length)
  if (/Day$/.test(name)) return format.day(String(value))
  const values: Readonly<Record<string, Readonly<Record<string, string>>>> = t.values
  return values[name]?.[String(value)] ?? String(value)
}

function numberText(name: string, value: number, { currency }: Facts, format: Format): string {
  if (/(?:At|Until|Since)$/.test(name)) return format.dateTime(value)
  if (/Bytes$/.test(name)) return format.size(value)
  if (name === 'monthlyPrice')
    return typeof currency === 'string' ? format.money(value, currency) : format.number(value / 100, 2)
  return format.number(value)
}

/** A server of the service's settings has a name and an address; all other lists are of words. */
function itemText(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item)
  const { name, url, domains } = item as Facts
  return `${name} (${[url, ...(Array.isArray(domains) ? domains : [])].join(', ')})`
}

function objectText(name: string, value: Facts, t: FieldTexts, format: Format): string {
  if (name === 'forward') return t.forward((value.targets as string[]).join(', '), value.keepCopy === true)
  if (name === 'raise') return t.raised(format.number(Number(value.limit)), format.dateTime(Number(value.until)))
  return JSON.stringify(value)
}
