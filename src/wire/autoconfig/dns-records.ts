/**
 * The records a domain needs so that mail comes here and mail programs find their servers: MX, SRV (RFC 6186,
 * RFC 8314 §5.1), and the names that Thunderbird's and Outlook's look-ups start from.
 */
import type { ClientServer, ClientServers } from './client-servers.ts'

export type DnsRecordData =
  | { type: 'MX'; preference: number; exchange: string }
  | { type: 'SRV'; priority: number; weight: number; port: number; target: string }
  | { type: 'CNAME'; target: string }

export type DnsRecordPurpose =
  | 'mail'
  | 'imaps'
  | 'imap'
  | 'pop3s'
  | 'pop3'
  | 'submissions'
  | 'submission'
  | 'autodiscover'
  | 'autoconfig-host'
  | 'autodiscover-host'

export interface DnsRecord {
  /** Whole, without the last dot. */
  name: string
  purpose: DnsRecordPurpose
  /** `required`: without it no mail comes. `recommended`: programs find their settings by it. `optional`: for older ones. */
  need: 'required' | 'recommended' | 'optional'
  data: DnsRecordData
}

/** Host names in A-labels and lower case. `webHost`: where config-v1.1.xml and Autodiscover are served. */
export interface DnsRecordSource {
  domain: string
  mxHost: string
  webHost: string
  /** The port of the web host as seen from outside. */
  webPort: number
  servers: ClientServers
}

export function dnsRecordsOf({ domain, mxHost, webHost, webPort, servers }: DnsRecordSource): DnsRecord[] {
  const service = (name: DnsRecordPurpose, data: Omit<DnsRecordData & { type: 'SRV' }, 'type'>): DnsRecord => ({
    name: `_${name}._tcp.${domain}`,
    purpose: name,
    need: data.target === '' ? 'optional' : 'recommended',
    data: { type: 'SRV', ...data },
  })
  const host = (label: 'autoconfig' | 'autodiscover'): DnsRecord[] => {
    const name = `${label}.${domain}`
    const data = { type: 'CNAME', target: webHost } as const
    return name === webHost ? [] : [{ name, purpose: `${label}-host`, need: 'optional', data }]
  }
  return [
    { name: domain, purpose: 'mail', need: 'required', data: { type: 'MX', preference: 10, exchange: mxHost } },
    service('imaps', offered(servers.imap, 'tls', 0)),
    service('imap', offered(servers.imap, 'starttls', 0)),
    service('pop3s', offered(servers.pop3, 'tls', 10)),
    service('pop3', offered(servers.pop3, 'starttls', 10)),
    // RFC 8314 §5.1: where both are offered, TLS from the first byte is to be preferred.
    service('submissions', offered(servers.smtp, 'tls', 0)),
    service('submission', offered(servers.smtp, 'starttls', 5)),
    service('autodiscover', { priority: 0, weight: 0, port: webPort, target: webHost }),
    ...host('autoconfig'),
    ...host('autodiscover'),
  ]
}

/** RFC 6186 §3.4: a program that has the choice takes the lowest priority of all services, so IMAP goes before POP3. */
function offered(
  servers: readonly ClientServer[],
  security: ClientServer['security'],
  priority: number,
): Omit<DnsRecordData & { type: 'SRV' }, 'type'> {
  const server = servers.find(candidate => candidate.security === security)
  // RFC 2782: the target "." says that the service is decidedly not there.
  if (!server) return { priority: 0, weight: 0, port: 0, target: '' }
  return { priority, weight: 1, port: server.port, target: server.host }
}

/** The data as a zone file has it. */
export function dnsRecordText(data: DnsRecordData): string {
  if (data.type === 'MX') return `${data.preference} ${data.exchange}.`
  if (data.type === 'SRV') return `${data.priority} ${data.weight} ${data.port} ${data.target}.`
  return `${data.target}.`
}
