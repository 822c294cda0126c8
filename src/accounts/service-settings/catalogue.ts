/**
 * Every setting of the service that staff change while it runs: its kind, what holds where nothing is set, and what it
 * is, in both languages. What a process needs to start stands in facteur.toml instead (`ops/config-settings.ts`).
 */
import type { Language } from '../../store/types/principals.ts'
import { MIN_PASSWORD_CHARACTERS } from '../limits.ts'
import { LINK_DAYS } from '../links/limits.ts'
import * as kinds from './kinds.ts'
import { NAME_CHARACTERS } from './limits.ts'

export type SettingGroup = 'identity' | 'sign-in' | 'links' | 'clients' | 'plans' | 'mail'

export interface ServiceSetting<T> {
  group: SettingGroup
  kind: kinds.SettingKind<T>
  fallback: T
  /** What it is called, then what it does. */
  doc: Readonly<Record<Language, readonly [title: string, text: string]>>
}

const setting = <T>(
  group: SettingGroup,
  kind: kinds.SettingKind<T>,
  fallback: NoInfer<T>,
  fr: readonly [title: string, text: string],
  en: readonly [title: string, text: string],
): ServiceSetting<T> => ({ group, kind, fallback, doc: { fr, en } })

export const catalogue = {
  name: setting(
    'identity',
    kinds.optional(kinds.text(NAME_CHARACTERS)),
    null,
    ['Nom du service', 'Affiché dans le panneau et dans les messages du service. Vide : le nom d’hôte du serveur.'],
    ['Name of the service', 'Shown in the panel and in mail from the service. Empty: the host name of the server.'],
  ),
  supportAddress: setting(
    'identity',
    kinds.optional(kinds.address),
    null,
    ['Adresse d’assistance', 'Reçoit les demandes envoyées depuis l’aide. Vide : l’aide ne propose pas d’écrire.'],
    ['Support address', 'Receives what people ask from the help pages. Empty: the help does not offer to write.'],
  ),
  defaultLanguage: setting(
    'identity',
    kinds.language,
    'fr',
    ['Langue par défaut', 'Pour les personnes qui n’ont pas choisi la leur, et les messages qui leur sont envoyés.'],
    ['Default language', 'For people who have not chosen theirs, and for mail that is sent to them.'],
  ),
  timeZone: setting(
    'identity',
    kinds.timeZone,
    'Europe/Paris',
    [
      'Fuseau horaire du service',
      'Décide à quel jour et à quel mois un changement d’offre est compté. Les jours déjà comptés ne changent pas.',
    ],
    [
      'Time zone of the service',
      'Decides to which day and month a change of plan belongs. Days already counted stay as they are.',
    ],
  ),
  servers: setting(
    'sign-in',
    kinds.servers,
    [],
    [
      'Serveurs proposés',
      'Sur la page de connexion, à partir de deux serveurs. Le domaine de l’adresse en présélectionne un : les domaines indiqués ici sont visibles de tous.',
    ],
    [
      'Servers to choose from',
      'On the sign-in page, where there are two or more. The domain of the address chooses one beforehand: domains named here can be seen by everyone.',
    ],
  ),
  minPasswordCharacters: setting(
    'sign-in',
    kinds.number(MIN_PASSWORD_CHARACTERS, 64, 'characters'),
    MIN_PASSWORD_CHARACTERS,
    ['Longueur minimale des mots de passe', 'Vaut pour les mots de passe choisis à partir de maintenant.'],
    ['Shortest password', 'Holds for passwords chosen from now on.'],
  ),
  secondFactorForStaff: setting(
    'sign-in',
    kinds.flag,
    false,
    [
      'Double authentification exigée des administrateurs',
      'Sans application d’authentification ni clé d’accès, un administrateur doit d’abord en ajouter une.',
    ],
    ['Second factor required of staff', 'Staff without an authenticator app or a passkey first have to add one.'],
  ),
  linkExpiryDays: setting(
    'links',
    kinds.number(LINK_DAYS.least, LINK_DAYS.most, 'days'),
    7,
    ['Validité des liens d’accès', 'Durée pendant laquelle un lien d’accès peut être ouvert.'],
    ['Life of credential links', 'How long a single-use link can be opened.'],
  ),
  imapHost: setting(
    'clients',
    kinds.optional(kinds.host),
    null,
    ['Serveur IMAP annoncé', 'Dans les guides et la configuration automatique. Vide : le nom d’hôte du serveur.'],
    ['Advertised IMAP server', 'In guides and automatic set-up. Empty: the host name of the server.'],
  ),
  pop3Host: setting(
    'clients',
    kinds.optional(kinds.host),
    null,
    ['Serveur POP3 annoncé', 'Dans les guides et la configuration automatique. Vide : le nom d’hôte du serveur.'],
    ['Advertised POP3 server', 'In guides and automatic set-up. Empty: the host name of the server.'],
  ),
  smtpHost: setting(
    'clients',
    kinds.optional(kinds.host),
    null,
    ['Serveur SMTP annoncé', 'Dans les guides et la configuration automatique. Vide : le nom d’hôte du serveur.'],
    ['Advertised SMTP server', 'In guides and automatic set-up. Empty: the host name of the server.'],
  ),
  mxHost: setting(
    'clients',
    kinds.optional(kinds.host),
    null,
    [
      'Serveur de courrier entrant',
      'Dans les enregistrements MX demandés aux domaines, par exemple le nom du répartiteur de charge. Vide : le nom d’hôte du serveur.',
    ],
    [
      'Server of incoming mail',
      'In the MX records that domains are asked for, such as the name of the load balancer. Empty: the host name of the server.',
    ],
  ),
  planSelfService: setting(
    'plans',
    kinds.flag,
    false,
    [
      'Changement d’offre par les utilisateurs',
      'Chacun peut choisir lui-même une offre plus grande ; le changement figure sur le relevé du gestionnaire du domaine.',
    ],
    [
      'Plan changes by mailbox owners',
      'Everyone can choose a larger plan themselves; the change goes on the statement of the domain’s manager.',
    ],
  ),
  traceRetentionDays: setting(
    'mail',
    kinds.number(1, 365, 'days'),
    30,
    [
      'Conservation du suivi des messages',
      'Durée pendant laquelle on peut savoir ce qu’un message est devenu. Ce qui est plus ancien est effacé peu à peu.',
    ],
    [
      'How long traces of messages are kept',
      'How long people can ask what became of a message. What is older is forgotten bit by bit.',
    ],
  ),
  auditRetentionDays: setting(
    'sign-in',
    kinds.number(30, 3650, 'days'),
    365,
    [
      'Conservation du journal des changements',
      'Durée pendant laquelle on peut savoir qui a changé quoi, et d’où. Ce qui est plus ancien est effacé peu à peu.',
    ],
    [
      'How long the log of changes is kept',
      'How long one can see who changed what, and from where. What is older is forgotten bit by bit.',
    ],
  ),
  mailboxHourlyLimit: setting(
    'mail',
    kinds.number(0, 100_000, 'recipients'),
    300,
    [
      'Limite d’envoi par boîte et par heure',
      'Destinataires en une heure : un message à 16 destinataires compte pour 16. Vaut là où ni la boîte, ni son offre, ni son domaine n’en ont une. 0 : aucun envoi.',
    ],
    [
      'Sending limit per mailbox and hour',
      'Recipients within an hour: a message to 16 recipients counts as 16. Holds where neither the mailbox, its plan nor its domain has one. 0: nothing can be sent.',
    ],
  ),
  domainHourlyLimit: setting(
    'mail',
    kinds.optional(kinds.number(0, 1_000_000, 'recipients')),
    null,
    [
      'Limite d’envoi par domaine et par heure',
      'Pour toutes les boîtes d’un domaine ensemble, là où le domaine n’en a pas. Vide : aucune limite. 0 : aucun envoi.',
    ],
    [
      'Sending limit per domain and hour',
      'For all mailboxes of a domain together, where the domain has none. Empty: no limit. 0: nothing can be sent.',
    ],
  ),
  holdNewPlaceRecipients: setting(
    'mail',
    kinds.optional(kinds.number(1, 100_000, 'recipients')),
    50,
    [
      'Envois retenus : pays inconnu',
      'Plus de destinataires en une heure depuis un pays où la boîte ne s’est jamais connectée, et plus que d’habitude : ses envois attendent une décision de l’administration. Vide : jamais.',
    ],
    [
      'Sending held: new country',
      'More recipients within an hour from a country the mailbox never signed in from, and more than it is used to: what it sends waits for the staff. Empty: never.',
    ],
  ),
  holdUnknownRecipients: setting(
    'mail',
    kinds.optional(kinds.number(1, 100_000, 'recipients')),
    25,
    [
      'Envois retenus : destinataires inconnus',
      'Nombre d’adresses inexistantes en 24 heures à partir duquel les envois sont retenus, si elles représentent au moins un cinquième des destinataires. Vide : jamais.',
    ],
    [
      'Sending held: unknown recipients',
      'From so many addresses within 24 hours that don’t exist, where they are at least a fifth of the recipients. Empty: never.',
    ],
  ),
  holdBounces: setting(
    'mail',
    kinds.optional(kinds.number(1, 100_000, 'recipients')),
    50,
    [
      'Envois retenus : refus',
      'Nombre de destinataires qui refusent en 24 heures, quelle que soit la raison, à partir duquel les envois sont retenus, s’ils représentent au moins un cinquième des destinataires. Vide : jamais.',
    ],
    [
      'Sending held: refusals',
      'From so many recipients within 24 hours that refuse, whatever the reason, where they are at least a fifth of all. Empty: never.',
    ],
  ),
} as const satisfies Record<string, ServiceSetting<unknown>>

type Catalogue = typeof catalogue
export type SettingKey = keyof Catalogue
export type ServiceSettingsValues = { [K in SettingKey]: Catalogue[K]['fallback'] }

export const settingKeys = Object.keys(catalogue) as SettingKey[]

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(catalogue, key)
