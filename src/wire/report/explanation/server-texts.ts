/** Texts of what goes wrong on the way. */
import type { ClassTexts, ExplanationClass } from './classes.ts'

type ServerClass = Extract<
  ExplanationClass,
  | 'dns-failure'
  | 'unreachable'
  | 'connection-lost'
  | 'tls-failed'
  | 'server-trouble'
  | 'protocol-error'
  | 'loop'
  | 'expired'
  | 'local-trouble'
  | 'unknown'
>

const again = {
  fr: 'Renvoyez le message plus tard. Si cela presse, joignez votre correspondant par un autre moyen.',
  en: 'Send the message again later. If it is urgent, reach the recipient another way.',
}
const support = {
  fr: 'Transmettez cet avis entier à l’assistance, et joignez votre correspondant par un autre moyen.',
  en: 'Send this whole notice to support, and reach the recipient another way.',
}

export const serverTexts: Record<ServerClass, ClassTexts> = {
  'dns-failure': {
    whoActs: 'recipient',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `L’annuaire d’internet (DNS) ne répond pas pour le domaine ${domain}.`,
        why: 'Sans cette réponse, notre serveur ne sait pas où porter le message. La panne est presque toujours chez votre correspondant, et passagère.',
        todo: `Vérifiez la fin de l’adresse. ${again.fr}`,
      }),
      en: ({ domain }) => ({
        what: `The directory of the internet (DNS) gives no answer for the domain ${domain}.`,
        why: 'Without it, our server does not know where to take the message. The fault is nearly always on the recipient’s side, and passing.',
        todo: `Check the end of the address. ${again.en}`,
      }),
    },
  },
  unreachable: {
    whoActs: 'recipient',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} ne répond pas.`,
        why: 'Il est en panne, surchargé ou injoignable : notre serveur a essayé de s’y connecter, sans succès.',
        todo: again.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} does not answer.`,
        why: 'It is down, overloaded or out of reach: our server tried to connect to it, without success.',
        todo: again.en,
      }),
    },
  },
  'connection-lost': {
    whoActs: 'recipient',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `La connexion avec le serveur de ${domain} a été coupée.`,
        why: 'Elle s’est interrompue avant que le message soit accepté : panne ou surcharge de son côté, ou sur le chemin.',
        todo: again.fr,
      }),
      en: ({ domain }) => ({
        what: `The connection with the server of ${domain} broke off.`,
        why: 'It ended before the message was accepted: a fault or an overload on its side, or on the way.',
        todo: again.en,
      }),
    },
  },
  'tls-failed': {
    whoActs: 'recipient',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `La connexion chiffrée avec le serveur de ${domain} n’a pas pu être établie.`,
        why: 'Son certificat a expiré ou ne convient pas, ou ses réglages de chiffrement sont trop anciens.',
        todo: `Prévenez votre correspondant par un autre moyen : c’est à son service informatique de corriger cela.`,
      }),
      en: ({ domain }) => ({
        what: `The encrypted connection with the server of ${domain} could not be made.`,
        why: 'Its certificate has expired or does not fit, or its settings for encryption are too old.',
        todo: 'Tell the recipient another way: it is for their IT staff to correct this.',
      }),
    },
  },
  'server-trouble': {
    whoActs: 'nobody',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} ne peut pas prendre le message en ce moment.`,
        why: 'Il signale une panne ou une surcharge de son côté.',
        todo: again.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} cannot take the message at the moment.`,
        why: 'It reports a fault or an overload on its side.',
        todo: again.en,
      }),
    },
  },
  'protocol-error': {
    whoActs: 'provider',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} et le nôtre ne se sont pas compris.`,
        why: 'L’un des deux n’a pas parlé comme l’autre l’attendait. La réponse du serveur, ci-dessous, aide à trouver pourquoi.',
        todo: support.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} and ours did not understand each other.`,
        why: 'One of them did not speak as the other expected. The server’s answer below helps to find out why.',
        todo: support.en,
      }),
    },
  },
  loop: {
    whoActs: 'recipient',
    retryUseful: false,
    text: {
      fr: ({ address }) => ({
        what: `Le message tourne en rond sans jamais arriver chez ${address}.`,
        why: 'Une réexpédition ou un réglage du domaine renvoie le message vers un serveur où il est déjà passé.',
        todo: 'Prévenez votre correspondant par un autre moyen : c’est à lui, ou à qui gère son domaine, de corriger la réexpédition.',
      }),
      en: ({ address }) => ({
        what: `The message goes round in circles and never gets to ${address}.`,
        why: 'A forward, or a setting of the domain, sends the message back to a server where it was before.',
        todo: 'Tell the recipient another way: it is for them, or for who manages their domain, to correct the forward.',
      }),
    },
  },
  expired: {
    whoActs: 'nobody',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} n’a pas pu prendre le message à temps.`,
        why: 'La remise a été essayée jusqu’à la fin du délai prévu, sans succès.',
        todo: again.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} could not take the message in time.`,
        why: 'Delivery was tried until the time given to it was over, without success.',
        todo: again.en,
      }),
    },
  },
  'local-trouble': {
    whoActs: 'provider',
    retryUseful: true,
    text: {
      fr: () => ({
        what: 'Notre serveur n’a pas pu traiter le message.',
        why: 'La panne est de notre côté. Ni vous ni votre correspondant n’êtes en cause.',
        todo: 'Renvoyez le message plus tard. Si cela se répète, transmettez cet avis à l’assistance.',
      }),
      en: () => ({
        what: 'Our server could not process the message.',
        why: 'The fault is on our side. It is neither about you nor about the recipient.',
        todo: 'Send the message again later. If it happens again, send this notice to support.',
      }),
    },
  },
  unknown: {
    whoActs: 'provider',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} n’a pas accepté le message.`,
        why: 'Il n’en donne pas la raison de façon claire. Sa réponse, ci-dessous, peut aider à la trouver.',
        todo: support.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} did not accept the message.`,
        why: 'It does not give a clear reason. Its answer below may help to find it.',
        todo: support.en,
      }),
    },
  },
}
