/**
 * The file that Thunderbird, Evolution, KMail, K-9 and others set an account up with: config-v1.1.xml
 * (draft-ietf-mailmaint-autoconfig). The same for every mailbox of a domain: the program fills in the address.
 */
import type { ClientServer, ClientServers } from './client-servers.ts'
import { DISPLAY_NAME_CHARACTERS, SHORT_NAME_CHARACTERS } from './limits.ts'
import { xmlText } from './xml.ts'

export interface ClientConfig {
  /** The provider's main domain. */
  id: string
  /** The domain of the addresses the file is good for, in A-labels. */
  domain: string
  /** The domain of the host in the MX record, for programs that came by way of it; null where they didn't. */
  mxDomain: string | null
  displayName: string
  shortName: string
  servers: ClientServers
  /** The help page, with its title per language; null for none. */
  documentation: { url: string; titles: Readonly<Record<string, string>> } | null
}

/** UTF-8 without a byte order mark, to be served as `text/xml`. */
export function encodeClientConfig(config: ClientConfig): string {
  const { id, domain, mxDomain, servers, documentation } = config
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="${xmlText(id)}">
    <domain>${xmlText(domain)}</domain>
${mxDomain === null ? '' : `    <domain purpose="mx">${xmlText(mxDomain)}</domain>\n`}\
    <displayName>${xmlText(cut(config.displayName, DISPLAY_NAME_CHARACTERS))}</displayName>
    <displayShortName>${xmlText(cut(config.shortName, SHORT_NAME_CHARACTERS))}</displayShortName>
${servers.imap.map(server => section('incomingServer', 'imap', server)).join('')}\
${servers.pop3.map(server => section('incomingServer', 'pop3', server)).join('')}\
${servers.smtp.map(server => section('outgoingServer', 'smtp', server)).join('')}\
${documentation === null ? '' : documented(documentation)}\
  </emailProvider>
</clientConfig>
`
}

function section(element: 'incomingServer' | 'outgoingServer', type: string, server: ClientServer): string {
  return `    <${element} type="${type}">
      <hostname>${xmlText(server.host)}</hostname>
      <port>${server.port}</port>
      <socketType>${server.security === 'tls' ? 'SSL' : 'STARTTLS'}</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </${element}>
`
}

function documented({ url, titles }: { url: string; titles: Readonly<Record<string, string>> }): string {
  const descriptions = Object.entries(titles)
    .map(([language, title]) => `      <descr lang="${xmlText(language)}">${xmlText(title)}</descr>\n`)
    .join('')
  return `    <documentation url="${xmlText(url)}">\n${descriptions}    </documentation>\n`
}

/** At most so many characters, an accent never parted from its letter. */
function cut(text: string, characters: number): string {
  if (text.length <= characters) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (kept.length + segment.length > characters) break
    kept += segment
  }
  return kept.trimEnd()
}
