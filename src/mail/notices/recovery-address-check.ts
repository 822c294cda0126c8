import type { NoticeTexts } from './text.ts'

export const recoveryAddressCheck: NoticeTexts<'recovery-address-check'> = {
  fr: ({ address, url, expiresAt }, { brand, time }) => ({
    subject: `Confirmez cette adresse pour ${address}`,
    parts: [
      'Bonjour,',
      `Cette adresse a été indiquée chez ${brand} comme adresse externe de ${address} : elle servira à choisir un nouveau mot de passe si celui-ci est oublié.`,
      { action: 'Confirmer cette adresse', url },
      `Le lien ne sert qu’une fois, jusqu’au ${time(expiresAt)}.`,
      `Si ${address} n’est pas à vous, ne faites rien : sans confirmation, votre adresse ne sera pas utilisée.`,
    ],
  }),
  en: ({ address, url, expiresAt }, { brand, time }) => ({
    subject: `Confirm this address for ${address}`,
    parts: [
      'Hello,',
      `This address was given at ${brand} as the external address of ${address}: it will serve to choose a new password when that one is forgotten.`,
      { action: 'Confirm this address', url },
      `The link works once, until ${time(expiresAt)}.`,
      `If ${address} is not yours, do nothing: without confirmation your address will not be used.`,
    ],
  }),
}
