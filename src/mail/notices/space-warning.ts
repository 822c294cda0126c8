import type { Language } from '../../store/types/principals.ts'
import type { NoticeTexts } from './text.ts'

export const spaceWarning: NoticeTexts<'space-warning'> = {
  fr: ({ address, percent, usedBytes, quotaBytes, folders, isOwner, url }) => ({
    subject: `Boîte mail remplie à plus de ${percent}\u00a0% : ${address}`,
    parts: [
      'Bonjour,',
      `La boîte ${address} occupe ${size(usedBytes, 'fr')} sur ${size(quotaBytes, 'fr')}. Une fois pleine, elle ne reçoit plus rien : les messages sont refusés et leurs expéditeurs prévenus.`,
      { facts: folders.map(({ name, sizeBytes }) => [name, size(sizeBytes, 'fr')] as const) },
      isOwner
        ? 'Supprimez des messages et videz la corbeille, ou demandez plus d’espace.'
        : 'Son propriétaire est prévenu aussi. Vous pouvez lui donner une offre plus grande.',
      { action: isOwner ? 'Obtenir plus d’espace' : 'Voir la boîte mail', url },
    ],
  }),
  en: ({ address, percent, usedBytes, quotaBytes, folders, isOwner, url }) => ({
    subject: `Mailbox more than ${percent}% full: ${address}`,
    parts: [
      'Hello,',
      `The mailbox ${address} takes ${size(usedBytes, 'en')} of ${size(quotaBytes, 'en')}. Once it is full it receives nothing more: messages are refused, and their senders told.`,
      { facts: folders.map(({ name, sizeBytes }) => [name, size(sizeBytes, 'en')] as const) },
      isOwner
        ? 'Delete messages and empty the trash, or get more space.'
        : 'Its owner is told as well. You can give it a larger plan.',
      { action: isOwner ? 'Get more space' : 'See the mailbox', url },
    ],
  }),
}

function size(bytes: number, language: Language): string {
  const units = language === 'fr' ? ['ko', 'Mo', 'Go'] : ['kB', 'MB', 'GB']
  const power = bytes >= 1024 ** 3 ? 3 : bytes >= 1024 ** 2 ? 2 : 1
  const format = new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 1 })
  return `${format.format(bytes / 1024 ** power)}\u00a0${units[power - 1]}`
}
