/** The resolver against a DNS server of the test's own. */
import { describe, expect, it } from 'vitest'
import { createResolver, type Resolver } from '../../src/ops/resolver.ts'
import { type DnsServer, startDns, type Zone } from './fixtures/dns.ts'
import { closeLater } from './fixtures/scene.ts'
import { TestTime } from './fixtures/time.ts'

async function setUp(
  zone: Zone,
  asked: { timeoutMs?: number; tries?: number } = {},
): Promise<{ dns: DnsServer; resolver: Resolver; clock: TestTime }> {
  const dns = closeLater(await startDns(zone))
  const clock = new TestTime(0)
  return { dns, clock, resolver: createResolver({ clock, servers: [dns.address], ...asked }) }
}

describe('the resolver', () => {
  it('tells records from the ways of having none', async () => {
    const { resolver } = await setUp({
      'both.test': { MX: [[10, 'MX.both.test']], A: ['192.0.2.1'], AAAA: ['2001:db8::1'] },
      'null.test': { MX: [[0, '.']] },
      'empty.test': {},
      'broken.test': 'SERVFAIL',
    })
    expect(await resolver.mx('both.test')).toEqual({
      kind: 'found',
      records: [{ preference: 10, exchange: 'mx.both.test' }],
    })
    expect(await resolver.addresses('both.test')).toEqual({ kind: 'found', records: ['192.0.2.1', '2001:db8::1'] })
    expect(await resolver.mx('null.test')).toEqual({ kind: 'found', records: [{ preference: 0, exchange: '' }] })
    for (const question of [resolver.mx, resolver.addresses]) {
      expect(await question('empty.test')).toEqual({ kind: 'no-data' })
      expect(await question('nowhere.test')).toEqual({ kind: 'no-domain' })
      expect(await question('broken.test')).toEqual({ kind: 'temporary', problem: 'ESERVFAIL' })
      for (const odd of ['', 'a..b', `${'x'.repeat(64)}.test`, 'white space.test'])
        expect((await question(odd)).kind).not.toBe('found')
    }
  })

  it('waits for a server that is silent no longer than it was told', async () => {
    const { resolver } = await setUp({ 'silent.test': 'SILENT' }, { timeoutMs: 100, tries: 1 })
    for (const question of [resolver.mx, resolver.addresses])
      expect(await question('silent.test')).toEqual({ kind: 'temporary', problem: 'ETIMEOUT' })
  })

  it('asks once for many, and again when the answer is too old', async () => {
    const { dns, resolver, clock } = await setUp({ 'a.test': { A: ['192.0.2.1'] } })
    await Promise.all(Array.from({ length: 5 }, () => resolver.addresses('A.test.')))
    await resolver.addresses('a.test')
    expect(dns.questions.sort()).toEqual(['A a.test', 'AAAA a.test'])
    // The fixture's TTL is a minute.
    clock.advance(59_999)
    await resolver.addresses('a.test')
    expect(dns.questions).toHaveLength(2)
    clock.advance(1)
    await resolver.addresses('a.test')
    expect(dns.questions).toHaveLength(4)
  })

  it('keeps no failure, so that a retry asks again', async () => {
    const { dns, resolver } = await setUp({ 'a.test': 'SERVFAIL' })
    await resolver.mx('a.test')
    dns.zone['a.test'] = { MX: [[1, 'mx.test']] }
    expect(await resolver.mx('a.test')).toMatchObject({ kind: 'found' })
  })
})
