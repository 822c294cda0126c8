/** A storage space as people give it: a number of gigabytes, or no limit. */
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Checkbox } from '../../shared/ui/choices.tsx'
import type { Bound } from '../../shared/ui/field.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'

const texts = defineTexts({
  fr: { unit: 'Go', unlimited: 'Sans limite', wrong: 'Indiquez un nombre de gigaoctets, par exemple 5.' },
  en: { unit: 'GB', unlimited: 'No limit', wrong: 'Give a number of gigabytes, for instance 5.' },
})

/** As it is typed; `unlimited` goes before. */
export interface QuotaValue {
  gigabytes: string
  unlimited: boolean
  /** What there is. The field shows it rounded: 500 MB would be some other space once a form is saved that changes something else. */
  kept: number | null
}

const GIGABYTE = 1024 ** 3

/** To hundredths, and of what is smaller the first digits. */
function shown(bytes: number): string {
  const gigabytes = bytes / GIGABYTE
  return String(gigabytes < 0.1 ? Number(gigabytes.toPrecision(2)) : Math.round(gigabytes * 100) / 100)
}

export const quotaValue = (bytes: number | null, otherwise = ''): QuotaValue => ({
  gigabytes: bytes === null ? otherwise : shown(bytes),
  unlimited: bytes === null,
  kept: bytes,
})

/** Bytes; undefined where what is typed is no size. */
export function bytesOf({ gigabytes, unlimited, kept }: QuotaValue): number | null | undefined {
  if (unlimited) return null
  if (kept !== null && gigabytes === shown(kept)) return kept
  const number = Number(gigabytes.trim().replace(',', '.'))
  return gigabytes.trim() !== '' && number > 0 && number < 1e6 ? Math.round(number * GIGABYTE) : undefined
}

export function useQuotaError(): (value: QuotaValue) => string | undefined {
  const t = useTexts(texts)
  return value => (bytesOf(value) === undefined ? t.wrong : undefined)
}

export function QuotaField({ label, hint, ...bound }: Bound<QuotaValue> & { label: string; hint?: string }) {
  const t = useTexts(texts)
  const { name, value, onChange, error } = bound
  return (
    <div className="stack tight">
      <TextField
        name={name}
        label={label}
        hint={hint}
        unit={t.unit}
        inputMode="decimal"
        value={value.unlimited ? '' : value.gigabytes}
        disabled={value.unlimited}
        error={error}
        onChange={gigabytes => onChange({ ...value, gigabytes })}
      />
      <Checkbox
        name={`${name}-unlimited`}
        label={t.unlimited}
        value={value.unlimited}
        onChange={unlimited => onChange({ ...value, unlimited })}
      />
    </div>
  )
}
