import { en, fr } from '../../shared/texts/format.ts'
import { defineTexts } from '../../shared/texts/texts.ts'

export const texts = defineTexts({
  fr: {
    title: 'Connexion',
    address: 'Adresse e-mail complète',
    addressExample: 'alice@example.org',
    password: 'Mot de passe',
    forgotten: 'Mot de passe oublié ?',
    remember: 'Rester connecté sur cet appareil',
    server: 'Serveur',
    serverOfAddress: 'Celui de votre adresse',
    signIn: 'Se connecter',
    confirm: 'Confirmer',
    signInOn: (server: string) => `Continuer sur ${server}`,
    addressMissing: 'Saisissez votre adresse e-mail.',
    addressIncomplete: 'Saisissez l’adresse complète, avec @ et le nom de domaine.',
    passwordMissing: 'Saisissez votre mot de passe.',
    wait: (seconds: number) =>
      `Trop de tentatives. Réessayez dans ${seconds < 90 ? fr.plural(seconds, 'seconde', 'secondes') : fr.plural(Math.ceil(seconds / 60), 'minute', 'minutes')}.`,
    again: 'Vous pouvez réessayer.',
  },
  en: {
    title: 'Sign in',
    address: 'Full email address',
    addressExample: 'alice@example.org',
    password: 'Password',
    forgotten: 'Forgotten password?',
    remember: 'Stay signed in on this device',
    server: 'Server',
    serverOfAddress: 'That of your address',
    signIn: 'Sign in',
    confirm: 'Confirm',
    signInOn: server => `Continue on ${server}`,
    addressMissing: 'Enter your email address.',
    addressIncomplete: 'Enter the full address, with @ and the domain name.',
    passwordMissing: 'Enter your password.',
    wait: seconds =>
      `Too many attempts. Try again in ${seconds < 90 ? en.plural(seconds, 'second', 'seconds') : en.plural(Math.ceil(seconds / 60), 'minute', 'minutes')}.`,
    again: 'You can try again now.',
  },
})
