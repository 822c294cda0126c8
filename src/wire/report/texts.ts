/** What every report says around the explanations. */
import type { ExplanationLanguage } from './explanation/classes.ts'
import type { ReportKind } from './words.ts'

export interface ReportTexts {
  from: string
  subject: Record<ReportKind, string>
  greeting: string
  /** "Your message “Subject” of that time"; the subject may be empty. */
  message(subject: string, time: string): string
  /** In place of one address. */
  several(count: number): string
  opening: Record<ReportKind, (message: string, whom: string) => string>
  /** In place of that of `relayed`, before it is. */
  sentOn(message: string, whom: string): string
  what: string
  why: string
  todo: string
  answer(host: string): string
  /** Above this server's own words. */
  found: string
  others: string
  /** Either may not be known. */
  tries(next: string | null, until: string | null): string
  trace: string
  closing(host: string): string
}

export const reportTexts: Record<ExplanationLanguage, ReportTexts> = {
  fr: {
    from: 'Service du courrier',
    subject: {
      failed: 'Message non remis',
      delayed: 'Message en retard',
      delivered: 'Message remis',
      relayed: 'Message transmis',
      expanded: 'Message distribué',
    },
    greeting: 'Bonjour,',
    message: (subject, time) =>
      subject === '' ? `Votre message sans objet du ${time}` : `Votre message « ${subject} » du ${time}`,
    several: count => `${count} destinataires`,
    opening: {
      failed: (message, whom) => `${message} n’a pas pu être remis à ${whom}. Il ne sera plus essayé.`,
      delayed: (message, whom) => `${message} n’a pas encore pu être remis à ${whom}. Ce n’est qu’un retard.`,
      delivered: (message, whom) => `${message} a été déposé dans la boîte de ${whom}. Vous aviez demandé à le savoir.`,
      relayed: (message, whom) =>
        `${message} a été transmis au serveur qui reçoit le courrier de ${whom}. Ce serveur n’envoie pas d’accusé de remise : vous n’aurez pas d’autre nouvelle.`,
      expanded: (message, whom) =>
        `${message} est bien arrivé pour ${whom}, et a été transmis à toutes les adresses où cela mène. Vous n’aurez d’autre nouvelle que si l’une d’elles ne peut pas le recevoir.`,
    },
    sentOn: (message, whom) =>
      `${message} est bien arrivé pour ${whom}, dont le courrier est réexpédié ailleurs. Vous n’aurez d’autre nouvelle que si la réexpédition échoue.`,
    what: 'Ce qui s’est passé',
    why: 'Pourquoi',
    todo: 'Que faire',
    answer: host => `Réponse du serveur ${host}`,
    found: 'Ce que notre serveur a constaté',
    others: 'Il en va de même pour les destinataires suivants ; la partie technique de cet avis dit pourquoi.',
    tries: (next, until) =>
      [
        next === null ? 'Notre serveur réessaie tout seul.' : `Prochain essai : ${next}.`,
        until === null ? '' : `Les essais continuent jusqu’au ${until} ; vous serez prévenu s’ils échouent tous.`,
      ]
        .join(' ')
        .trim(),
    trace: 'Suivre ce message',
    closing: host => `Cet avis a été écrit automatiquement par ${host}. Inutile d’y répondre.`,
  },
  en: {
    from: 'Mail Delivery System',
    subject: {
      failed: 'Not delivered',
      delayed: 'Delayed',
      delivered: 'Delivered',
      relayed: 'Passed on',
      expanded: 'Passed on to several',
    },
    greeting: 'Hello,',
    message: (subject, time) =>
      subject === '' ? `Your message without a subject of ${time}` : `Your message “${subject}” of ${time}`,
    several: count => `${count} recipients`,
    opening: {
      failed: (message, whom) => `${message} could not be delivered to ${whom}. It will not be tried again.`,
      delayed: (message, whom) => `${message} could not be delivered to ${whom} yet. It is only late.`,
      delivered: (message, whom) => `${message} was delivered to the mailbox of ${whom}. You had asked to be told.`,
      relayed: (message, whom) =>
        `${message} was passed on to the server that receives the mail of ${whom}. That server sends no notices of delivery, so that this is the last you will hear of it.`,
      expanded: (message, whom) =>
        `${message} arrived here for ${whom}, and was passed on to all addresses that this leads to. You will hear of it again only if one of them can’t receive it.`,
    },
    sentOn: (message, whom) =>
      `${message} arrived here for ${whom}, whose mail is sent on elsewhere. You will hear of it again only if it can’t be sent on.`,
    what: 'What happened',
    why: 'Why',
    todo: 'What to do',
    answer: host => `The answer of the server ${host}`,
    found: 'What our server found',
    others: 'The same goes for the following recipients; the technical part of this notice says why.',
    tries: (next, until) =>
      [
        next === null ? 'Our server goes on trying by itself.' : `Next try: ${next}.`,
        until === null ? '' : `It goes on until ${until}; you will be told if none of the tries succeeds.`,
      ]
        .join(' ')
        .trim(),
    trace: 'Follow this message',
    closing: host => `This notice was written automatically by ${host}. There is no need to answer it.`,
  },
}
