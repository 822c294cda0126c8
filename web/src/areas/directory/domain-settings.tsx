/** What its managers decide of a domain: who gets what is nobody's, and what new mailboxes have. */
import type { PlanAnswer } from '../../../../src/api/plans.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { PlanSelect } from '../../shared/plans/plan-select.tsx'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { AddressField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { type Domain, domainPath } from './contract.ts'
import { bytesOf, QuotaField, quotaValue, useQuotaError } from './quota-field.tsx'

const texts = defineTexts({
  fr: {
    title: 'Réglages',
    catchAll: 'Adresse collectrice',
    catchAllHint: 'Reçoit ce qui est envoyé à des adresses inconnues du domaine. Vide : ces messages sont refusés.',
    plan: 'Offre des nouvelles boîtes mail',
    planHint: 'Elle est proposée à la création, et vaut pour les listes qui n’en indiquent pas.',
    noPlan: 'Sans offre',
    quota: 'Espace des nouvelles boîtes mail',
    save: 'Enregistrer',
    saved: 'Réglages enregistrés.',
  },
  en: {
    title: 'Settings',
    catchAll: 'Catch-all address',
    catchAllHint: 'Receives what is sent to unknown addresses of the domain. Empty: such messages are refused.',
    plan: 'Plan of new mailboxes',
    planHint: 'It is proposed when one is made, and holds for lists that name none.',
    noPlan: 'No plan',
    quota: 'Space of new mailboxes',
    save: 'Save',
    saved: 'Settings saved.',
  },
})

export function DomainSettings({ domain }: { domain: Domain }) {
  const t = useTexts(texts)
  const plans = useResource<{ items: PlanAnswer[] }>('/plans')
  return (
    <Card title={t.title}>
      <Await resource={plans}>{({ items }) => <SettingsForm domain={domain} plans={items} />}</Await>
    </Card>
  )
}

function SettingsForm({ domain, plans }: { domain: Domain; plans: readonly PlanAnswer[] }) {
  const t = useTexts(texts)
  const quotaError = useQuotaError()
  const form = useForm({
    initial: {
      catchAll: domain.catchAll ?? '',
      defaultPlanId: domain.defaultPlanId ?? '',
      quota: quotaValue(domain.defaultQuotaBytes, '5'),
    },
    check: values => ({ quota: values.defaultPlanId === '' ? quotaError(values.quota) : undefined }),
    async submit(values) {
      const { catchAll, defaultPlanId, quota } = values
      await api.patch(domainPath(domain.name), {
        catchAll: catchAll.trim() === '' ? null : catchAll.trim(),
        defaultPlanId: defaultPlanId === '' ? null : defaultPlanId,
        ...(defaultPlanId === '' && { defaultQuotaBytes: bytesOf(quota) }),
      })
      form.reset(values)
      await invalidate('/domains')
      showToast({ text: t.saved })
    },
  })
  const hasPlans = domain.defaultPlanId !== null || plans.some(({ isOffered }) => isOffered)
  return (
    <Form form={form} warnsOnLeave submit={t.save}>
      <AddressField {...form.field('catchAll')} label={t.catchAll} hint={t.catchAllHint} optional autoComplete="off" />
      {hasPlans && (
        <PlanSelect
          {...form.field('defaultPlanId')}
          label={t.plan}
          hint={t.planHint}
          plans={plans}
          kept={domain.defaultPlanId}
          none={t.noPlan}
        />
      )}
      {form.values.defaultPlanId === '' && <QuotaField {...form.field('quota')} label={t.quota} />}
    </Form>
  )
}
