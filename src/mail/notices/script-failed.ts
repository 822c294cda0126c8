/** A script that stopped at an error: to its owner, to who manages the domain, or to the staff. */
import type { NoticeKinds } from '../../accounts/notices.ts'
import type { NoticePart, NoticeTexts } from './text.ts'

type Failed = NoticeKinds['script-failed']

export const scriptFailed: NoticeTexts<'script-failed'> = {
  fr: (failed, { time }) => ({
    subject: `${whatFr[failed.scope](failed)} : arrêt sur une erreur`,
    parts: [
      'Bonjour,',
      failed.scope === 'mailbox'
        ? `Une erreur a arrêté les filtres de ${failed.name} pendant le tri d’un message. Le message n’est pas perdu : il est dans la boîte de réception, tel qu’il est arrivé.`
        : `Une erreur a arrêté les filtres ${ofFr(failed)} pendant le tri d’un message pour ${failed.address}. Le message n’est pas perdu : il a continué son chemin comme si ces filtres ne l’avaient pas refusé ni supprimé.`,
      'Ce qui avait été fait avant l’erreur, comme ranger une copie ou transférer, reste fait.',
      {
        facts: [
          failed.rule === null ? ['Script', failed.script || '-'] : ['Règle', failed.rule],
          ['Endroit', `ligne ${failed.line}, colonne ${failed.column}`],
          ['Erreur', failed.problem],
          ...aboutFr(failed, time(failed.at)),
        ],
      },
      'Tant que ces filtres ne sont pas corrigés, d’autres messages peuvent s’y arrêter de même. Vous recevrez au plus un message comme celui-ci par jour.',
      { action: 'Voir les filtres', url: failed.url },
    ] satisfies NoticePart[],
  }),
  en: (failed, { time }) => ({
    subject: `${whatEn[failed.scope](failed)}: stopped by an error`,
    parts: [
      'Hello,',
      failed.scope === 'mailbox'
        ? `An error stopped the filters of ${failed.name} while they sorted a message. The message is not lost: it is in the inbox, as it came.`
        : `An error stopped the filters ${ofEn(failed)} while they sorted a message for ${failed.address}. The message is not lost: it went on as if these filters had neither refused nor discarded it.`,
      'What was done before the error, such as filing a copy or forwarding, stays done.',
      {
        facts: [
          failed.rule === null ? ['Script', failed.script || '-'] : ['Rule', failed.rule],
          ['Where', `line ${failed.line}, column ${failed.column}`],
          ['Error', failed.problem],
          ...aboutEn(failed, time(failed.at)),
        ],
      },
      'As long as these filters are not mended, more messages may stop there in the same way. You will get one message like this a day at most.',
      { action: 'See the filters', url: failed.url },
    ] satisfies NoticePart[],
  }),
}

type ByScope = Record<Failed['scope'], (failed: Failed) => string>

const whatFr: ByScope = {
  mailbox: () => 'Vos filtres',
  domain: ({ name }) => `Filtres du domaine ${name}`,
  service: () => 'Filtres du service',
}
const whatEn: ByScope = {
  mailbox: () => 'Your filters',
  domain: ({ name }) => `Filters of the domain ${name}`,
  service: () => 'Filters of the service',
}
const ofFr = ({ scope, name }: Failed): string => (scope === 'service' ? 'du service' : `du domaine ${name}`)
const ofEn = ({ scope, name }: Failed): string => (scope === 'service' ? 'of the service' : `of the domain ${name}`)

type Facts = (readonly [string, string])[]

const aboutFr = ({ sender, messages }: Failed, at: string): Facts => [
  ['Expéditeur du message', sender || 'aucun (rapport automatique)'],
  ['Reçu', at],
  ...(messages > 1 ? ([['Messages arrêtés depuis la dernière modification', `${messages}`]] as const) : []),
]
const aboutEn = ({ sender, messages }: Failed, at: string): Facts => [
  ['Sender of the message', sender || 'none (automatic report)'],
  ['Received', at],
  ...(messages > 1 ? ([['Messages stopped since the last change', `${messages}`]] as const) : []),
]
