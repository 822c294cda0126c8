/** The link of a forgotten password: choose another. */
import { useState } from 'react'
import type { OpenedResetAnswer } from '../../../../src/api/recovery.ts'
import { useService } from '../../shared/api/service.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Checkbox } from '../../shared/ui/choices.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { PasswordField } from '../../shared/ui/password-field.tsx'
import { checkPassword, PasswordRules } from '../../shared/ui/password-rules.tsx'
import { TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { OutsidePage } from '../outside.tsx'
import { LinkPage } from './link-state.tsx'
import { forgetToken, post, useLink } from './use-link.ts'

const texts = defineTexts({
  fr: {
    title: 'Nouveau mot de passe',
    of: (address: string) => `Pour ${address}`,
    over: 'Ce lien a déjà servi ou a plus d’une heure. Demandez-en un autre depuis «\u00a0Mot de passe oublié\u00a0?\u00a0».',
    password: 'Nouveau mot de passe',
    wrong: 'Ce mot de passe ne respecte pas les règles.',
    code: 'Code de vérification',
    codeHint:
      'De votre application d’authentification, ou un code de secours. Sans l’un ni l’autre, contactez l’assistance.',
    codeMissing: 'Saisissez le code.',
    others: 'Révoquer aussi les mots de passe d’application et les jetons',
    othersHint:
      'À garder coché si quelqu’un d’autre a pu connaître votre mot de passe. Vos appareils devront être réglés à nouveau.',
    save: 'Enregistrer',
    done: 'Votre mot de passe est changé. Toutes les sessions ouvertes ont été fermées.',
    signIn: 'Se connecter',
  },
  en: {
    title: 'New password',
    of: address => `For ${address}`,
    over: 'This link was used or is more than an hour old. Ask for another with “Forgotten password?”.',
    password: 'New password',
    wrong: 'This password does not follow the rules.',
    code: 'Verification code',
    codeHint: 'Of your authenticator app, or a recovery code. With neither, contact support.',
    codeMissing: 'Enter the code.',
    others: 'Revoke app passwords and tokens too',
    othersHint: 'Keep this ticked if someone else may know your password. Your devices will have to be set up again.',
    save: 'Save',
    done: 'Your password is changed. All open sessions were closed.',
    signIn: 'Sign in',
  },
})

export default function ResetPage() {
  const t = useTexts(texts)
  const link = useLink<OpenedResetAnswer>('/password-reset/open')
  const [done, setDone] = useState(false)
  if (done)
    return (
      <OutsidePage title={t.title}>
        <Alert kind="success" live>
          {t.done}
        </Alert>
        <ButtonLink kind="primary" href="/">
          {t.signIn}
        </ButtonLink>
      </OutsidePage>
    )
  return (
    <LinkPage link={link} title={t.title} overText={t.over}>
      {opened => <ResetForm opened={opened} token={link.token} onDone={() => setDone(true)} />}
    </LinkPage>
  )
}

function ResetForm({ opened, token, onDone }: { opened: OpenedResetAnswer; token: string; onDone(): void }) {
  const t = useTexts(texts)
  const { passwordRules } = useService()
  const { address, needsSecondFactor } = opened
  const form = useForm({
    initial: { password: '', code: '', revokeOthers: true },
    check: ({ password, code }) => ({
      password: Object.values(checkPassword(password, passwordRules, address)).every(Boolean) ? undefined : t.wrong,
      code: needsSecondFactor && code.trim() === '' ? t.codeMissing : undefined,
    }),
    submit: async ({ password, code, revokeOthers }) => {
      const more = needsSecondFactor ? { code: code.trim() } : {}
      await post('/password-reset/complete', { token, password, revokeOthers, ...more })
      forgetToken()
      onDone()
    },
  })
  return (
    <OutsidePage title={t.title} description={t.of(address)}>
      <Form form={form} submit={t.save} wide>
        <input type="hidden" autoComplete="username" value={address} readOnly />
        <PasswordField
          {...form.field('password')}
          label={t.password}
          autoComplete="new-password"
          autoFocus
          rules={<PasswordRules password={form.values.password} rules={passwordRules} address={address} />}
        />
        {needsSecondFactor && (
          <TextField {...form.field('code')} label={t.code} hint={t.codeHint} autoComplete="one-time-code" />
        )}
        <Checkbox {...form.field('revokeOthers')} label={t.others} hint={t.othersHint} />
      </Form>
    </OutsidePage>
  )
}
