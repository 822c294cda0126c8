/** What was sold of a domain: for staff to change, for its managers to see. */
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { BlockNote } from './block-note.tsx'
import { type Domain, domainPath } from './contract.ts'
import { bytesOf, QuotaField, quotaValue, useQuotaError } from './quota-field.tsx'

const texts = defineTexts({
  fr: {
    title: 'Limites',
    mailboxes: 'Nombre de boîtes mail',
    space: 'Espace à attribuer',
    mailboxLimit: 'Envoi par boîte mail',
    domainLimit: 'Envoi de tout le domaine',
    hint: 'Vide : sans limite propre.',
    perHour: 'dest./heure',
    aHour: (count: string) => `${count} destinataires par heure`,
    none: 'Sans limite propre',
    wrong: 'Indiquez un nombre entier, ou rien.',
    save: 'Enregistrer',
    saved: 'Limites enregistrées.',
  },
  en: {
    title: 'Limits',
    mailboxes: 'Number of mailboxes',
    space: 'Space to allot',
    mailboxLimit: 'Sending of each mailbox',
    domainLimit: 'Sending of the whole domain',
    hint: 'Empty: no limit of its own.',
    perHour: 'rcpt/hour',
    aHour: count => `${count} recipients an hour`,
    none: 'No limit of its own',
    wrong: 'Give a whole number, or nothing.',
    save: 'Save',
    saved: 'Limits saved.',
  },
})

export function DomainLimits({ domain, isStaff }: { domain: Domain; isStaff: boolean }) {
  const t = useTexts(texts)
  const f = useFormat()
  if (isStaff) return <LimitsForm domain={domain} />
  const hourly = (limit: number | null) => (limit === null ? t.none : t.aHour(f.number(limit)))
  return (
    <Card title={t.title}>
      <DescriptionList
        items={[
          { term: t.mailboxes, value: domain.maxMailboxes === null ? t.none : f.number(domain.maxMailboxes) },
          { term: t.space, value: domain.quotaBytes === null ? t.none : f.size(domain.quotaBytes) },
          { term: t.mailboxLimit, value: hourly(domain.mailboxHourlyLimit) },
          { term: t.domainLimit, value: hourly(domain.domainHourlyLimit) },
        ]}
      />
    </Card>
  )
}

const typed = (limit: number | null): string => (limit === null ? '' : String(limit))
const limitOf = (text: string): number | null => (text.trim() === '' ? null : Number(text.trim()))

function LimitsForm({ domain }: { domain: Domain }) {
  const t = useTexts(texts)
  const quotaError = useQuotaError()
  const limitError = (text: string): string | undefined => (/^\d{0,9}$/.test(text.trim()) ? undefined : t.wrong)
  const form = useForm({
    initial: {
      maxMailboxes: typed(domain.maxMailboxes),
      space: quotaValue(domain.quotaBytes, '100'),
      mailboxHourlyLimit: typed(domain.mailboxHourlyLimit),
      domainHourlyLimit: typed(domain.domainHourlyLimit),
    },
    check: values => ({
      maxMailboxes: limitError(values.maxMailboxes),
      space: quotaError(values.space),
      mailboxHourlyLimit: limitError(values.mailboxHourlyLimit),
      domainHourlyLimit: limitError(values.domainHourlyLimit),
    }),
    async submit(values) {
      await api.patch(domainPath(domain.name), {
        maxMailboxes: limitOf(values.maxMailboxes),
        quotaBytes: bytesOf(values.space),
        mailboxHourlyLimit: limitOf(values.mailboxHourlyLimit),
        domainHourlyLimit: limitOf(values.domainHourlyLimit),
      })
      await invalidate('/domains')
      showToast({ text: t.saved })
    },
  })
  return (
    <Card title={t.title}>
      <Form form={form} warnsOnLeave submit={t.save}>
        <BlockNote path={domainPath(domain.name)} />
        <TextField {...form.field('maxMailboxes')} label={t.mailboxes} hint={t.hint} inputMode="numeric" optional />
        <QuotaField {...form.field('space')} label={t.space} />
        <div className="columns">
          <TextField
            {...form.field('mailboxHourlyLimit')}
            label={t.mailboxLimit}
            hint={t.hint}
            unit={t.perHour}
            inputMode="numeric"
            optional
          />
          <TextField
            {...form.field('domainHourlyLimit')}
            label={t.domainLimit}
            hint={t.hint}
            unit={t.perHour}
            inputMode="numeric"
            optional
          />
        </div>
      </Form>
    </Card>
  )
}
