import { type DnsRecord, dnsRecordsOf, dnsRecordText } from '../../../../src/wire/autoconfig/dns-records.ts'
import type { Screen } from '../../../dev/screens.ts'

const host = 'mail.host.example'
const records = dnsRecordsOf({
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
})
const answer = (state: (record: DnsRecord) => { state: string; found: string[] }) => ({
  'GET /domains/example.org/dns': {
    body: {
      domain: 'example.org',
      checkedAt: Date.now(),
      records: records.map(record => {
        const { name, purpose, need, data } = record
        return { name, type: data.type, purpose, need, expected: dnsRecordText(data), ...state(record) }
      }),
    },
  },
})
const good = answer(({ data }) => ({ state: 'found', found: [dnsRecordText(data)] }))
const mixed = answer(({ purpose, data }) =>
  purpose === 'mail'
    ? { state: 'different', found: [dnsRecordText(data), '20 mx.elsewhere.example.'] }
    : purpose === 'imaps'
      ? { state: 'found', found: [dnsRecordText(data)] }
      : purpose === 'submissions'
        ? { state: 'unknown', found: [] }
        : { state: 'missing', found: [] },
)

export const screens: Screen[] = [
  { name: 'domain-dns-good', visitor: 'manager', path: '/domains/example.org/dns', samples: good },
  { name: 'domain-dns-mixed', visitor: 'manager', path: '/domains/example.org/dns', samples: mixed },
  {
    name: 'domain-dns-loading',
    visitor: 'manager',
    path: '/domains/example.org/dns',
    samples: { 'GET /domains/example.org/dns': { hangs: true } },
  },
]
