/** What articles are filled in with: the reader's own address and servers, where they are known. */

export const valueNames = [
  'address',
  'imap.host',
  'imap.port',
  'imap.security',
  'pop3.host',
  'pop3.port',
  'pop3.security',
  'smtp.host',
  'smtp.port',
  'smtp.security',
  'panel.url',
  'webmail.url',
  'support.address',
  'limits.messageSize',
  'limits.perMailboxHour',
] as const

export type ValueName = (typeof valueNames)[number]
/** Missing: not known, or not offered. Texts are in the reader's language already. */
export type HelpValues = Readonly<Partial<Record<ValueName, string>>>

/** Names that stand in every article without a condition; what to show where they are missing after all. */
export const standIns: Readonly<Record<'fr' | 'en', HelpValues>> = {
  fr: { address: 'votre adresse complète' },
  en: { address: 'your full address' },
}

export const isValueName = (name: string): name is ValueName => (valueNames as readonly string[]).includes(name)
