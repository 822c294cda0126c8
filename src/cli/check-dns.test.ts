import { describe, expect, it } from 'vitest'
import { checkDns, type DnsQuestions } from './check-dns.ts'

interface Zone {
  a?: Record<string, string[]>
  aaaa?: Record<string, string[]>
  ptr?: Record<string, string[]>
  mx?: Record<string, string[]>
  txt?: Record<string, string[]>
  /** Names whose questions end with this code. */
  broken?: Record<string, string>
}

function zone({ a, aaaa, ptr, mx, txt, broken }: Zone): DnsQuestions {
  const ask = async (records: Record<string, string[]> | undefined, name: string): Promise<string[]> => {
    const code = broken?.[name] ?? (records?.[name] ? null : 'ENODATA')
    if (code !== null) throw Object.assign(new Error(code), { code })
    return records?.[name] ?? []
  }
  return {
    resolve4: (async (name: string) => ask(a, name)) as DnsQuestions['resolve4'],
    resolve6: (async (name: string) => ask(aaaa, name)) as DnsQuestions['resolve6'],
    reverse: address => ask(ptr, address),
    resolveMx: async name => (await ask(mx, name)).map(exchange => ({ exchange, priority: 10 })),
    resolveTxt: async name => (await ask(txt, name)).map(text => [text.slice(0, 5), text.slice(5)]),
  }
}

const right: Zone = {
  a: { 'mail.example.org': ['192.0.2.1'] },
  aaaa: { 'mail.example.org': ['2001:db8::1'] },
  ptr: { '192.0.2.1': ['mail.example.org'], '2001:db8::1': ['Mail.Example.ORG.'] },
  mx: { 'example.org': ['mail.example.org'] },
  txt: { 'example.org': ['other', 'v=spf1 mx -all'] },
}

const check = async (changed: Zone, hostname = 'mail.example.org', mxHost = hostname) =>
  (await checkDns(zone({ ...right, ...changed }), hostname, mxHost, ['example.org'])).map(
    ({ level, text }) => `${level} ${text}`,
  )

describe('DNS', () => {
  it('is in order', async () => {
    expect(await check({})).toEqual([
      'ok mail.example.org has the address 192.0.2.1, 2001:db8::1',
      'ok 192.0.2.1 leads back to mail.example.org',
      'ok 2001:db8::1 leads back to mail.example.org',
      'ok mail for example.org comes to mail.example.org',
      'ok example.org has an SPF record',
    ])
  })

  it.each([
    ['the host name has no domain', {}, 'problem "vm" is not a fully qualified host name', 'vm'],
    ['the host has no address', { a: {}, aaaa: {} }, 'problem mail.example.org has no A or AAAA record'],
    [
      'the address leads to another name',
      { ptr: { '192.0.2.1': ['customer-1.provider.test'] } },
      'problem 192.0.2.1 leads back to customer-1.provider.test, not',
    ],
    ['the address leads nowhere', { ptr: {} }, 'problem 192.0.2.1 leads back to no name'],
    ['there is no MX', { mx: {} }, 'problem example.org has no MX record: add "example.org. MX 10 mail.example.org."'],
    [
      'the MX is another server',
      { mx: { 'example.org': ['old.test'] } },
      'problem mail for example.org goes to old.test',
    ],
    ['the MX is null', { mx: { 'example.org': [''] } }, 'problem mail for example.org goes to nobody (null MX)'],
    ['there is no SPF', { txt: {} }, 'warning example.org has no SPF record'],
    [
      'there are two SPF records',
      { txt: { 'example.org': ['v=spf1 mx -all', 'v=spf1 -all'] } },
      'problem example.org has 2 SPF records',
    ],
    [
      'another record only begins like one',
      { txt: { 'example.org': ['v=spf10 x'] } },
      'warning example.org has no SPF record',
    ],
    [
      'the DNS server does not answer',
      { broken: { 'example.org': 'ETIMEOUT' } },
      'warning the MX record of example.org could not be looked up (ETIMEOUT)',
    ],
    [
      'the zone of the host is broken',
      { a: {}, aaaa: {}, broken: { 'mail.example.org': 'ESERVFAIL' } },
      'warning the A record of mail.example.org could not be looked up (ESERVFAIL)',
    ],
  ] as [string, Zone, string, string?][])('%s', async (_, changed, expected, hostname) => {
    expect((await check(changed, hostname)).some(line => line.startsWith(expected))).toBe(true)
  })

  it('asks for the name that staff gave incoming mail, as that of a load balancer', async () => {
    const asked = (changed: Zone) => check(changed, 'mail1.example.org', 'mail.example.org')
    expect(await asked({})).toContain('ok mail for example.org comes to mail.example.org')
    expect(await asked({ mx: {} })).toContain(
      'problem example.org has no MX record: add "example.org. MX 10 mail.example.org."',
    )
  })
})
