/** The plan of one mailbox: given, changed, and its history. */

import type { MailboxPlanAnswer, PlanAnswer } from '../../../../src/api/plans.ts'
import { useAddressParam } from '../../shared/address-param.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api, useSession } from '../../shared/api/session.ts'
import { PlanSelect } from '../../shared/plans/plan-select.tsx'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Card } from '../../shared/ui/card.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { LedgerTable } from './ledger-table.tsx'
import { texts as shared } from './texts.ts'

const texts = defineTexts({
  fr: {
    title: (address: string) => `Offre de ${address}`,
    mailboxes: 'Boîtes mail',
    now: 'Aujourd’hui',
    used: 'Espace occupé',
    change: 'Changer d’offre',
    hint: 'L’espace et la limite d’envoi suivent aussitôt ; le mois en cours est compté au jour près.',
    chosen: 'Nouvelle offre',
    assign: 'Changer d’offre',
    done: 'L’offre est changée.',
    same: 'Choisissez une autre offre.',
    history: 'Historique',
  },
  en: {
    title: address => `Plan of ${address}`,
    mailboxes: 'Mailboxes',
    now: 'Today',
    used: 'Space used',
    change: 'Change the plan',
    hint: 'Space and sending limit follow at once; the running month is counted by the day.',
    chosen: 'New plan',
    assign: 'Change the plan',
    done: 'The plan is changed.',
    same: 'Choose another plan.',
    history: 'History',
  },
})

export default function MailboxPlanPage() {
  const t = useTexts(texts)
  const s = useTexts(shared)
  const f = useFormat()
  const address = useAddressParam()
  const path = `/mailboxes/${encodeURIComponent(address)}/plan`
  const mailbox = useResource<MailboxPlanAnswer>(path)
  const plans = useResource<{ items: PlanAnswer[] }>('/plans')
  return (
    <Page
      narrow
      title={t.title(address)}
      breadcrumbs={[
        { href: '/mailboxes', label: t.mailboxes },
        { href: `/mailboxes/${encodeURIComponent(address)}`, label: address },
      ]}
    >
      <Await resource={mailbox}>
        {({ terms, usedBytes, quotaBytes }) => (
          <>
            <Card
              title={terms?.planName ?? s.noPlan}
              description={terms ? s.perMonth(f.money(terms.monthlyPrice, terms.currency)) : undefined}
            >
              <Meter label={t.used} used={usedBytes} total={quotaBytes} />
            </Card>
            <Await resource={plans}>
              {({ items }) => <Change path={path} plans={items} current={terms?.planId ?? ''} />}
            </Await>
          </>
        )}
      </Await>
      <Card title={t.history} flush>
        <LedgerTable address={address} />
      </Card>
    </Page>
  )
}

function Change({ path, plans, current }: { path: string; plans: PlanAnswer[]; current: string }) {
  const t = useTexts(texts)
  const s = useTexts(shared)
  const isStaff = useSession().principal.role === 'staff'
  const form = useForm({
    initial: { planId: current },
    check: ({ planId }) => ({ planId: planId === current ? t.same : undefined }),
    submit: async ({ planId }) => {
      const plan = plans.find(each => each.planId === planId)
      const seen = plan && { monthlyPrice: plan.monthlyPrice, currency: plan.currency }
      await api.put(path, plan ? { planId, seen } : { planId: null })
      await Promise.all([invalidate('/mailboxes'), invalidate('/ledger'), invalidate('/plans')])
      form.reset({ planId })
      showToast({ text: t.done })
    },
  })
  return (
    <Card title={t.change} description={t.hint}>
      <Form form={form} warnsOnLeave submit={t.assign}>
        <PlanSelect
          {...form.field('planId')}
          label={t.chosen}
          plans={plans}
          kept={current || null}
          none={isStaff || current === '' ? s.noPlan : undefined}
        />
      </Form>
    </Card>
  )
}
