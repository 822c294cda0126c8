/** The dialog that makes a mailbox: who, where, how much; then the link to its password. */
import { useState } from 'react'
import type { PlanAnswer } from '../../../../src/api/plans.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useEveryDomain } from '../../shared/domains/every-domain.ts'
import { PlanSelect } from '../../shared/plans/plan-select.tsx'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { RadioGroup } from '../../shared/ui/choices.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { AddressField, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import type { CreatedMailbox, Domain, IssuedLink, Mailbox } from './contract.ts'
import { LinkResult } from './link-result.tsx'
import { bytesOf, QuotaField, quotaValue, useQuotaError } from './quota-field.tsx'

const texts = defineTexts({
  fr: {
    title: 'Nouvelle boîte mail',
    localPart: 'Adresse',
    domain: 'Domaine',
    name: 'Nom de la personne',
    kind: 'Type',
    personal: 'Personnelle',
    personalHint: 'Une personne s’y connecte avec son mot de passe.',
    shared: 'Partagée',
    sharedHint: 'Plusieurs personnes la lisent, chacune avec son propre accès.',
    quota: 'Espace de stockage',
    plan: 'Offre',
    noPlan: 'Sans offre',
    sendTo: 'Envoyer le lien à',
    sendToHint: 'Une adresse que la personne lit déjà. Sinon, vous copierez le lien.',
    submit: 'Créer la boîte mail',
    localMissing: 'Indiquez ce qui précède le @.',
    noDomain: 'Aucun domaine : ajoutez-en un d’abord.',
    created: (address: string) => `${address} est prête`,
    keepsPassword:
      'Quelqu’un se connecte déjà avec cette adresse : la boîte mail est la sienne, et son mot de passe ne change pas.',
    sharedReady: 'Ajoutez ses membres sur sa page.',
    done: 'Terminé',
    another: 'En créer une autre',
  },
  en: {
    title: 'New mailbox',
    localPart: 'Address',
    domain: 'Domain',
    name: 'Name of the person',
    kind: 'Kind',
    personal: 'Personal',
    personalHint: 'One person signs in with a password.',
    shared: 'Shared',
    sharedHint: 'Several people read it, each with an access of their own.',
    quota: 'Storage space',
    plan: 'Plan',
    noPlan: 'No plan',
    sendTo: 'Send the link to',
    sendToHint: 'An address the person reads already. Otherwise you copy the link.',
    submit: 'Create the mailbox',
    localMissing: 'Give what comes before the @.',
    noDomain: 'No domain: add one first.',
    created: address => `${address} is ready`,
    keepsPassword: 'Someone signs in with this address already: the mailbox is theirs, and their password stays.',
    sharedReady: 'Add its members on its page.',
    done: 'Done',
    another: 'Create another',
  },
})

interface Made {
  mailbox: Mailbox
  link: IssuedLink | null
}

export function CreateMailbox({ open, onClose, domain }: { open: boolean; onClose(): void; domain?: string }) {
  return open ? <OpenDialog onClose={onClose} domain={domain} /> : null
}

function OpenDialog({ onClose, domain }: { onClose(): void; domain: string | undefined }) {
  const t = useTexts(texts)
  const domains = useEveryDomain()
  const plans = useResource<{ items: PlanAnswer[] }>('/plans')
  const [made, setMade] = useState<Made | null>(null)
  return (
    <Dialog
      open
      size="medium"
      shownOnce={made?.link != null}
      onClose={onClose}
      title={made ? t.created(made.mailbox.address) : t.title}
    >
      {made ? (
        <MadeMailbox made={made} onClose={onClose} again={() => setMade(null)} />
      ) : (
        <Await resource={domains}>
          {every =>
            every.length === 0 ? (
              <Alert>{t.noDomain}</Alert>
            ) : (
              <Await resource={plans}>
                {({ items: offered }) => (
                  <NewMailboxForm
                    domains={every}
                    plans={offered}
                    first={domain ?? every[0]?.name ?? ''}
                    onMade={setMade}
                  />
                )}
              </Await>
            )
          }
        </Await>
      )}
    </Dialog>
  )
}

