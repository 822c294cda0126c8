/** What came and went over time, of one mailbox or of many; and over how long one looks. */
import type { SeriesAnswer } from '../../../../src/api/dashboard.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Plot } from '../ui/plot.tsx'
import { Select } from '../ui/select.tsx'

const texts = defineTexts({
  fr: {
    period: 'Période',
    periods: { day: '24 heures', week: '7 jours', month: '30 jours', year: '12 mois' },
    mailTitle: 'Messages reçus et envoyés',
    received: 'Reçus',
    sent: 'Envoyés (par destinataire)',
    refused: 'Refusés à l’envoi',
    refusedTitle: 'Envois refusés',
  },
  en: {
    period: 'Period',
    periods: { day: '24 hours', week: '7 days', month: '30 days', year: '12 months' },
    mailTitle: 'Mail received and sent',
    received: 'Received',
    sent: 'Sent (by recipient)',
    refused: 'Refused when sending',
    refusedTitle: 'Sending refused',
  },
})

const periods = ['day', 'week', 'month', 'year'] as const
export type Period = (typeof periods)[number]

export function PeriodSelect({ value, onChange }: { value: Period; onChange(period: Period): void }) {
  const t = useTexts(texts)
  return (
    <Select<Period>
      name="period"
      label={<span className="visually-hidden">{t.period}</span>}
      value={value}
      onChange={onChange}
      options={periods.map(period => ({ value: period, label: t.periods[period] }))}
    />
  )
}

export function TrafficPlots({ step, traffic }: Pick<SeriesAnswer, 'step' | 'traffic'>) {
  const t = useTexts(texts)
  const times = traffic.map(({ at }) => at)
  return (
    <>
      <Plot
        title={t.mailTitle}
        step={step}
        times={times}
        series={[
          { label: t.received, values: traffic.map(({ received }) => received) },
          { label: t.sent, values: traffic.map(({ sent }) => sent) },
        ]}
      />
      <Plot
        title={t.refusedTitle}
        step={step}
        kind="bars"
        height={140}
        times={times}
        series={[{ label: t.refused, values: traffic.map(({ refused }) => refused) }]}
      />
    </>
  )
}
