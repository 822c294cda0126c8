import { describe, expect, it } from 'vitest'
import type { DnsAnswer, RecordResolver } from '../ops/resolver.ts'
import type { DnsRecord } from '../wire/autoconfig/dns-records.ts'
import { checkRecord } from './domain-records.ts'

const none: DnsAnswer<never> = { kind: 'no-data' }
const found = <T>(...records: T[]): DnsAnswer<T> => ({ kind: 'found', records })
const broken: DnsAnswer<never> = { kind: 'temporary', problem: 'ESERVFAIL' }
const resolver = (
  answers: Partial<Record<keyof RecordResolver, (name: string) => DnsAnswer<never>>>,
): RecordResolver => {
  const ask = (type: keyof RecordResolver) => async (name: string) => answers[type]?.(name) ?? none
  return { mx: ask('mx'), addresses: ask('addresses'), srv: ask('srv'), cname: ask('cname') }
}
// The fakes answer whatever the test says they do.
const answer = (value: DnsAnswer<unknown>) => () => value as DnsAnswer<never>

const mx: DnsRecord = {
  name: 'example.org',
  purpose: 'mail',
  need: 'required',
  data: { type: 'MX', preference: 10, exchange: 'mail.host.example' },
}
const imaps: DnsRecord = {
  name: '_imaps._tcp.example.org',
  purpose: 'imaps',
  need: 'recommended',
  data: { type: 'SRV', priority: 0, weight: 1, port: 993, target: 'mail.host.example' },
}
const noImap: DnsRecord = { ...imaps, data: { type: 'SRV', priority: 0, weight: 0, port: 0, target: '' } }
const autoconfig: DnsRecord = {
  name: 'autoconfig.example.org',
  purpose: 'autoconfig-host',
  need: 'optional',
  data: { type: 'CNAME', target: 'mail.host.example' },
}
const ours = { preference: 5, exchange: 'mail.host.example' }
const theirs = { preference: 1, exchange: 'mx.elsewhere.example' }
const srv = { priority: 9, weight: 9, port: 993, target: 'mail.host.example' }

describe('a record', () => {
  it.each([
    ['an MX, whatever its preference', mx, { mx: answer(found(ours)) }, 'found', ['5 mail.host.example.']],
    ['an MX elsewhere', mx, { mx: answer(found(theirs)) }, 'different', ['1 mx.elsewhere.example.']],
    [
      'an MX here and one elsewhere',
      mx,
      { mx: answer(found(ours, theirs)) },
      'different',
      ['1 mx.elsewhere.example.', '5 mail.host.example.'],
    ],
    ['a null MX', mx, { mx: answer(found({ preference: 0, exchange: '' })) }, 'different', ['0 .']],
    ['no MX', mx, {}, 'missing', []],
    ['no domain', mx, { mx: answer({ kind: 'no-domain' }) }, 'missing', []],
    ['no answer', mx, { mx: answer(broken) }, 'unknown', []],
    ['an SRV, whatever its priority', imaps, { srv: answer(found(srv)) }, 'found', ['9 9 993 mail.host.example.']],
    [
      'an SRV with another port',
      imaps,
      { srv: answer(found({ ...srv, port: 143 })) },
      'different',
      ['9 9 143 mail.host.example.'],
    ],
    [
      '"not here" where it is wanted',
      noImap,
      { srv: answer(found({ ...srv, port: 0, target: '' })) },
      'found',
      ['9 9 0 .'],
    ],
    ['"not here" where it is here', imaps, { srv: answer(found({ ...srv, target: '' })) }, 'different', ['9 9 993 .']],
    [
      'a server where none is offered',
      noImap,
      { srv: answer(found(srv)) },
      'different',
      ['9 9 993 mail.host.example.'],
    ],
    ['a CNAME', autoconfig, { cname: answer(found('mail.host.example')) }, 'found', ['mail.host.example.']],
    ['a CNAME elsewhere', autoconfig, { cname: answer(found('x.example')) }, 'different', ['x.example.']],
    ['no name at all', autoconfig, {}, 'missing', []],
    ['the addresses of the host', autoconfig, { addresses: answer(found('192.0.2.1')) }, 'found', ['192.0.2.1']],
    [
      'other addresses',
      autoconfig,
      { addresses: (name: string) => answer(found(name === autoconfig.name ? '192.0.2.9' : '192.0.2.1'))() },
      'different',
      ['192.0.2.9'],
    ],
    ['no answer for addresses', autoconfig, { addresses: answer(broken) }, 'unknown', []],
    ['no answer for the name', autoconfig, { cname: answer(broken) }, 'unknown', []],
  ] as const)('%s', async (_, record, answers, state, texts) => {
    expect(await checkRecord(resolver(answers), record)).toEqual({ record, state, found: [...texts] })
  })
})
