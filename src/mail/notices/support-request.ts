import type { NoticeKinds } from '../../accounts/notices.ts'
import type { Role } from '../../store/types/principals.ts'
import type { SignInProtocol, SignInResult } from '../../store/types/sign-in.ts'
import type { NoticePart, NoticeTexts } from './text.ts'

const protocols: Record<SignInProtocol, string> = { imap: 'IMAP', pop3: 'POP3', submission: 'SMTP', panel: 'HTTPS' }

const fr = {
  roles: { owner: 'boîte mail', manager: 'gestion de domaines', staff: 'équipe' } satisfies Record<Role, string>,
  outcomes: {
    ok: 'acceptée',
    'wrong-password': 'mot de passe faux',
    'wrong-second-factor': 'code de double authentification faux',
    'app-password-needed': 'il fallait un mot de passe d’application',
    disabled: 'connexion désactivée',
    'no-password': 'aucun mot de passe défini',
    throttled: 'trop d’échecs',
    'protocol-not-allowed': 'mot de passe d’application prévu pour un autre protocole',
    'network-not-allowed': 'mot de passe d’application prévu pour un autre réseau',
    expired: 'mot de passe d’application expiré',
  } satisfies Record<SignInResult, string>,
}
const en = {
  roles: { owner: 'mailbox', manager: 'domain management', staff: 'staff' } satisfies Record<Role, string>,
  outcomes: {
    ok: 'let in',
    'wrong-password': 'wrong password',
    'wrong-second-factor': 'wrong second factor',
    'app-password-needed': 'an app password was needed',
    disabled: 'sign-in switched off',
    'no-password': 'no password set',
    throttled: 'too many failures',
    'protocol-not-allowed': 'app password for another protocol',
    'network-not-allowed': 'app password for another network',
    expired: 'expired app password',
  } satisfies Record<SignInResult, string>,
}

type Request = NoticeKinds['support-request']

const failure = (
  { lastFailure }: Request,
  name: string,
  outcomes: Record<SignInResult, string>,
  time: (at: number) => string,
): [string, string][] => {
  if (lastFailure === null) return []
  const { protocol, outcome, at, remoteAddress } = lastFailure
  const from = remoteAddress === '' ? '' : ` (${remoteAddress})`
  return [[name, `${protocols[protocol]}, ${time(at)}${from} – ${outcomes[outcome]}`]]
}

const known = (facts: [string, string][]): NoticePart => ({ facts: facts.filter(([, value]) => value !== '') })

export const supportRequest: NoticeTexts<'support-request'> = {
  fr: (request, { brand, time }) => ({
    subject: `[${brand}] ${request.subject}`,
    parts: [
      `Demande envoyée depuis l’aide par ${request.address}. Répondez à ce message pour lui écrire.`,
      { words: request.message },
      known([
        ['Adresse', request.address],
        ['Accès', fr.roles[request.role]],
        ['Page', request.page],
        ...failure(request, 'Dernière connexion refusée', fr.outcomes, time),
        ['Navigateur', request.userAgent],
        ['Adresse IP', request.remoteAddress],
        ['Version', request.version],
      ]),
    ],
  }),
  en: (request, { brand, time }) => ({
    subject: `[${brand}] ${request.subject}`,
    parts: [
      `Sent from the help pages by ${request.address}. Answer this message to write back.`,
      { words: request.message },
      known([
        ['Address', request.address],
        ['Access', en.roles[request.role]],
        ['Page', request.page],
        ...failure(request, 'Last refused sign-in', en.outcomes, time),
        ['Browser', request.userAgent],
        ['IP address', request.remoteAddress],
        ['Version', request.version],
      ]),
    ],
  }),
}
