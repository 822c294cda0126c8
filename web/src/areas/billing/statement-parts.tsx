/** What the statement of all domains and that of one share. */
import { Download } from 'lucide-react'
import { urlOf } from '../../shared/api/client.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { type Language, useLanguage } from '../../shared/texts/language.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { statementTexts } from './statement-texts.ts'

export function monthName(month: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
  return format.format(Date.parse(`${month}-15T00:00:00Z`))
}

/** From the latest back to the first. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = last; month >= first && months.length < 240; month = monthBefore(month)) months.push(month)
  return months
}

function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

export function Exports({ month, domain }: { month: string; domain?: string }) {
  const t = useTexts(statementTexts)
  const language = useLanguage()
  return (
    <>
      <ButtonLink external download icon={Download} href={urlOf(`/statements/${month}/csv`, { domain, language })}>
        {t.csv}
      </ButtonLink>
      <ButtonLink external download icon={Download} href={urlOf(`/statements/${month}/json`, { domain })}>
        {t.json}
      </ButtonLink>
    </>
  )
}

export function Totals({ totals }: { totals: readonly { currency: string; amount: number }[] }) {
  const f = useFormat()
  return <>{f.list(totals.map(({ amount, currency }) => f.money(amount, currency)))}</>
}
