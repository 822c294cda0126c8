/**
 * A statement as CSV (RFC 4180) that spreadsheets of either language open by a double click: with a byte order mark, and
 * in French with semicolons and decimal commas. Dates are ISO 8601, which both read as dates.
 */
import type { Language } from '../../store/types/principals.ts'
import type { StatementOfDomain } from './statement.ts'

const columns: Record<Language, readonly string[]> = {
  fr: [
    'Mois',
    'Domaine',
    'Boîte mail',
    'Offre',
    'Espace (Go)',
    'Prix mensuel',
    'Du',
    'Au',
    'Jours',
    'Jours du mois',
    'Montant',
    'Devise',
  ],
  en: [
    'Month',
    'Domain',
    'Mailbox',
    'Plan',
    'Space (GB)',
    'Monthly price',
    'From',
    'Until',
    'Days',
    'Days of the month',
    'Amount',
    'Currency',
  ],
}

const GB = 1024 ** 3

export function csvHeader(language: Language): string {
  return `\ufeff${line(columns[language], language)}`
}

export function csvLines({ month, domain, daysInMonth, lines }: StatementOfDomain, language: Language): string {
  return lines
    .map(({ address, planName, storageBytes, monthlyPrice, currency, from, until, days, amount }) =>
      line(
        [
          month,
          domain,
          address,
          planName,
          decimal(storageBytes / GB, 2, language),
          money(monthlyPrice, currency, language),
          from,
          until,
          String(days),
          String(daysInMonth),
          money(amount, currency, language),
          currency,
        ],
        language,
      ),
    )
    .join('')
}

/** Digits behind the point, as ISO 4217 has them: 2 of euros, none of yens. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

function money(amount: number, currency: string, language: Language): string {
  const digits = minorDigits(currency)
  return decimal(amount / 10 ** digits, digits, language)
}

function decimal(value: number, digits: number, language: Language): string {
  const text = value.toFixed(digits)
  return language === 'fr' ? text.replace('.', ',') : text
}

function line(fields: readonly string[], language: Language): string {
  const separator = language === 'fr' ? ';' : ','
  return `${fields.map(field => quoted(field, separator)).join(separator)}\r\n`
}

function quoted(field: string, separator: string): string {
  // Spreadsheets take what begins so for a formula.
  const text = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
