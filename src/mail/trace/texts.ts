/** The plain answer in words, one sentence, in the reader's language; and what each rule did. */
import type { Language } from '../../store/types/principals.ts'
import type { HoldReason } from '../../store/types/sending.ts'
import type { TraceRule } from '../../store/types/trace.ts'
import type { Outcome, OutcomeKind } from './outcome.ts'

interface Said extends Pick<Outcome, 'host' | 'mailboxes' | 'count' | 'hold'> {
  at: string
  next: string | null
  isEncrypted: boolean
  /** "the rule “X”". */
  rule: string | null
  /** To where a rule sent it on, keeping nothing. */
  redirectedTo: string | null
}

type Sentence = (said: Said) => string

const folders = (names: readonly string[], open: string, close: string): string =>
  names.map(name => `${open}${name}${close}`).join(', ')

const texts: Record<OutcomeKind, Record<Language, Sentence>> = {
  delivered: {
    // Without a host it was an address of this service that leads to others.
    fr: ({ host, at, isEncrypted }) =>
      host === null
        ? `Arrivé le ${at}, puis transmis là où cette adresse mène.`
        : `Remis à ${host} le ${at}${isEncrypted ? ', par une connexion chiffrée' : ''}.`,
    en: ({ host, at, isEncrypted }) =>
      host === null
        ? `Arrived on ${at}, and was passed on to where this address leads.`
        : `Delivered to ${host} on ${at}${isEncrypted ? ', over an encrypted connection' : ''}.`,
  },
  stored: {
    fr: ({ at }) => `Arrivé dans la boîte mail le ${at}.`,
    en: ({ at }) => `Arrived in the mailbox on ${at}.`,
  },
  junk: {
    fr: ({ at }) => `Arrivé le ${at}, dans le dossier des indésirables.`,
    en: ({ at }) => `Arrived on ${at}, in the junk folder.`,
  },
  folder: {
    fr: ({ at, mailboxes, rule }) =>
      `Arrivé le ${at}, classé ${mailboxes.length > 0 ? `dans ${folders(mailboxes, '« ', ' »')}` : 'dans un dossier'}${rule === null ? '' : ` par ${rule}`}.`,
    en: ({ at, mailboxes, rule }) =>
      `Arrived on ${at}, filed ${mailboxes.length > 0 ? `in ${folders(mailboxes, '“', '”')}` : 'in a folder'}${rule === null ? '' : ` by ${rule}`}.`,
  },
  discarded: {
    fr: ({ at, rule, redirectedTo }) =>
      redirectedTo === null
        ? `Arrivé le ${at}, mais ${rule ?? 'une règle de la boîte mail'} n’en a pas gardé de copie.`
        : `Arrivé le ${at}, puis transmis à ${redirectedTo} sans copie ici, par ${rule ?? 'une règle'}.`,
    en: ({ at, rule, redirectedTo }) =>
      redirectedTo === null
        ? `Arrived on ${at}, but ${rule ?? 'a rule of the mailbox'} kept no copy.`
        : `Arrived on ${at}, then sent on to ${redirectedTo} without a copy here, by ${rule ?? 'a rule'}.`,
  },
  waiting: {
    fr: ({ next }) => (next === null ? 'En attente d’envoi.' : `En attente : prochain essai le ${next}.`),
    en: ({ next }) => (next === null ? 'Waiting to be sent.' : `Waiting: next attempt on ${next}.`),
  },
  held: {
    fr: ({ at, hold }) =>
      hold === null
        ? `Retenu par l’administration du service depuis le ${at}.`
        : `Retenu depuis le ${at} : les envois de cette boîte mail sont inhabituels, et l’administration du service doit les vérifier.`,
    en: ({ at, hold }) =>
      hold === null
        ? `Held by the staff of the service since ${at}.`
        : `Held since ${at}: this mailbox sends in an unusual way, and the staff of the service have to look at it.`,
  },
  refused: {
    fr: ({ at, count }) => (count > 1 ? `Refusé ${count} fois, la dernière le ${at}.` : `Refusé le ${at}.`),
    en: ({ at, count }) => (count > 1 ? `Refused ${count} times, last on ${at}.` : `Refused on ${at}.`),
  },
  bounced: {
    // Without a host no server was asked: its name is not found, takes no mail, or leads back here.
    fr: ({ host, at }) =>
      host === null ? `Abandonné le ${at} : il ne peut pas être remis.` : `Refusé par ${host} le ${at}.`,
    en: ({ host, at }) =>
      host === null ? `Given up on ${at}: it cannot be delivered.` : `Refused by ${host} on ${at}.`,
  },
  expired: {
    fr: ({ at, hold }) =>
      hold === null
        ? `Abandonné le ${at} : il n’a pas pu être remis dans le délai prévu.`
        : `Abandonné le ${at} : il était retenu, et personne ne l’a laissé partir.`,
    en: ({ at, hold }) =>
      hold === null
        ? `Given up on ${at}: it could not be delivered in the time it was given.`
        : `Given up on ${at}: it was held, and nobody let it go.`,
  },
  dropped: {
    fr: ({ at }) => `Retiré de la file d’envoi par l’administration du service le ${at}.`,
    en: ({ at }) => `Taken out of the queue by the staff of the service on ${at}.`,
  },
  gone: {
    fr: ({ at }) =>
      `Jamais envoyé : la boîte mail de l’expéditeur a été supprimée le ${at}, et le message était retenu.`,
    en: ({ at }) => `Never sent: the sender’s mailbox was deleted on ${at}, and the message was held.`,
  },
}