function MadeMailbox({ made, onClose, again }: { made: Made; onClose(): void; again(): void }) {
  const t = useTexts(texts)
  const { mailbox, link } = made
  return (
    <div className="stack">
      {mailbox.kind === 'shared' ? (
        <Alert kind="success">{t.sharedReady}</Alert>
      ) : link ? (
        <LinkResult link={link} />
      ) : (
        <Alert kind="success">{t.keepsPassword}</Alert>
      )}
      <div className="row end">
        <Button onClick={again}>{t.another}</Button>
        <Button kind="primary" onClick={onClose}>
          {t.done}
        </Button>
      </div>
    </div>
  )
}

function NewMailboxForm({
  domains,
  plans,
  first,
  onMade,
}: {
  domains: readonly Domain[]
  plans: readonly PlanAnswer[]
  first: string
  onMade(made: Made): void
}) {
  const t = useTexts(texts)
  const quotaError = useQuotaError()
  const find = (name: string) => domains.find(domain => domain.name === name)
  /** What new mailboxes of that domain get. */
  const usual = (name: string) => ({
    planId: find(name)?.defaultPlanId ?? '',
    quota: quotaValue(find(name)?.defaultQuotaBytes ?? null, '5'),
  })
  const form = useForm({
    initial: {
      localPart: '',
      domain: first,
      name: '',
      kind: 'personal' as Mailbox['kind'],
      ...usual(first),
      sendTo: '',
    },
    check: values => ({
      localPart: values.localPart.trim() === '' ? t.localMissing : undefined,
      quota: values.planId === '' ? quotaError(values.quota) : undefined,
    }),
    async submit(values) {
      // Whoever pastes a whole address gets that one.
      const typed = values.localPart.trim()
      const address = typed.includes('@') ? typed : `${typed}@${values.domain}`
      const { name, kind, planId } = values
      const space = planId === '' ? { quotaBytes: bytesOf(values.quota) } : { planId }
      const sendTo = values.sendTo.trim()
      const wish = kind === 'personal' ? { link: { sendTo: sendTo === '' ? null : sendTo } } : {}
      const { link, ...mailbox } = await api.post<CreatedMailbox>('/mailboxes', {
        address,
        name,
        kind,
        ...space,
        ...wish,
      })
      void invalidate('/mailboxes')
      void invalidate('/domains')
      onMade({ mailbox, link })
    },
  })
  const usualPlan = find(form.values.domain)?.defaultPlanId ?? null
  return (
    <Form form={form} warnsOnLeave submit={t.submit} wide>
      <div className="columns">
        <AddressField {...form.field('localPart')} label={t.localPart} autoComplete="off" autoFocus required />
        <Select
          {...form.field('domain')}
          label={t.domain}
          options={domains.map(({ name }) => ({ value: name, label: `@${name}` }))}
          onChange={domain => form.set({ domain, ...usual(domain) })}
        />
      </div>
      <TextField {...form.field('name')} label={t.name} optional autoComplete="off" />
      <RadioGroup
        {...form.field('kind')}
        label={t.kind}
        cards
        options={[
          { value: 'personal', label: t.personal, hint: t.personalHint },
          { value: 'shared', label: t.shared, hint: t.sharedHint },
        ]}
      />
      {(plans.some(({ isOffered }) => isOffered) || usualPlan !== null) && (
        <PlanSelect {...form.field('planId')} label={t.plan} plans={plans} kept={usualPlan} none={t.noPlan} />
      )}
      {form.values.planId === '' && <QuotaField {...form.field('quota')} label={t.quota} />}
      {form.values.kind === 'personal' && (
        <AddressField {...form.field('sendTo')} label={t.sendTo} hint={t.sendToHint} optional autoComplete="off" />
      )}
    </Form>
  )
}
