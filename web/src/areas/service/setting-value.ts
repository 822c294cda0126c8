/** A setting as its field holds it, and as it is sent. */
import type { SettingAnswer } from '../../../../src/api/service-settings.ts'

export interface ServerRow {
  name: string
  url: string
  /** Separated by commas. */
  domains: string
}
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

export function sentValue({ type }: Pick<SettingAnswer, 'type'>, value: SettingValue | undefined): unknown {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return type === 'number' ? Number(value) : value.trim() || null
  return (value ?? []).map(({ name, url, domains }) => ({
    name: name.trim(),
    url: url.trim(),
    domains: domains.split(/[\s,;]+/).filter(Boolean),
  }))
}
