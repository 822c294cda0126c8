/** What is known of a reader, as the words of his language that articles are filled in with. */
import type { ClientServer, ClientServers } from '../wire/autoconfig/client-servers.ts'
import type { HelpValues } from './values.ts'

export interface ReaderFacts {
  /** null for who is not signed in, or has no mailbox. */
  address: string | null
  servers: ClientServers
  panelUrl: string
  webmailUrl: string | null
  supportAddress: string | null
  maxMessageBytes: number
  /** Recipients that the mailbox may write to in an hour; null where nothing limits it, or it isn't known. */
  perMailboxHour: number | null
}

export function readerValues(facts: ReaderFacts, language: 'fr' | 'en'): HelpValues {
  const { address, servers, panelUrl, webmailUrl, supportAddress, maxMessageBytes, perMailboxHour } = facts
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  return {
    ...(address !== null && { address }),
    ...serverValues('imap', servers.imap[0]),
    ...serverValues('pop3', servers.pop3[0]),
    ...serverValues('smtp', servers.smtp[0]),
    'panel.url': panelUrl,
    ...(webmailUrl !== null && { 'webmail.url': webmailUrl }),
    ...(supportAddress !== null && { 'support.address': supportAddress }),
    'limits.messageSize': sizeText(maxMessageBytes, language, locale),
    ...(perMailboxHour !== null && {
      'limits.perMailboxHour': new Intl.NumberFormat(locale).format(perMailboxHour),
    }),
  }
}

function serverValues(protocol: 'imap' | 'pop3' | 'smtp', server: ClientServer | undefined): HelpValues {
  if (!server) return {}
  return {
    [`${protocol}.host`]: server.host,
    [`${protocol}.port`]: String(server.port),
    // As mail programs call it, in both languages.
    [`${protocol}.security`]: server.security === 'tls' ? 'SSL/TLS' : 'STARTTLS',
  }
}

/** Sizes count in powers of 1024, as everywhere in the panel. */
function sizeText(bytes: number, language: 'fr' | 'en', locale: string): string {
  const kB = bytes / 1024
  const [value, unit] =
    kB >= 1024 ? [kB / 1024, language === 'fr' ? 'Mo' : 'MB'] : [kB, language === 'fr' ? 'Ko' : 'KB']
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)}\u00a0${unit}`
}
