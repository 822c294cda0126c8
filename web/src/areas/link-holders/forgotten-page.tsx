/** A forgotten password: asks for the address, and says the same whatever it is. */
import { useState } from 'react'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { AddressField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { OutsidePage } from '../outside.tsx'
import { post } from './use-link.ts'

const texts = defineTexts({
  fr: {
    title: 'Mot de passe oublié',
    text: 'Un lien pour en choisir un nouveau sera envoyé à votre adresse externe.',
    address: 'Adresse e-mail complète',
    missing: 'Saisissez l’adresse complète, avec @ et le nom de domaine.',
    send: 'Envoyer le lien',
    back: 'Retour à la connexion',
    sentTitle: 'Regardez vos messages',
    sent: (address: string) =>
      `Si une adresse externe est confirmée pour ${address}, un lien vient d’y être envoyé. Il est valable une heure.`,
    nothing: 'Rien n’arrive\u00a0?',
    hints: {
      junk: 'Regardez aussi dans les indésirables.',
      manager: 'Sans adresse externe confirmée, demandez un lien à la personne qui gère votre boîte mail.',
    },
  },
  en: {
    title: 'Forgotten password',
    text: 'A link to choose a new one will be sent to your external address.',
    address: 'Full email address',
    missing: 'Enter the full address, with @ and the domain name.',
    send: 'Send the link',
    back: 'Back to signing in',
    sentTitle: 'Look at your mail',
    sent: address =>
      `If an external address is confirmed for ${address}, a link was just sent there. It is good for an hour.`,
    nothing: 'Nothing comes?',
    hints: {
      junk: 'Look in the junk folder too.',
      manager: 'Without a confirmed external address, ask whoever manages your mailbox for a link.',
    },
  },
})

export default function ForgottenPage() {
  const t = useTexts(texts)
  const [sentFor, setSentFor] = useState<string | null>(null)
  const form = useForm({
    initial: { address: '' },
    check: ({ address }) => ({ address: /^[^@\s]+@[^@\s]+$/.test(address.trim()) ? undefined : t.missing }),
    submit: async ({ address }) => {
      await post('/password-reset', { address: address.trim() })
      setSentFor(address.trim())
    },
  })
  if (sentFor !== null)
    return (
      <OutsidePage key="sent" title={t.sentTitle}>
        <Alert kind="info" live>
          {t.sent(sentFor)}
        </Alert>
        <div>
          <p>
            <strong>{t.nothing}</strong>
          </p>
          <ul>
            <li>{t.hints.junk}</li>
            <li>{t.hints.manager}</li>
          </ul>
        </div>
        <ButtonLink href="/">{t.back}</ButtonLink>
      </OutsidePage>
    )
  return (
    <OutsidePage title={t.title} description={t.text}>
      <Form form={form} submit={t.send} wide>
        <AddressField {...form.field('address')} label={t.address} autoComplete="username" autoFocus />
      </Form>
      <ButtonLink kind="quiet" href="/">
        {t.back}
      </ButtonLink>
    </OutsidePage>
  )
}
