import type { Bound, FieldLook } from './field.tsx'
import { Select } from './select.tsx'

export const browserTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Every time zone the browser knows, and the one that is chosen if it knows it not. `none`: the text of no choice. */
export function TimeZoneField({ none, ...field }: Bound<string> & FieldLook & { none?: string }) {
  const known = Intl.supportedValuesOf('timeZone')
  const zones = field.value === '' || known.includes(field.value) ? known : [field.value, ...known]
  const options = zones.map(zone => ({ value: zone, label: zone.replaceAll('_', ' ') }))
  return <Select {...field} options={none === undefined ? options : [{ value: '', label: none }, ...options]} />
}
