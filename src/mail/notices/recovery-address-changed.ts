import type { NoticeTexts } from './text.ts'

export const recoveryAddressChanged: NoticeTexts<'recovery-address-changed'> = {
  fr: ({ address, recoveryAddress, at, remoteAddress }, { time }) => ({
    subject: recoveryAddress === null ? 'Adresse externe retirée' : 'Adresse externe modifiée',
    parts: [
      'Bonjour,',
      recoveryAddress === null
        ? `L’adresse externe de ${address} a été retirée : un mot de passe oublié ne peut plus être remplacé en ligne.`
        : `L’adresse externe de ${address} est désormais ${recoveryAddress} : elle permet de choisir un nouveau mot de passe si celui-ci est oublié.`,
      { facts: facts.fr(time(at), remoteAddress) },
      'Si ce n’est pas vous, changez votre mot de passe et prévenez l’assistance.',
    ],
  }),
  en: ({ address, recoveryAddress, at, remoteAddress }, { time }) => ({
    subject: recoveryAddress === null ? 'External address removed' : 'External address changed',
    parts: [
      'Hello,',
      recoveryAddress === null
        ? `The external address of ${address} was removed: a forgotten password can no longer be replaced online.`
        : `The external address of ${address} is now ${recoveryAddress}: a new password can be chosen through it when this one is forgotten.`,
      { facts: facts.en(time(at), remoteAddress) },
      'If this was not you, change your password and tell support.',
    ],
  }),
}

/** When and from where; the command line has no address. */
export const facts = {
  fr: (time: string, remoteAddress: string): (readonly [string, string])[] => [
    ['Quand', time],
    ...(remoteAddress === '' ? [] : [['Depuis', remoteAddress] as const]),
  ],
  en: (time: string, remoteAddress: string): (readonly [string, string])[] => [
    ['When', time],
    ...(remoteAddress === '' ? [] : [['From', remoteAddress] as const]),
  ],
}