export function outcomeText(
  outcome: Outcome,
  { language, timeZone }: { language: Language; timeZone: string },
): string {
  const { host, mailboxes, rule, count, hold } = outcome
  const isRedirected = outcome.kind === 'discarded' && rule?.did === 'redirected'
  const format = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'medium',
    timeZone,
  })
  const time = (at: number): string => format.format(at)
  const next = outcome.nextAttemptAt
  return texts[outcome.kind][language]({
    host,
    mailboxes,
    rule: rule && ruleTexts[language].names[rule.kind](rule),
    redirectedTo: isRedirected ? rule.what : null,
    count,
    hold,
    at: time(outcome.at),
    next: next === null ? null : time(next),
    isEncrypted: outcome.tls !== null,
  })
}

interface RuleTexts {
  names: Record<TraceRule['kind'], (rule: TraceRule) => string>
  did: Record<TraceRule['did'], (what: string) => string>
  sentence(name: string, did: string): string
}

const ruleTexts: Record<Language, RuleTexts> = {
  fr: {
    names: {
      rule: ({ name }) => (name === '' ? 'une règle sans nom' : `la règle « ${name} »`),
      script: ({ name, line }) => `le script « ${name} », ligne ${line}`,
      domain: ({ name, line }) =>
        line === null ? `la règle « ${name} » du domaine` : `le script du domaine, ligne ${line}`,
      service: ({ name, line }) =>
        line === null ? `la règle « ${name} » du service` : `le script du service, ligne ${line}`,
      'auto-reply': () => 'la réponse automatique',
    },
    did: {
      filed: what => `classé dans « ${what} »`,
      redirected: what => `transmis à ${what}`,
      discarded: () => 'pas de copie gardée',
      refused: () => 'refusé',
      answered: what => `réponse envoyée à ${what}`,
      notified: what => `avis envoyé à ${what}`,
      flagged: what => what.split(' ').map(flagFr).join(', '),
      edited: what => `en-tête modifié (${what.split(' ').join(', ')})`,
      failed: what => `arrêt sur une erreur, message gardé${what === '' ? '' : ` (${what})`}`,
    },
    sentence: (name, did) => `${name} : ${did}`,
  },
  en: {
    names: {
      rule: ({ name }) => (name === '' ? 'a rule without a name' : `the rule “${name}”`),
      script: ({ name, line }) => `the script “${name}”, line ${line}`,
      domain: ({ name, line }) =>
        line === null ? `the rule “${name}” of the domain` : `the script of the domain, line ${line}`,
      service: ({ name, line }) =>
        line === null ? `the rule “${name}” of the service` : `the script of the service, line ${line}`,
      'auto-reply': () => 'the automatic reply',
    },
    did: {
      filed: what => `filed in “${what}”`,
      redirected: what => `sent on to ${what}`,
      discarded: () => 'no copy kept',
      refused: () => 'refused',
      answered: what => `reply sent to ${what}`,
      notified: what => `notice sent to ${what}`,
      flagged: what => what.split(' ').map(flagEn).join(', '),
      edited: what => `header changed (${what.split(' ').join(', ')})`,
      failed: what => `stopped by an error, message kept${what === '' ? '' : ` (${what})`}`,
    },
    sentence: (name, did) => `${name}: ${did}`,
  },
}

const flagNames: Readonly<Record<string, Record<Language, string>>> = {
  '\\seen': { fr: 'marqué comme lu', en: 'marked as read' },
  '\\flagged': { fr: 'marqué d’une étoile', en: 'marked with a star' },
  '\\answered': { fr: 'marqué comme répondu', en: 'marked as answered' },
  '\\deleted': { fr: 'marqué à supprimer', en: 'marked to be deleted' },
  '\\draft': { fr: 'marqué comme brouillon', en: 'marked as a draft' },
}
const flagFr = (flag: string): string => flagNames[flag.toLowerCase()]?.fr ?? `étiquette « ${flag} » posée`
const flagEn = (flag: string): string => flagNames[flag.toLowerCase()]?.en ?? `label “${flag}” put on it`

/** "The rule “Invoices”: filed in “Invoices”". */
export function ruleText(rule: TraceRule, language: Language): string {
  const { names, did, sentence } = ruleTexts[language]
  const text = sentence(names[rule.kind](rule), did[rule.did](rule.what))
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

const holds: Record<HoldReason, Record<Language, string>> = {
  'new-place': {
    fr: 'Beaucoup de destinataires en une heure, depuis un endroit nouveau pour cette boîte mail.',
    en: 'Many recipients within an hour, from a place that is new for this mailbox.',
  },
  'unknown-users': {
    fr: 'Cette boîte mail a écrit à beaucoup d’adresses qui n’existent pas.',
    en: 'This mailbox wrote to many addresses that do not exist.',
  },
  bounces: {
    fr: 'Beaucoup de destinataires ont refusé les messages de cette boîte mail.',
    en: 'Many recipients refused messages of this mailbox.',
  },
}

/** Why mail of the sender is held. */
export const holdText = (hold: HoldReason, language: Language): string => holds[hold][language]
