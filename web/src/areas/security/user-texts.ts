/** Words of the page on how somebody else signs in, beside those of one's own. */
import { en, fr } from '../../shared/texts/format.ts'
import { defineTexts } from '../../shared/texts/texts.ts'

export const userTexts = defineTexts({
  fr: {
    title: (address: string) => `Sécurité de ${address}`,
    users: 'Utilisateurs',
    missing: 'Exigée, pas encore activée',
    passkeys: (labels: readonly string[]) => fr.list([...labels]),
    required: 'Double authentification exigée',
    requiredHint: 'Sans elle, la prochaine page ouverte demande de l’activer.',
    requiredByService: 'Le service l’exige déjà de tous ses administrateurs.',
    reset: 'Réinitialiser la double authentification',
    resetTitle: (address: string) => `Réinitialiser la double authentification de ${address} ?`,
    resetText:
      'Pour qui a perdu son appareil et ses codes de secours. L’application, les clés d’accès et les codes de secours sont retirés, les sessions fermées ; un mail en informe la personne. Vérifiez d’abord que c’est bien elle qui le demande.',
    resetDone: 'Double authentification réinitialisée.',
    appPasswordsText: 'Chacun ouvre un seul logiciel ou appareil.',
    endSessions: 'Fermer toutes les sessions',
    endSessionsTitle: (address: string) => `Fermer toutes les sessions de ${address} ?`,
    sessionsEnded: 'Les sessions sont fermées.',
  },
  en: {
    title: address => `Security of ${address}`,
    users: 'Users',
    missing: 'Required, not added yet',
    passkeys: labels => en.list([...labels]),
    required: 'Second factor required',
    requiredHint: 'Without one, the next page opened asks to add one.',
    requiredByService: 'The service requires it of all its staff already.',
    reset: 'Reset the second factor',
    resetTitle: address => `Reset the second factor of ${address}?`,
    resetText:
      'For who has lost both device and recovery codes. The app, the passkeys and the recovery codes are removed, and sessions closed; a mail tells the person. Make sure first that it is really that person who asks.',
    resetDone: 'Second factor reset.',
    appPasswordsText: 'Each opens a single program or device.',
    endSessions: 'Close all sessions',
    endSessionsTitle: address => `Close all sessions of ${address}?`,
    sessionsEnded: 'The sessions are closed.',
  },
})
