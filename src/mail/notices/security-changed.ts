import type { SecurityChange } from '../../accounts/notices.ts'
import type { Language } from '../../store/types/principals.ts'
import { facts } from './recovery-address-changed.ts'
import type { NoticeTexts } from './text.ts'

interface Words {
  subject: string
  text: string
}
type TextsOf = {
  readonly [K in SecurityChange['kind']]: (change: Extract<SecurityChange, { kind: K }>, address: string) => Words
}

const fr: TextsOf = {
  'password-changed': (_, address) => ({
    subject: `Le mot de passe de ${address} a été changé`,
    text: `Le mot de passe de ${address} a été changé depuis le panneau. Les autres sessions ouvertes ont été fermées.`,
  }),
  'codes-added': (_, address) => ({
    subject: 'Application d’authentification ajoutée',
    text: `Une application d’authentification protège désormais ${address} : un code est demandé après le mot de passe.`,
  }),
  'codes-removed': (_, address) => ({
    subject: 'Application d’authentification retirée',
    text: `L’application d’authentification de ${address} a été retirée.`,
  }),
  'passkey-added': ({ label }, address) => ({
    subject: 'Clé d’accès ajoutée',
    text: `La clé d’accès « ${label} » ouvre désormais ${address}.`,
  }),
  'passkey-removed': ({ label }, address) => ({
    subject: 'Clé d’accès retirée',
    text: `La clé d’accès « ${label} » n’ouvre plus ${address}.`,
  }),
  'recovery-codes-renewed': (_, address) => ({
    subject: 'Nouveaux codes de secours',
    text: `De nouveaux codes de secours ont été créés pour ${address}. Les précédents ne servent plus.`,
  }),
  'recovery-code-used': ({ left }, address) => ({
    subject: 'Code de secours utilisé',
    text: `Un code de secours a été utilisé pour ${address}. Codes restants : ${left}.`,
  }),
  'second-factor-reset': (_, address) => ({
    subject: 'Double authentification retirée',
    text: `La double authentification de ${address} a été retirée par un administrateur. Les sessions ouvertes ont été fermées.`,
  }),
  'app-password-added': ({ label, mailbox }) => ({
    subject: 'Mot de passe d’application créé',
    text: `Le mot de passe d’application « ${label} » ouvre désormais ${mailbox} dans un logiciel de messagerie.`,
  }),
  'codes-guessed': (_, address) => ({
    subject: 'Codes erronés après votre mot de passe',
    text: `Quelqu’un a saisi le bon mot de passe de ${address}, puis de nombreux codes erronés. Si ce n’est pas vous, cette personne connaît votre mot de passe.`,
  }),
}

const en: TextsOf = {
  'password-changed': (_, address) => ({
    subject: `The password of ${address} was changed`,
    text: `The password of ${address} was changed in the panel. Other open sessions were closed.`,
  }),
  'codes-added': (_, address) => ({
    subject: 'Authenticator app added',
    text: `An authenticator app now guards ${address}: a code is asked for after the password.`,
  }),
  'codes-removed': (_, address) => ({
    subject: 'Authenticator app removed',
    text: `The authenticator app of ${address} was removed.`,
  }),
  'passkey-added': ({ label }, address) => ({
    subject: 'Passkey added',
    text: `The passkey “${label}” now opens ${address}.`,
  }),
  'passkey-removed': ({ label }, address) => ({
    subject: 'Passkey removed',
    text: `The passkey “${label}” no longer opens ${address}.`,
  }),
  'recovery-codes-renewed': (_, address) => ({
    subject: 'New recovery codes',
    text: `New recovery codes were made for ${address}. The former ones are void.`,
  }),
  'recovery-code-used': ({ left }, address) => ({
    subject: 'Recovery code used',
    text: `A recovery code was used for ${address}. Codes left: ${left}.`,
  }),
  'second-factor-reset': (_, address) => ({
    subject: 'Second factor removed',
    text: `The second factor of ${address} was removed by an administrator. Open sessions were closed.`,
  }),
  'app-password-added': ({ label, mailbox }) => ({
    subject: 'App password made',
    text: `The app password “${label}” now opens ${mailbox} in a mail program.`,
  }),
  'codes-guessed': (_, address) => ({
    subject: 'Wrong codes after your password',
    text: `Someone entered the right password of ${address}, then many wrong codes. If this was not you, they know your password.`,
  }),
}

function wordsOf(texts: TextsOf, change: SecurityChange, address: string): Words {
  // Each text is of the kind it stands under, which an index by a union can't express.
  return (texts[change.kind] as (change: SecurityChange, address: string) => Words)(change, address)
}

const advice: Record<Language, string> = {
  fr: 'Si ce n’est pas vous, changez votre mot de passe et prévenez l’assistance sans attendre.',
  en: 'If this was not you, change your password and tell support at once.',
}

export const securityChanged: NoticeTexts<'security-changed'> = {
  fr({ address, change, at, remoteAddress, securityUrl }, { time }) {
    const { subject, text } = wordsOf(fr, change, address)
    const action = { action: 'Voir la page Sécurité', url: securityUrl }
    return { subject, parts: ['Bonjour,', text, { facts: facts.fr(time(at), remoteAddress) }, advice.fr, action] }
  },
  en({ address, change, at, remoteAddress, securityUrl }, { time }) {
    const { subject, text } = wordsOf(en, change, address)
    const action = { action: 'See the Security page', url: securityUrl }
    return { subject, parts: ['Hello,', text, { facts: facts.en(time(at), remoteAddress) }, advice.en, action] }
  },
}
