/** Problems of setting up devices and of asking for help, as `problem-texts.ts` has the others. */
import type { ClientErrorCode } from '../accounts/client-error-codes.ts'
import type { ProblemText } from './problem-text.ts'

export const clientTexts: Record<ClientErrorCode, ProblemText> = {
  'protocol-not-offered': {
    status: 404,
    fr: ['Ce protocole n’est pas proposé ici.'],
    en: ['This protocol is not offered here.'],
  },
  'device-link-gone': {
    status: 404,
    fr: [
      'Ce lien a déjà servi, ou a expiré.',
      'Demandez-en un autre dans votre panneau, sous «\u00a0Mes appareils\u00a0».',
    ],
    en: ['This link has been used already, or has expired.', 'Ask for another one in your panel, under “My devices”.'],
  },
  'no-support-address': {
    status: 404,
    fr: ['L’assistance n’a pas d’adresse ici.', 'Adressez-vous à la personne qui gère votre domaine.'],
    en: ['There is no support address here.', 'Turn to whoever manages your domain.'],
  },
  'too-many-requests': {
    status: 429,
    fr: ['Vous avez envoyé plusieurs demandes en peu de temps.', 'Attendez une heure avant d’en envoyer une autre.'],
    en: ['You have sent several requests within a short time.', 'Wait for an hour before you send another one.'],
  },
  'request-not-sent': {
    status: 503,
    fr: [
      'Votre demande n’a pas pu être envoyée.',
      'Votre texte est conservé sur la page\u00a0: réessayez dans un instant.',
    ],
    en: ['Your request could not be sent.', 'Your text is still on the page: try again shortly.'],
  },
}
