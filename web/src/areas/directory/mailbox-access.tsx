/** What is on: signing in, sending, receiving, each for itself; and how much may be sent. */
import { invalidate } from '../../shared/api/queries.ts'
import { api, useSession } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { Switch } from '../../shared/ui/choices.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { BlockNote } from './block-note.tsx'
import { type MailboxDetails, mailboxPath } from './contract.ts'

const texts = defineTexts({
  fr: {
    title: 'Accès',
    description: 'Chaque réglage prend effet aussitôt.',
    signIn: 'Connexion',
    signInHint: 'À l’espace client et depuis les logiciels de messagerie. Coupée, les sessions ouvertes se ferment.',
    sending: 'Envoi',
    sendingHint:
      'Coupé, ce qu’envoie un logiciel de messagerie est refusé avec une explication. Transferts, filtres et réponses automatiques continuent.',
    receiving: 'Réception',
    receivingHint: 'Coupée, les expéditeurs reçoivent un message de refus (550).',
    suspended: 'Cette boîte mail est suspendue : elle reçoit encore, et personne ne s’y connecte.',
    security: 'Sécurité',
    securityText: 'Double authentification, mots de passe d’application, sessions ouvertes et connexions.',
    seeSecurity: 'Voir la sécurité',
    limit: 'Limite d’envoi',
    limitHint: 'Destinataires par heure. Vide : la limite du domaine, sinon de l’offre, sinon du service.',
    limitWrong: 'Indiquez un nombre entier, ou rien.',
    save: 'Enregistrer',
    saved: 'Limite enregistrée.',
    unit: 'par heure',
  },
  en: {
    title: 'Access',
    description: 'Each setting takes effect at once.',
    signIn: 'Sign-in',
    signInHint: 'To the panel and from mail programs. When off, open sessions are closed.',
    sending: 'Sending',
    sendingHint:
      'When off, what a mail program sends is refused with an explanation. Forwards, filters and automatic replies go on.',
    receiving: 'Receiving',
    receivingHint: 'When off, senders get a refusal (550).',
    suspended: 'This mailbox is suspended: it still receives, and nobody signs in to it.',
    security: 'Security',
    securityText: 'Second factor, app passwords, open sessions and sign-ins.',
    seeSecurity: 'See the security',
    limit: 'Sending limit',
    limitHint: 'Recipients an hour. Empty: the limit of the domain, else of the plan, else of the service.',
    limitWrong: 'Give a whole number, or nothing.',
    save: 'Save',
    saved: 'Limit saved.',
    unit: 'an hour',
  },
})

export function MailboxAccess({ mailbox, isFixed }: { mailbox: MailboxDetails; isFixed: boolean }) {
  const t = useTexts(texts)
  const { principal } = useSession()
  const set = useAction(async (change: Record<string, boolean>) => {
    await api.patch(mailboxPath(mailbox.address), change)
    await invalidate('/mailboxes')
  })
  return (
    <div className="stack">
      {mailbox.state === 'receiving' && <Alert kind="warning">{t.suspended}</Alert>}
      <Card title={t.title} description={isFixed ? undefined : t.description}>
        <div className="stack">
          {set.problem && (
            <Alert kind="danger" live>
              {set.problem.message}
            </Alert>
          )}
          <Switch
            name="signInEnabled"
            label={t.signIn}
            hint={t.signInHint}
            value={mailbox.signInEnabled}
            disabled={set.busy || isFixed}
            onChange={signInEnabled => void set.run({ signInEnabled })}
          />
          <Switch
            name="sendingEnabled"
            label={t.sending}
            hint={t.sendingHint}
            value={mailbox.sendingEnabled}
            disabled={set.busy || isFixed}
            onChange={sendingEnabled => void set.run({ sendingEnabled })}
          />
          <Switch
            name="receivingEnabled"
            label={t.receiving}
            hint={t.receivingHint}
            value={mailbox.receivingEnabled}
            disabled={set.busy || isFixed}
            onChange={receivingEnabled => void set.run({ receivingEnabled })}
          />
        </div>
      </Card>
      {principal.role === 'staff' && <LimitCard mailbox={mailbox} />}
      {principal.role === 'staff' && mailbox.kind === 'personal' && (
        <Card
          title={t.security}
          description={t.securityText}
          footer={<ButtonLink href={`/users/${mailbox.principalId}/security`}>{t.seeSecurity}</ButtonLink>}
        />
      )}
    </div>
  )
}

function LimitCard({ mailbox }: { mailbox: MailboxDetails }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { hourlyLimit: mailbox.hourlyLimit === null ? '' : String(mailbox.hourlyLimit) },
    check: values => ({ hourlyLimit: /^\d{0,9}$/.test(values.hourlyLimit.trim()) ? undefined : t.limitWrong }),
    async submit(values) {
      const typed = values.hourlyLimit.trim()
      await api.patch(mailboxPath(mailbox.address), { hourlyLimit: typed === '' ? null : Number(typed) })
      await invalidate('/mailboxes')
      showToast({ text: t.saved })
    },
  })
  return (
    <Card title={t.limit}>
      <Form form={form} warnsOnLeave submit={t.save}>
        <BlockNote path={mailboxPath(mailbox.address)} />
        <TextField
          {...form.field('hourlyLimit')}
          label={t.limit}
          hint={t.limitHint}
          unit={t.unit}
          inputMode="numeric"
          optional
        />
      </Form>
    </Card>
  )
}
