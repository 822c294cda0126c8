import { defineTexts } from '../../shared/texts/texts.ts'

export const sharedTexts = defineTexts({
  fr: {
    shared: 'Suivi d’un message',
    sharedText: (until: string) => `Consultable jusqu’au ${until}.`,
    over: 'Ce lien ne fonctionne plus',
    overText: 'Il a expiré, ou il est incomplet. Demandez-en un nouveau à la personne qui vous l’a envoyé.',
    retry: 'Réessayer',
  },
  en: {
    shared: 'Tracking of a message',
    sharedText: until => `Can be read until ${until}.`,
    over: 'This link no longer works',
    overText: 'It has expired, or is incomplete. Ask whoever sent it to you for a new one.',
    retry: 'Try again',
  },
})
