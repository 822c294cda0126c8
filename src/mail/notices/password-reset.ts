import { facts } from './recovery-address-changed.ts'
import type { NoticeTexts } from './text.ts'

export const passwordResetLink: NoticeTexts<'password-reset-link'> = {
  fr: ({ address, url, expiresAt }, { time }) => ({
    subject: `Nouveau mot de passe pour ${address}`,
    parts: [
      'Bonjour,',
      `Quelqu’un, sans doute vous, a indiqué avoir oublié le mot de passe de ${address}.`,
      { action: 'Choisir un nouveau mot de passe', url },
      `Le lien ne sert qu’une fois, jusqu’au ${time(expiresAt)}.`,
      'Si ce n’est pas vous, ne faites rien : votre mot de passe reste le même.',
    ],
  }),
  en: ({ address, url, expiresAt }, { time }) => ({
    subject: `New password for ${address}`,
    parts: [
      'Hello,',
      `Someone, probably you, said that the password of ${address} is forgotten.`,
      { action: 'Choose a new password', url },
      `The link works once, until ${time(expiresAt)}.`,
      'If this was not you, do nothing: your password stays the same.',
    ],
  }),
}

export const passwordResetDone: NoticeTexts<'password-reset-done'> = {
  fr: ({ address, at, remoteAddress, securityUrl }, { time }) => ({
    subject: `Le mot de passe de ${address} a été changé`,
    parts: [
      'Bonjour,',
      `Un nouveau mot de passe a été choisi pour ${address}, par le lien envoyé à son adresse externe. Les sessions ouvertes ont été fermées.`,
      { facts: facts.fr(time(at), remoteAddress) },
      'Si ce n’est pas vous, prévenez l’assistance sans attendre : quelqu’un lit votre adresse externe.',
      { action: 'Voir les connexions et les sessions', url: securityUrl },
    ],
  }),
  en: ({ address, at, remoteAddress, securityUrl }, { time }) => ({
    subject: `The password of ${address} was changed`,
    parts: [
      'Hello,',
      `A new password was chosen for ${address}, through the link sent to its external address. Open sessions were closed.`,
      { facts: facts.en(time(at), remoteAddress) },
      'If this was not you, tell support at once: someone reads your external address.',
      { action: 'See sign-ins and sessions', url: securityUrl },
    ],
  }),
}
