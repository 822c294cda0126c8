/** Prices between what people type and the currency's smallest unit. */
import type { Language } from '../../shared/texts/language.ts'

export function minorDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}

/** "3,50" and "3.5" of EUR → 350; null where it is no price. */
export function minorOf(text: string, currency: string): number | null {
  const digits = minorDigits(currency)
  const match = /^(\d{1,7})(?:[.,](\d{1,3}))?$/.exec(text.trim().replace(/[\s\u00a0\u202f]/g, ''))
  if (!match || (match[2] ?? '').length > digits) return null
  return Number(match[1]) * 10 ** digits + Number((match[2] ?? '').padEnd(digits, '0') || 0)
}

export function textOfMinor(minor: number, currency: string, language: Language): string {
  const digits = minorDigits(currency)
  const text = (minor / 10 ** digits).toFixed(digits)
  return language === 'fr' ? text.replace('.', ',') : text
}

/** "Boîte 50 Go" → boite-50-go. */
export function slugOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
}
