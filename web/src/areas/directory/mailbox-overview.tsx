/** What a mailbox is: name, space, since when; and the link to its password. */
import { useState } from 'react'
import type { MailboxPlanAnswer } from '../../../../src/api/plans.ts'
import { invalidate, useResource } from '../../shared/api/queries.ts'
import { api, useSession } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { DescriptionList } from '../../shared/ui/description-list.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Meter } from '../../shared/ui/meter.tsx'
import { Await, Skeleton } from '../../shared/ui/states.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { type IssuedLink, type MailboxDetails, mailboxPath } from './contract.ts'
import { issueLink, LinkResult } from './link-result.tsx'
import { bytesOf, QuotaField, quotaValue, useQuotaError } from './quota-field.tsx'

const texts = defineTexts({
  fr: {
    facts: 'En bref',
    used: 'Espace occupé',
    messages: 'Messages',
    created: 'Créée le',
    lastSignIn: 'Dernière connexion',
    kind: 'Type',
    personal: 'Personnelle',
    shared: 'Partagée',
    planTerm: 'Offre',
    noPlan: 'Aucune',
    planPrice: (name: string, price: string) => `${name}, ${price} par mois`,
    changePlan: 'Changer d’offre',
    choosePlan: 'Choisir une offre',
    settings: 'Nom et espace',
    name: 'Nom de la personne',
    quota: 'Espace de stockage',
    plan: 'L’espace vient de l’offre choisie.',
    save: 'Enregistrer',
    saved: 'Modifications enregistrées.',
    password: 'Mot de passe',
    passwordText:
      'Le mot de passe ne s’affiche jamais ici. Un lien d’accès le révèle à la personne, qui peut ensuite choisir le sien.',
    never: 'Aucun mot de passe n’a encore été choisi.',
    link: 'Créer un lien d’accès',
    linkQuestion: (address: string) => `Créer un nouvel accès pour ${address} ?`,
    linkText: 'Un nouveau mot de passe est créé ; l’ancien ne fonctionne plus. Le lien le révèle une seule fois.',
  },
  en: {
    facts: 'In short',
    used: 'Space used',
    messages: 'Messages',
    created: 'Created on',
    lastSignIn: 'Last sign-in',
    kind: 'Kind',
    personal: 'Personal',
    shared: 'Shared',
    planTerm: 'Plan',
    noPlan: 'None',
    planPrice: (name, price) => `${name}, ${price} a month`,
    changePlan: 'Change the plan',
    choosePlan: 'Choose a plan',
    settings: 'Name and space',
    name: 'Name of the person',
    quota: 'Storage space',
    plan: 'The space comes from the chosen plan.',
    save: 'Save',
    saved: 'Changes saved.',
    password: 'Password',
    passwordText:
      'The password is never shown here. A single-use link reveals it to its owner, who can then choose another.',
    never: 'No password has been chosen yet.',
    link: 'Make an access link',
    linkQuestion: address => `Make a new access for ${address}?`,
    linkText: 'A new password is made; the old one ends. The link reveals it once.',
  },
})

export function MailboxOverview({ mailbox, isFixed }: { mailbox: MailboxDetails; isFixed: boolean }) {
  const t = useTexts(texts)
  const f = useFormat()
  const planPath = `${mailboxPath(mailbox.address)}/plan`
  return (
    <div className="stack">
      <Card title={t.facts}>
        <div className="stack">
          <Meter label={t.used} used={mailbox.usedBytes} total={mailbox.quotaBytes} />
          <DescriptionList
            items={[
              {
                term: t.planTerm,
                value: mailbox.planId === null ? t.noPlan : <PlanName address={mailbox.address} />,
                action: (
                  <ButtonLink small href={planPath}>
                    {mailbox.planId === null ? t.choosePlan : t.changePlan}
                  </ButtonLink>
                ),
              },
              { term: t.kind, value: mailbox.kind === 'shared' ? t.shared : t.personal },
              { term: t.messages, value: f.number(mailbox.messages) },
              { term: t.created, value: f.date(mailbox.createdAt) },
              { term: t.lastSignIn, value: f.relative(mailbox.lastSignInAt) },
            ]}
          />
        </div>
      </Card>
      {!isFixed && <Settings mailbox={mailbox} key={`${mailbox.name} ${mailbox.quotaBytes}`} />}
      {mailbox.kind === 'personal' && !isFixed && <PasswordCard mailbox={mailbox} />}
    </div>
  )
}

/** As it was agreed, with its price. */
function PlanName({ address }: { address: string }) {
  const t = useTexts(texts)
  const f = useFormat()
  const plan = useResource<MailboxPlanAnswer>(`${mailboxPath(address)}/plan`)
  return (
    <Await resource={plan} loading={<Skeleton width="10rem" />}>
      {({ terms }) => (terms ? t.planPrice(terms.planName, f.money(terms.monthlyPrice, terms.currency)) : t.noPlan)}
    </Await>
  )
}

function Settings({ mailbox }: { mailbox: MailboxDetails }) {
  const t = useTexts(texts)
  const quotaError = useQuotaError()
  const { principal } = useSession()
  // A plan brings its space; staff may make an exception.
  const isSold = mailbox.planId !== null && principal.role !== 'staff'
  const form = useForm({
    initial: { name: mailbox.name, quota: quotaValue(mailbox.quotaBytes, '5') },
    check: values => ({ quota: isSold ? undefined : quotaError(values.quota) }),
    async submit({ name, quota }) {
      await api.patch(mailboxPath(mailbox.address), { name, ...(!isSold && { quotaBytes: bytesOf(quota) }) })
      await Promise.all([invalidate('/mailboxes'), invalidate('/domains')])
      showToast({ text: t.saved })
    },
  })
  return (
    <Card title={t.settings}>
      <Form form={form} warnsOnLeave submit={t.save}>
        <TextField {...form.field('name')} label={t.name} optional autoComplete="off" />
        {isSold ? <p className="muted">{t.plan}</p> : <QuotaField {...form.field('quota')} label={t.quota} />}
      </Form>
    </Card>
  )
}

function PasswordCard({ mailbox }: { mailbox: MailboxDetails }) {
  const t = useTexts(texts)
  const [asking, setAsking] = useState(false)
  const [link, setLink] = useState<IssuedLink | null>(null)
  return (
    <Card title={t.password} description={mailbox.hasPassword ? t.passwordText : `${t.never} ${t.passwordText}`}>
      {link ? (
        <LinkResult link={link} />
      ) : (
        <div>
          <Button onClick={() => setAsking(true)}>{t.link}</Button>
        </div>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.linkQuestion(mailbox.address)}
        confirm={t.link}
        onConfirm={async () => {
          setLink(await issueLink(mailbox.address))
          void invalidate('/mailboxes')
        }}
      >
        {t.linkText}
      </ConfirmDialog>
    </Card>
  )
}
