/** Several addresses, one a line. */
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import type { Bound } from '../../shared/ui/field.tsx'
import { TextArea } from '../../shared/ui/text-field.tsx'

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
export const targetsOf = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map(part => part.replace(/^<|>$/g, ''))
    .filter(Boolean)

export function useTargetsError(): (text: string) => string | undefined {
  const t = useTexts(texts)
  return text => {
    const targets = targetsOf(text)
    if (targets.length === 0) return t.missing
    const wrong = targets.find(target => !/^[^@]+@[^@]+\.[^@]+$/.test(target))
    return wrong === undefined ? undefined : t.wrong(wrong)
  }
}

export function TargetsField({ label, ...bound }: Bound<string> & { label: string }) {
  const t = useTexts(texts)
  return <TextArea {...bound} label={label} hint={t.hint} rows={4} />
}
