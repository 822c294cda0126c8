import type { NoticeTexts } from './text.ts'

export const autoReplyEnded: NoticeTexts<'auto-reply-ended'> = {
  fr: ({ address, untilDay, url }) => ({
    subject: 'Votre réponse automatique est désactivée',
    parts: [
      'Bonjour,',
      `La réponse automatique de ${address} a répondu jusqu’au ${dayIn('fr-FR', untilDay)} inclus, comme prévu. Elle est maintenant désactivée.`,
      'Le texte est gardé pour la prochaine fois.',
      { action: 'Voir ma réponse automatique', url },
    ],
  }),
  en: ({ address, untilDay, url }) => ({
    subject: 'Your auto-reply is switched off',
    parts: [
      'Hello,',
      `The auto-reply of ${address} answered up to and including ${dayIn('en-GB', untilDay)}, as planned. It is switched off now.`,
      'Its text is kept for the next time.',
      { action: 'See my auto-reply', url },
    ],
  }),
}

const dayIn = (locale: string, day: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(Date.parse(day))
