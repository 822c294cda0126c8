/** The catalogue of plans: staff change it, managers see what is offered. */
import { Package, Plus } from 'lucide-react'
import { useState } from 'react'
import type { PlanAnswer } from '../../../../src/api/plans.ts'
import { asProblem } from '../../shared/api/problem.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api, useSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Badge } from '../../shared/ui/badge.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DataTable } from '../../shared/ui/data-table.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { PlanDialog } from './plan-dialog.tsx'
import { texts as shared } from './texts.ts'

const texts = defineTexts({
  fr: {
    title: 'Offres',
    description: 'Un changement vaut pour les boîtes mail qui reçoivent l’offre ensuite : ce qui est convenu reste.',
    add: 'Ajouter une offre',
    none: 'Aucune offre pour l’instant',
    noneText: 'Une offre fixe l’espace, la limite d’envoi et le prix d’une boîte mail.',
    mailboxes: 'Boîtes mail',
    state: 'État',
    offered: 'Proposée',
    retired: 'Retirée',
    edit: 'Modifier',
    retire: 'Retirer',
    offer: 'Proposer à nouveau',
    retiredNow: (name: string) => `L’offre ${name} n’est plus proposée.`,
    offeredNow: (name: string) => `L’offre ${name} est proposée.`,
  },
  en: {
    title: 'Plans',
    description: 'A change holds for mailboxes that get the plan from then on: what was agreed stays.',
    add: 'Add a plan',
    none: 'No plans yet',
    noneText: 'A plan sets the space, the sending limit and the price of a mailbox.',
    mailboxes: 'Mailboxes',
    state: 'State',
    offered: 'Offered',
    retired: 'Retired',
    edit: 'Edit',
    retire: 'Retire',
    offer: 'Offer again',
    retiredNow: name => `The plan ${name} is no longer offered.`,
    offeredNow: name => `The plan ${name} is offered.`,
  },
})

export default function PlansPage() {
  const t = useTexts(texts)
  const s = useTexts(shared)
  const f = useFormat()
  const { principal } = useSession()
  const isStaff = principal.role === 'staff'
  const plans = useResource<{ items: PlanAnswer[] }>('/plans')
  const [edited, setEdited] = useState<PlanAnswer | 'new' | null>(null)
  const add = (
    <Button kind="primary" icon={Plus} onClick={() => setEdited('new')}>
      {t.add}
    </Button>
  )
  const offer = async (plan: PlanAnswer): Promise<void> => {
    try {
      await api.patch(`/plans/${plan.planId}`, { isOffered: !plan.isOffered })
      await invalidate('/plans')
      showToast({ text: plan.isOffered ? t.retiredNow(plan.name) : t.offeredNow(plan.name) })
    } catch (error) {
      showToast({ kind: 'danger', text: asProblem(error).message })
    }
  }
  return (
    <Page title={t.title} description={isStaff ? t.description : undefined} actions={isStaff && add}>
      <Card flush>
        <Await resource={plans}>
          {({ items }) => (
            <DataTable
              label={t.title}
              source={items}
              rowKey={plan => plan.planId}
              rowName={plan => plan.name}
              empty={
                <EmptyState icon={Package} title={t.none}>
                  {t.noneText}
                </EmptyState>
              }
              {...(isStaff && {
                actions: (plan: PlanAnswer) => [
                  { label: t.edit, onSelect: () => setEdited(plan) },
                  { label: plan.isOffered ? t.retire : t.offer, onSelect: () => void offer(plan) },
                ],
              })}
              columns={[
                {
                  key: 'name',
                  header: s.plan,
                  cell: plan => (
                    <>
                      <strong>{plan.name}</strong>
                      {plan.description && <div className="muted">{plan.description}</div>}
                    </>
                  ),
                },
                { key: 'space', header: s.space, align: 'end', cell: plan => f.size(plan.storageBytes) },
                {
                  key: 'limit',
                  header: s.limit,
                  align: 'end',
                  wideOnly: true,
                  cell: plan => (plan.hourlyLimit === null ? s.noLimit : f.number(plan.hourlyLimit)),
                },
                {
                  key: 'price',
                  header: s.price,
                  align: 'end',
                  cell: plan => f.money(plan.monthlyPrice, plan.currency),
                },
                { key: 'mailboxes', header: t.mailboxes, align: 'end', cell: plan => f.number(plan.mailboxes) },
                {
                  key: 'state',
                  header: t.state,
                  narrow: true,
                  cell: plan => (
                    <Badge tone={plan.isOffered ? 'success' : 'neutral'}>
                      {plan.isOffered ? t.offered : t.retired}
                    </Badge>
                  ),
                },
              ]}
            />
          )}
        </Await>
      </Card>
      {edited && <PlanDialog plan={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  )
}
