import type { Language } from '../../store/types/principals.ts'
import type { NoticePart, NoticeTexts } from './text.ts'

const words = (message: string): NoticePart[] => (message === '' ? [] : [{ words: message }])

export const planRequest: NoticeTexts<'plan-request'> = {
  fr: ({ address, planName, storageBytes, monthlyPrice, currency, usedBytes, quotaBytes, message, url }) => ({
    subject: `${address} demande l’offre ${planName}`,
    parts: [
      'Bonjour,',
      `${address} demande plus d’espace pour sa boîte mail. Rien ne change tant que vous ne l’avez pas décidé.`,
      ...words(message),
      {
        facts: [
          ['Boîte mail', address],
          ['Espace occupé', used(usedBytes, quotaBytes, 'fr')],
          ['Offre demandée', `${planName}, ${size(storageBytes, 'fr')}`],
          ['Prix mensuel', price(monthlyPrice, currency, 'fr')],
        ],
      },
      { action: 'Voir la boîte mail', url },
    ],
  }),
  en: ({ address, planName, storageBytes, monthlyPrice, currency, usedBytes, quotaBytes, message, url }) => ({
    subject: `${address} asks for the plan ${planName}`,
    parts: [
      'Hello,',
      `${address} asks for more space in the mailbox. Nothing changes until you decide it.`,
      ...words(message),
      {
        facts: [
          ['Mailbox', address],
          ['Space used', used(usedBytes, quotaBytes, 'en')],
          ['Plan asked for', `${planName}, ${size(storageBytes, 'en')}`],
          ['Price a month', price(monthlyPrice, currency, 'en')],
        ],
      },
      { action: 'See the mailbox', url },
    ],
  }),
}

function used(usedBytes: number, quotaBytes: number | null, language: Language): string {
  if (quotaBytes === null) return size(usedBytes, language)
  return `${size(usedBytes, language)} ${language === 'fr' ? 'sur' : 'of'} ${size(quotaBytes, language)}`
}

const localeOf = (language: Language): string => (language === 'fr' ? 'fr-FR' : 'en-GB')

function size(bytes: number, language: Language): string {
  const units = language === 'fr' ? ['Mo', 'Go'] : ['MB', 'GB']
  const isLarge = bytes >= 1024 ** 3
  const value = bytes / 1024 ** (isLarge ? 3 : 2)
  const text = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 1 }).format(value)
  return `${text}\u00a0${units[isLarge ? 1 : 0]}`
}

function price(amount: number, currency: string, language: Language): string {
  const format = new Intl.NumberFormat(localeOf(language), { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
