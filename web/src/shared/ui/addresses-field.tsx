/** Several addresses, one a line. */
import { defineTexts, useTexts } from '../texts/texts.ts'
import type { Bound } from './field.tsx'
import { TextArea } from './text-field.tsx'

const texts = defineTexts({
  fr: {
    hint: 'Une adresse par ligne.',
    missing: 'Indiquez au moins une adresse.',
    wrong: (address: string) => `« ${address} » n’est pas une adresse e-mail.`,
  },
  en: {
    hint: 'One address a line.',
    missing: 'Give at least one address.',
    wrong: address => `“${address}” is not an e-mail address.`,
  },
})

/** What stands between spaces, commas, semicolons and line ends; what is copied from a mail program as well. */
export const addressesOf = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map(part => part.replace(/^<|>$/g, ''))
    .filter(Boolean)

/** `optional`: there may be none. */
export function useAddressesError({ optional = false } = {}): (text: string) => string | undefined {
  const t = useTexts(texts)
  return text => {
    const addresses = addressesOf(text)
    if (addresses.length === 0) return optional ? undefined : t.missing
    const wrong = addresses.find(address => !/^[^@]+@[^@]+\.[^@]+$/.test(address))
    return wrong === undefined ? undefined : t.wrong(wrong)
  }
}

export function AddressesField({
  hint,
  rows = 4,
  ...bound
}: Bound<string> & { label: string; hint?: string; rows?: number; optional?: boolean }) {
  const t = useTexts(texts)
  return <TextArea {...bound} hint={hint === undefined ? t.hint : `${hint} ${t.hint}`} rows={rows} />
}
