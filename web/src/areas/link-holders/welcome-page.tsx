/** The link that the service prints at its start while nobody administers it. */
import { useService } from '../../shared/api/service.ts'
import { useLanguage } from '../../shared/texts/language.ts'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Form } from '../../shared/ui/form.tsx'
import { PasswordField } from '../../shared/ui/password-field.tsx'
import { checkPassword, PasswordRules } from '../../shared/ui/password-rules.tsx'
import { AddressField, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import { OutsidePage } from '../outside.tsx'
import { LinkPage } from './link-state.tsx'
import { post, useLink } from './use-link.ts'

const texts = defineTexts({
  fr: {
    title: 'Premier administrateur',
    text: 'Le service est en marche. Créez le compte qui l’administre.',
    over: 'Le service affiche un nouveau lien à chaque démarrage, tant que personne ne l’administre.',
    name: 'Nom',
    address: 'Adresse e-mail',
    addressHint: 'Une adresse que vous lisez ailleurs\u00a0: elle servira d’identifiant, et à retrouver l’accès.',
    addressMissing: 'Saisissez l’adresse complète, avec @ et le nom de domaine.',
    password: 'Mot de passe',
    wrong: 'Ce mot de passe ne respecte pas les règles.',
    create: 'Créer le compte',
  },
  en: {
    title: 'First administrator',
    text: 'The service is up. Create the account that administers it.',
    over: 'The service prints a new link at each start, as long as nobody administers it.',
    name: 'Name',
    address: 'Email address',
    addressHint: 'One you read elsewhere: it will be your user name, and the way back in.',
    addressMissing: 'Enter the full address, with @ and the domain name.',
    password: 'Password',
    wrong: 'This password does not follow the rules.',
    create: 'Create the account',
  },
})

export default function WelcomePage() {
  const t = useTexts(texts)
  const link = useLink<{ expiresAt: number }>('/first-staff/open')
  return (
    <LinkPage link={link} title={t.title} overText={t.over}>
      {() => <WelcomeForm token={link.token} />}
    </LinkPage>
  )
}

function WelcomeForm({ token }: { token: string }) {
  const t = useTexts(texts)
  const language = useLanguage()
  const { passwordRules } = useService()
  const form = useForm({
    initial: { name: '', address: '', password: '' },
    check: ({ address, password }) => ({
      address: /^[^@\s]+@[^@\s]+$/.test(address.trim()) ? undefined : t.addressMissing,
      password: Object.values(checkPassword(password, passwordRules, address)).every(Boolean) ? undefined : t.wrong,
    }),
    submit: async ({ name, address, password }) => {
      await post('/first-staff', { token, name: name.trim(), address: address.trim(), password, language })
      // The answer has set the cookie of a session.
      location.assign('/')
    },
  })
  return (
    <OutsidePage title={t.title} description={t.text}>
      <Form form={form} submit={t.create} wide>
        <TextField {...form.field('name')} label={t.name} autoComplete="name" optional autoFocus />
        <AddressField {...form.field('address')} label={t.address} hint={t.addressHint} autoComplete="username" />
        <PasswordField
          {...form.field('password')}
          label={t.password}
          autoComplete="new-password"
          rules={<PasswordRules password={form.values.password} rules={passwordRules} address={form.values.address} />}
        />
      </Form>
    </OutsidePage>
  )
}
