/** A setting as its field holds it, and as it is sent. */
import type { SettingAnswer } from '../../../../src/api/service-settings.ts'

export interface ServerRow {
  name: string
  url: string
  /** Separated by commas. */
  domains: string
}

/** Whether it has a name, and an address without a path. */
export const isServer = ({ name, url }: ServerRow): boolean =>
  name.trim() !== '' && /^https:\/\/[^\s/?#@]+\/?$/i.test(url.trim())

export type SettingValue = string | boolean | readonly ServerRow[]

interface Server {
  name: string
  url: string
  domains: string[]
}

export function formValue({ type, value }: Pick<SettingAnswer, 'type' | 'value'>): SettingValue {
  if (type === 'flag') return value === true
  // The service's own answer, of the shape its documentation gives.
  if (type === 'servers')
    return (value as Server[]).map(({ name, url, domains }) => ({ name, url, domains: domains.join(', ') }))
  return value === null ? '' : String(value)
}

/** What is typed as a number; null: nothing, where that may be; undefined: none that the setting takes. */
export function numberOf(
  { isOptional, minimum = 0, maximum = 0 }: Pick<SettingAnswer, 'isOptional' | 'minimum' | 'maximum'>,
  typed: string,
): number | null | undefined {
  // `Number` takes no text for 0, which as a limit of sending is the opposite of none.
  if (typed.trim() === '') return isOptional ? null : undefined
  const number = Number(typed)
  return Number.isInteger(number) && number >= minimum && number <= maximum ? number : undefined
}

export function sentValue(
  item: Pick<SettingAnswer, 'type' | 'isOptional' | 'minimum' | 'maximum'>,
  value: SettingValue | undefined,
): unknown {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return item.type === 'number' ? numberOf(item, value) : value.trim() || null
  return (value ?? []).map(({ name, url, domains }) => ({
    name: name.trim(),
    url: url.trim(),
    domains: domains.split(/[\s,;]+/).filter(Boolean),
  }))
}
