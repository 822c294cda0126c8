/** "Get more space": what one has, what larger plans cost, and choosing one or asking for it. */
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { OfferAnswer } from '../../../../src/api/own-plan.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog, Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { TextArea } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import './billing.css'
import { texts as shared } from './texts.ts'

const texts = defineTexts({
  fr: {
    title: 'Mon offre',
    description: 'L’espace de votre boîte mail, et comment en obtenir davantage.',
    now: 'Aujourd’hui',
    used: 'Espace occupé',
    without: 'Votre boîte mail n’a pas d’offre.',
    more: 'Plus d’espace',
    largest: 'Il n’y a pas d’offre plus grande',
    largestText: 'Pour libérer de la place, supprimez des messages et videz la corbeille.',
    choose: 'Choisir',
    ask: 'Demander',
    difference: (price: string) => `${price} de plus par mois`,
    askFirst: 'Le changement se fait sur demande : la personne qui gère votre boîte mail la reçoit par mail.',
    confirm: (name: string) => `Passer à l’offre ${name} ?`,
    confirmText: (space: string, price: string) =>
      `Votre boîte mail aura ${space} dès maintenant, pour ${price} par mois. Le premier mois est compté au jour près.`,
    confirmed: (name: string) => `Vous avez maintenant l’offre ${name}.`,
    askFor: (name: string) => `Demander l’offre ${name}`,
    message: 'Message',
    messageHint: 'Par exemple, pourquoi vous avez besoin de plus d’espace.',
    send: 'Envoyer la demande',
    sent: 'Votre demande est envoyée. La réponse viendra par mail.',
  },
  en: {
    title: 'My plan',
    description: 'The space of your mailbox, and how to get more.',
    now: 'Today',
    used: 'Space used',
    without: 'Your mailbox has no plan.',
    more: 'More space',
    largest: 'There is no larger plan',
    largestText: 'To make room, delete messages and empty the trash.',
    choose: 'Choose',
    ask: 'Ask for it',
    difference: price => `${price} more a month`,
    askFirst: 'The change has to be asked for: whoever manages your mailbox gets your request by mail.',
    confirm: name => `Change to the plan ${name}?`,
    confirmText: (space, price) =>
      `Your mailbox has ${space} from now on, for ${price} a month. The first month is counted by the day.`,
    confirmed: name => `You now have the plan ${name}.`,
    askFor: name => `Ask for the plan ${name}`,
    message: 'Message',
    messageHint: 'Such as why you need more space.',
    send: 'Send the request',
    sent: 'Your request is sent. The answer will come by mail.',
  },
})

type Plan = OfferAnswer['larger'][number]

export default function OwnPlanPage() {
  const t = useTexts(texts)
  const offer = useResource<OfferAnswer>('/mailbox/plan')
  return (
    <Page narrow title={t.title} description={t.description}>
      <Await resource={offer}>
        {data => (
          <>
            <Current offer={data} />
            <Larger offer={data} />
          </>
        )}
      </Await>
    </Page>
  )
}

function Current({ offer: { terms, usedBytes, quotaBytes } }: { offer: OfferAnswer }) {
  const t = useTexts(texts)
  const s = useTexts(shared)
  const f = useFormat()
  return (
    <Card
      title={terms ? terms.planName : t.now}
      description={terms ? s.perMonth(f.money(terms.monthlyPrice, terms.currency)) : t.without}
    >
      <Meter label={t.used} used={usedBytes} total={quotaBytes} />
    </Card>
  )
}

function Larger({ offer }: { offer: OfferAnswer }) {
  const t = useTexts(texts)
  const s = useTexts(shared)
  const f = useFormat()
  const [chosen, setChosen] = useState<Plan | null>(null)
  const { larger, mayChoose, terms } = offer
  const close = (): void => setChosen(null)
  const choose = async (plan: Plan): Promise<void> => {
    const { planId, monthlyPrice, currency } = plan
    await api.put('/mailbox/plan', { planId, seen: { monthlyPrice, currency } })
    await invalidate('/mailbox')
    showToast({ text: t.confirmed(plan.name) })
  }
  if (larger.length === 0)
    return (
      <Card title={t.more}>
        <EmptyState icon={CircleCheck} title={t.largest}>
          {t.largestText}
        </EmptyState>
      </Card>
    )
  return (
    <Card title={t.more} flush>
      {!mayChoose && (
        <div className="billing-note">
          <Alert>{t.askFirst}</Alert>
        </div>
      )}
      <ul className="list billing-offers">
        {larger.map(plan => (
          <li key={plan.planId}>
            <div>
              <strong>{plan.name}</strong>
              <div>
                {f.size(plan.storageBytes)} · {s.perMonth(f.money(plan.monthlyPrice, plan.currency))}
              </div>
              {plan.description && <div className="muted">{plan.description}</div>}
              {terms && terms.currency === plan.currency && plan.monthlyPrice > terms.monthlyPrice && (
                <small className="muted">
                  {t.difference(f.money(plan.monthlyPrice - terms.monthlyPrice, plan.currency))}
                </small>
              )}
            </div>
            <Button aria-label={`${mayChoose ? t.choose : t.ask} – ${plan.name}`} onClick={() => setChosen(plan)}>
              {mayChoose ? t.choose : t.ask}
            </Button>
          </li>
        ))}
      </ul>
      {chosen && mayChoose && (
        <ConfirmDialog
          open
          onClose={close}
          title={t.confirm(chosen.name)}
          confirm={t.choose}
          onConfirm={() => choose(chosen)}
        >
          {t.confirmText(f.size(chosen.storageBytes), f.money(chosen.monthlyPrice, chosen.currency))}
        </ConfirmDialog>
      )}
      {chosen && !mayChoose && <Ask plan={chosen} onClose={close} />}
    </Card>
  )
}

function Ask({ plan, onClose }: { plan: Plan; onClose(): void }) {
  const t = useTexts(texts)
  const s = useTexts(shared)
  const form = useForm({
    initial: { message: '' },
    submit: async ({ message }) => {
      await api.post('/mailbox/plan-requests', { planId: plan.planId, message })
      showToast({ text: t.sent })
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t.askFor(plan.name)}>
      <Form form={form} submit={t.send} actions={<Button onClick={onClose}>{s.cancel}</Button>}>
        <TextArea
          {...form.field('message')}
          label={t.message}
          hint={t.messageHint}
          rows={4}
          maxLength={2000}
          optional
        />
      </Form>
    </Dialog>
  )
}
