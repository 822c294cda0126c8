/** Problems of signing in and of what guards it, as `problem-texts.ts` has the others. */
import type { SecurityErrorCode } from '../accounts/security-error-codes.ts'
import type { ProblemText } from './problem-text.ts'

export const securityTexts: Record<SecurityErrorCode, ProblemText> = {
  'app-password-not-found': {
    status: 404,
    fr: ['Ce mot de passe d’application n’existe plus.'],
    en: ['This app password no longer exists.'],
  },
  'too-many-app-passwords': {
    status: 409,
    fr: ['Vous avez déjà {most} mots de passe d’application.', 'Supprimez ceux qui ne servent plus.'],
    en: ['You have {most} app passwords already.', 'Remove those that are no longer used.'],
  },
  'too-many-networks': {
    status: 400,
    fr: ['Un mot de passe d’application accepte au plus {most} réseaux.'],
    en: ['An app password takes at most {most} networks.'],
  },
  'invalid-network': {
    status: 400,
    fr: ['{network} n’est ni une adresse IP ni un réseau.', 'Exemples : 192.0.2.7, 192.0.2.0/24, 2001:db8::/32'],
    en: ['{network} is neither an IP address nor a network.', 'Examples: 192.0.2.7, 192.0.2.0/24, 2001:db8::/32'],
  },
  'expiry-in-the-past': {
    status: 400,
    fr: ['La date d’expiration est déjà passée.'],
    en: ['The expiry date has passed already.'],
  },
  'mailbox-not-yours': {
    status: 404,
    fr: ['Cette boîte mail n’est pas à vous, ni partagée avec vous.'],
    en: ['This mailbox is neither yours nor shared with you.'],
  },
  'not-a-sender': {
    status: 403,
    fr: ['Vous n’envoyez pas de messages pour cette boîte partagée.', 'Décochez l’envoi.'],
    en: ['You do not send mail for this shared mailbox.', 'Leave sending out.'],
  },
}
