/**
 * The answers to Autodiscover's plain old XML: the settings of the servers, or an error (MS-OXDSCLI §2.2.4). UTF-8,
 * `text/xml`. Nothing in them tells whether the mailbox exists.
 */
import type { ClientServer, ClientServers } from './client-servers.ts'
import { xmlText } from './xml.ts'

const NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'
const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

/** Why there are no settings. The numbers and texts are the protocol's own. */
export const autodiscoverErrors = {
  'unknown-domain': { code: 500, message: 'The email address can’t be found.' },
  'invalid-request': { code: 600, message: 'Invalid Request' },
  'unknown-schema': { code: 601, message: 'Provider is not available' },
} as const

export type AutodiscoverError = keyof typeof autodiscoverErrors

/** `address`: the one asked for, also the user name. Of each protocol the best server, which is all that Outlook reads. */
export function encodeAutodiscoverSettings(address: string, servers: ClientServers): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${NAMESPACE}">
  <Response xmlns="${OUTLOOK}">
    <User>
      <DisplayName>${xmlText(address)}</DisplayName>
    </User>
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
${protocol('IMAP', servers.imap[0], address)}\
${protocol('POP3', servers.pop3[0], address)}\
${protocol('SMTP', servers.smtp[0], address)}\
    </Account>
  </Response>
</Autodiscover>
`
}

function protocol(type: 'IMAP' | 'POP3' | 'SMTP', server: ClientServer | undefined, address: string): string {
  if (!server) return ''
  const implicit = server.security === 'tls'
  // SPA on would be NTLM. Encryption, where it is read, goes before SSL, and alone can say STARTTLS.
  return `      <Protocol>
        <Type>${type}</Type>
        <Server>${xmlText(server.host)}</Server>
        <Port>${server.port}</Port>
        <DomainRequired>off</DomainRequired>
        <LoginName>${xmlText(address)}</LoginName>
        <SPA>off</SPA>
        <SSL>${implicit ? 'on' : 'off'}</SSL>
        <Encryption>${implicit ? 'SSL' : 'TLS'}</Encryption>
        <AuthRequired>on</AuthRequired>
${type === 'SMTP' ? '        <UsePOPAuth>on</UsePOPAuth>\n        <SMTPLast>off</SMTPLast>\n' : ''}\
      </Protocol>
`
}

/** `id`: any number, for finding the answer in a log. `at`: its time, told in UTC. */
export function encodeAutodiscoverError(error: AutodiscoverError, at: number, id: number): string {
  const { code, message } = autodiscoverErrors[error]
  const time = new Date(at).toISOString().slice(11, 23)
  return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${NAMESPACE}">
  <Response>
    <Error Time="${time}" Id="${id}">
      <ErrorCode>${code}</ErrorCode>
      <Message>${xmlText(message)}</Message>
      <DebugData />
    </Error>
  </Response>
</Autodiscover>
`
}
