/** A plan is made or changed. */
import type { PlanAnswer } from '../../../../src/api/plans.ts'
import { invalidate } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useLanguage } from '../../shared/texts/language.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { minorOf, slugOf, textOfMinor } from './money.ts'
import { texts as shared } from './texts.ts'

const texts = defineTexts({
  fr: {
    add: 'Ajouter une offre',
    edit: (name: string) => `Modifier l’offre ${name}`,
    keeps: 'Les boîtes mail qui l’ont déjà gardent ce qui était convenu.',
    name: 'Nom',
    id: 'Identifiant',
    idHint: 'Pour les programmes ; il ne change plus ensuite.',
    description: 'Description',
    gigabytes: 'Go',
    spaceHint: 'De chaque boîte mail.',
    hourlyHint: 'Là où ni la boîte ni son domaine n’ont leur propre limite. Vide : celle du service.',
    currency: 'Devise',
    nameMissing: 'Indiquez le nom de l’offre.',
    spaceWrong: 'Indiquez l’espace en Go, par exemple 5.',
    hourlyWrong: 'Indiquez un nombre d’envois, ou rien.',
    priceWrong: 'Indiquez le prix, par exemple 3,50.',
    saved: 'L’offre est enregistrée.',
  },
  en: {
    add: 'Add a plan',
    edit: name => `Edit the plan ${name}`,
    keeps: 'Mailboxes that have it keep what was agreed.',
    name: 'Name',
    id: 'Identifier',
    idHint: 'For programs; it never changes afterwards.',
    description: 'Description',
    gigabytes: 'GB',
    spaceHint: 'Of each mailbox.',
    hourlyHint: 'Where neither the mailbox nor its domain has a limit of its own. Empty: that of the service.',
    currency: 'Currency',
    nameMissing: 'Give the name of the plan.',
    spaceWrong: 'Give the space in GB, such as 5.',
    hourlyWrong: 'Give a number of recipients, or nothing.',
    priceWrong: 'Give the price, such as 3.50.',
    saved: 'The plan is saved.',
  },
})

const GB = 1024 ** 3
const currencies = Intl.supportedValuesOf('currency')

export function PlanDialog({ plan, onClose }: { plan: PlanAnswer | null; onClose(): void }) {
  const t = useTexts(texts)
  const s = useTexts(shared)
  const language = useLanguage()
  const names = new Intl.DisplayNames([language], { type: 'currency' })
  const form = useForm({
    initial: {
      name: plan?.name ?? '',
      planId: plan?.planId ?? '',
      description: plan?.description ?? '',
      storageBytes: plan ? String(plan.storageBytes / GB) : '',
      hourlyLimit: plan?.hourlyLimit == null ? '' : String(plan.hourlyLimit),
      monthlyPrice: plan ? textOfMinor(plan.monthlyPrice, plan.currency, language) : '',
      currency: plan?.currency ?? 'EUR',
    },
    check: values => ({
      name: values.name.trim() === '' ? t.nameMissing : undefined,
      storageBytes: bytesOf(values.storageBytes) === null ? t.spaceWrong : undefined,
      hourlyLimit:
        values.hourlyLimit !== '' && !/^\d{1,6}$/.test(values.hourlyLimit.trim()) ? t.hourlyWrong : undefined,
      monthlyPrice: minorOf(values.monthlyPrice, values.currency) === null ? t.priceWrong : undefined,
    }),
    submit: async values => {
      const body = {
        name: values.name.trim(),
        description: values.description.trim(),
        storageBytes: bytesOf(values.storageBytes),
        hourlyLimit: values.hourlyLimit.trim() === '' ? null : Number(values.hourlyLimit),
        monthlyPrice: minorOf(values.monthlyPrice, values.currency),
        currency: values.currency,
      }
      if (plan) await api.patch(`/plans/${plan.planId}`, body)
      else await api.post('/plans', { planId: values.planId || slugOf(values.name), isOffered: true, ...body })
      await invalidate('/plans')
      showToast({ text: t.saved })
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} size="medium" title={plan ? t.edit(plan.name) : t.add} description={plan && t.keeps}>
      <Form form={form} warnsOnLeave submit={s.save} actions={<Button onClick={onClose}>{s.cancel}</Button>}>
        <TextField {...form.field('name')} label={t.name} maxLength={80} required />
        {!plan && (
          <TextField
            {...form.field('planId')}
            label={t.id}
            hint={t.idHint}
            placeholder={slugOf(form.values.name)}
            maxLength={40}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        <TextArea {...form.field('description')} label={t.description} rows={2} maxLength={500} optional />
        <div className="columns">
          <TextField
            {...form.field('storageBytes')}
            label={s.space}
            hint={t.spaceHint}
            inputMode="decimal"
            unit={t.gigabytes}
            required
          />
          <TextField {...form.field('hourlyLimit')} label={s.limit} hint={t.hourlyHint} inputMode="numeric" />
        </div>
        <div className="columns">
          <TextField {...form.field('monthlyPrice')} label={s.price} inputMode="decimal" required />
          <Select
            {...form.field('currency')}
            label={t.currency}
            options={currencies.map(code => ({ value: code, label: `${code} – ${names.of(code) ?? code}` }))}
          />
        </div>
      </Form>
    </Dialog>
  )
}

function bytesOf(text: string): number | null {
  const gigabytes = Number(text.trim().replace(',', '.'))
  return text.trim() !== '' && gigabytes > 0 && gigabytes <= 1_000_000 ? Math.round(gigabytes * GB) : null
}
