import type { NoticeTexts } from './text.ts'

export const credentialLink: NoticeTexts<'credential-link'> = {
  fr: ({ address, url, expiresAt, needsCode }, { brand, time }) => ({
    subject: `Vos identifiants pour ${address}`,
    parts: [
      'Bonjour,',
      `Voici le lien vers l’identifiant, le mot de passe et les réglages de la boîte mail ${address}, chez ${brand}.`,
      { action: 'Afficher mes identifiants', url },
      ...(needsCode ? ['Un code vous sera demandé : il vous est communiqué à part, par téléphone.'] : []),
      `Ce lien ne sert qu’une fois, jusqu’au ${time(expiresAt)}. Ouvrez-le lorsque vous êtes prêt à noter le mot de passe ou à régler votre logiciel.`,
      'Si vous n’attendiez pas ce message, n’ouvrez pas le lien et prévenez-nous.',
    ],
  }),
  en: ({ address, url, expiresAt, needsCode }, { brand, time }) => ({
    subject: `Your sign-in data for ${address}`,
    parts: [
      'Hello,',
      `Here is the link to the user name, the password and the settings of the mailbox ${address}, at ${brand}.`,
      { action: 'Show my sign-in data', url },
      ...(needsCode ? ['You will be asked for a code, which you are given separately, by phone.'] : []),
      `The link works once, until ${time(expiresAt)}. Open it when you are ready to note the password or to set up your mail program.`,
      'If you did not expect this message, do not open the link, and tell us.',
    ],
  }),
}
