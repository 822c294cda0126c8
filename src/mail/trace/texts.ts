/** The plain answer in words, one sentence, in the reader's language. */
import type { Language } from '../../store/types/principals.ts'
import type { Outcome, OutcomeKind } from './outcome.ts'

interface Said extends Pick<Outcome, 'host' | 'mailboxes' | 'rule' | 'count'> {
  at: string
  next: string | null
  isEncrypted: boolean
}

type Sentence = (said: Said) => string

const folders = (names: readonly string[], open: string, close: string): string =>
  names.map(name => `${open}${name}${close}`).join(', ')

const texts: Record<OutcomeKind, Record<Language, Sentence>> = {
  delivered: {
    fr: ({ host, at, isEncrypted }) =>
      `Remis à ${host ?? 'un autre serveur'} le ${at}${isEncrypted ? ', par une connexion chiffrée' : ''}.`,
    en: ({ host, at, isEncrypted }) =>
      `Delivered to ${host ?? 'another server'} on ${at}${isEncrypted ? ', over an encrypted connection' : ''}.`,
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
      `Arrivé le ${at}, classé ${mailboxes.length > 0 ? `dans ${folders(mailboxes, '« ', ' »')}` : 'dans un dossier'}${rule === null ? '' : ` par la règle « ${rule} »`}.`,
    en: ({ at, mailboxes, rule }) =>
      `Arrived on ${at}, filed ${mailboxes.length > 0 ? `in ${folders(mailboxes, '“', '”')}` : 'in a folder'}${rule === null ? '' : ` by the rule “${rule}”`}.`,
  },
  discarded: {
    fr: ({ at, rule }) =>
      `Arrivé le ${at}, mais une règle de la boîte mail n’en a pas gardé de copie${rule === null ? '' : ` : « ${rule} »`}.`,
    en: ({ at, rule }) =>
      `Arrived on ${at}, but a rule of the mailbox kept no copy${rule === null ? '' : `: “${rule}”`}.`,
  },
  waiting: {
    fr: ({ next }) => (next === null ? 'En attente d’envoi.' : `En attente : prochain essai le ${next}.`),
    en: ({ next }) => (next === null ? 'Waiting to be sent.' : `Waiting: next attempt on ${next}.`),
  },
  held: {
    fr: ({ at }) => `Retenu par l’administration du service depuis le ${at}.`,
    en: ({ at }) => `Held by the staff of the service since ${at}.`,
  },
  refused: {
    fr: ({ at, count }) => (count > 1 ? `Refusé ${count} fois, la dernière le ${at}.` : `Refusé le ${at}.`),
    en: ({ at, count }) => (count > 1 ? `Refused ${count} times, last on ${at}.` : `Refused on ${at}.`),
  },
  bounced: {
    fr: ({ host, at }) => `Refusé par ${host ?? 'le serveur du destinataire'} le ${at}.`,
    en: ({ host, at }) => `Refused by ${host ?? 'the recipient’s server'} on ${at}.`,
  },
  expired: {
    fr: ({ at }) => `Abandonné le ${at}, après des essais pendant plusieurs jours.`,
    en: ({ at }) => `Given up on ${at}, after attempts over several days.`,
  },
  dropped: {
    fr: ({ at }) => `Retiré de la file d’envoi par l’administration du service le ${at}.`,
    en: ({ at }) => `Taken out of the queue by the staff of the service on ${at}.`,
  },
}

export function outcomeText(
  outcome: Outcome,
  { language, timeZone }: { language: Language; timeZone: string },
): string {
  const { host, mailboxes, rule, count } = outcome
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
    rule,
    count,
    at: time(outcome.at),
    next: next === null ? null : time(next),
    isEncrypted: outcome.tls !== null,
  })
}
