/** Problems of signing in and of what guards it, as `problem-texts.ts` has the others. */
import type { SecurityErrorCode } from '../accounts/security-error-codes.ts'
import type { ProblemText } from './problem-text.ts'

/** What the API itself finds wrong with a sign-in. */
export type SecurityApiCode = 'second-step-over' | 'second-step-refused' | 'too-many-codes' | 'second-factor-to-set-up'

export const securityTexts: Record<SecurityErrorCode | SecurityApiCode, ProblemText> = {
  'second-step-over': {
    status: 401,
    fr: ['La connexion a pris trop de temps.', 'Saisissez de nouveau votre mot de passe.'],
    en: ['Signing in took too long.', 'Enter your password again.'],
  },
  'second-step-refused': {
    status: 403,
    fr: ['Ce code ou cette clé ne convient pas.', 'Attendez le code suivant, ou choisissez un autre moyen.'],
    en: ['This code or passkey is not right.', 'Wait for the next code, or choose another way.'],
  },
  'too-many-codes': {
    status: 429,
    fr: [
      'Trop de codes erronés.',
      'Patientez une dizaine de minutes, ou utilisez une clé d’accès ou un code de secours.',
    ],
    en: ['Too many wrong codes.', 'Wait some ten minutes, or use a passkey or a recovery code.'],
  },
  'second-factor-to-set-up': {
    status: 403,
    fr: ['Activez d’abord la double authentification.', 'Elle est exigée pour votre compte.'],
    en: ['Add a second factor first.', 'Your account requires one.'],
  },
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
    fr: ['{network} n’est ni une adresse IP ni un réseau.', 'Exemples : 192.0.2.7, 192.0.2.0/24, 2001:db8::/32'],
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
  'passkeys-need-a-name': {
    status: 409,
    fr: ['Les clés d’accès ne fonctionnent pas à cette adresse.', 'Ouvrez le panneau par son nom d’hôte.'],
    en: ['Passkeys do not work at this address.', 'Open the panel by its host name.'],
  },
  'passkey-refused': {
    status: 400,
    fr: ['La clé d’accès n’a pas été acceptée.', 'Recommencez.'],
    en: ['The passkey was not accepted.', 'Try again.'],
  },
  'passkey-not-found': {
    status: 404,
    fr: ['Cette clé d’accès n’existe plus.'],
    en: ['This passkey no longer exists.'],
  },
  'passkey-exists': {
    status: 409,
    fr: ['Cette clé d’accès est déjà enregistrée.'],
    en: ['This passkey is known already.'],
  },
  'too-many-passkeys': {
    status: 409,
    fr: ['Vous avez déjà {most} clés d’accès.', 'Supprimez celles qui ne servent plus.'],
    en: ['You have {most} passkeys already.', 'Remove those that are no longer used.'],
  },
  'codes-in-use': {
    status: 409,
    fr: ['Une application d’authentification est déjà en service.', 'Retirez-la d’abord.'],
    en: ['An authenticator app is in use already.', 'Remove it first.'],
  },
  'wrong-first-code': {
    status: 400,
    fr: [
      'Ce code ne convient pas.',
      'Saisissez celui que l’application affiche maintenant. L’heure du téléphone doit être juste.',
    ],
    en: ['This code is not right.', 'Enter the one the app shows now. The clock of the phone has to be right.'],
  },
  'no-second-factor': {
    status: 409,
    fr: ['La double authentification n’est pas activée.'],
    en: ['No second factor is in use.'],
  },
  'second-factor-is-required': {
    status: 409,
    fr: [
      'La double authentification est exigée pour votre compte.',
      'Ajoutez une autre méthode avant de retirer celle-ci.',
    ],
    en: ['Your account requires a second factor.', 'Add another one before you remove this one.'],
  },
  'principal-not-found': {
    status: 404,
    fr: ['Personne ne se connecte avec cette adresse.'],
    en: ['Nobody signs in with this address.'],
  },
  'same-password': {
    status: 400,
    fr: ['Le nouveau mot de passe est le même que l’actuel.'],
    en: ['The new password is the same as the present one.'],
  },
}
