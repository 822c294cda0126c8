import { describe, expect, it } from 'vitest'
import { type DnsRecordSource, dnsRecordsOf, dnsRecordText } from './dns-records.ts'

const host = 'mail.host.example'
const source: DnsRecordSource = {
  domain: 'example.org',
  mxHost: host,
  webHost: host,
  webPort: 443,
  servers: {
    imap: [{ host, port: 993, security: 'tls' }],
    pop3: [{ host, port: 995, security: 'tls' }],
    smtp: [
      { host, port: 465, security: 'tls' },
      { host, port: 587, security: 'starttls' },
    ],
  },
}
const zone = (of: DnsRecordSource): string[] =>
  dnsRecordsOf(of).map(({ name, need, data }) => `${name}. ${data.type} ${dnsRecordText(data)} ${need}`)

describe('the records of a domain', () => {
  it('are these', () => {
    expect(zone(source)).toEqual([
      'example.org. MX 10 mail.host.example. required',
      '_imaps._tcp.example.org. SRV 0 1 993 mail.host.example. recommended',
      '_imap._tcp.example.org. SRV 0 0 0 . optional',
      '_pop3s._tcp.example.org. SRV 10 1 995 mail.host.example. recommended',
      '_pop3._tcp.example.org. SRV 0 0 0 . optional',
      '_submissions._tcp.example.org. SRV 0 1 465 mail.host.example. recommended',
      '_submission._tcp.example.org. SRV 5 1 587 mail.host.example. recommended',
      '_autodiscover._tcp.example.org. SRV 0 0 443 mail.host.example. recommended',
      'autoconfig.example.org. CNAME mail.host.example. optional',
      'autodiscover.example.org. CNAME mail.host.example. optional',
    ])
  })

  it('say of a protocol that is switched off that it is not there', () => {
    expect(zone({ ...source, servers: { ...source.servers, pop3: [] } })).toContain(
      '_pop3s._tcp.example.org. SRV 0 0 0 . optional',
    )
  })

  it('follow the ports that are advertised', () => {
    const servers = { ...source.servers, imap: [{ host, port: 1143, security: 'starttls' as const }] }
    const records = zone({ ...source, servers, webPort: 8443 })
    expect(records).toContain('_imap._tcp.example.org. SRV 0 1 1143 mail.host.example. recommended')
    expect(records).toContain('_imaps._tcp.example.org. SRV 0 0 0 . optional')
    expect(records).toContain('_autodiscover._tcp.example.org. SRV 0 0 8443 mail.host.example. recommended')
  })

  it('let no name lead to itself', () => {
    const names = dnsRecordsOf({ ...source, webHost: 'autoconfig.example.org' }).map(({ name }) => name)
    expect(names).not.toContain('autoconfig.example.org')
    expect(names).toContain('autodiscover.example.org')
  })
})
