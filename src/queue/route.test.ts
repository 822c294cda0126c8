import { describe, expect, it } from 'vitest'
import { addressVerdict, literalRoute, orderAddresses, routeOf } from './route.ts'

const own = new Set(['mail.here.test'])
/** Always the last of what is to choose from, so that a shuffle changes nothing. */
const noDice = (): number => 0.999
const mx = (...records: [number, string][]) => ({
  kind: 'found' as const,
  records: records.map(([preference, exchange]) => ({ preference, exchange })),
})

describe('a route', () => {
  it('follows the preference of the MX records', () => {
    const answer = mx([20, 'b.there.test'], [10, 'a.there.test'], [30, 'c.there.test'])
    expect(routeOf('there.test', answer, own, noDice)).toEqual({
      kind: 'hosts',
      hosts: ['a.there.test', 'b.there.test', 'c.there.test'],
    })
  })

  it('is left to the dice where preferences are equal', () => {
    const answer = mx([10, 'a.there.test'], [10, 'b.there.test'], [5, 'first.there.test'])
    const hosts = [0, 0.999].map(dice => routeOf('there.test', answer, own, () => dice))
    expect(hosts).toEqual([
      { kind: 'hosts', hosts: ['first.there.test', 'b.there.test', 'a.there.test'] },
      { kind: 'hosts', hosts: ['first.there.test', 'a.there.test', 'b.there.test'] },
    ])
  })

  it('is the domain itself where there is no MX', () => {
    for (const kind of ['no-data', 'no-domain'] as const)
      expect(routeOf('there.test', { kind }, own, noDice)).toEqual({ kind: 'hosts', hosts: ['there.test'] })
  })

  it('waits where the name servers fail', () => {
    const answer = { kind: 'temporary' as const, problem: 'ESERVFAIL' }
    expect(routeOf('there.test', answer, own, noDice)).toEqual({
      kind: 'verdict',
      verdict: {
        permanent: false,
        status: '4.4.3',
        text: 'Host or domain name not found. Name service error for name=there.test type=MX: Host not found, try again',
      },
    })
  })

  it('ends at a null MX', () => {
    expect(routeOf('there.test', mx([0, '']), own, noDice)).toMatchObject({
      kind: 'verdict',
      verdict: { permanent: true, status: '5.1.10', text: expect.stringMatching(/^556 5\.1\.10 /) },
    })
  })

  it('takes hosts better than this server only', () => {
    const answer = mx([10, 'a.there.test'], [20, 'mail.here.test'], [20, 'b.there.test'], [30, 'c.there.test'])
    expect(routeOf('there.test', answer, own, noDice)).toEqual({ kind: 'hosts', hosts: ['a.there.test'] })
  })

  it('is a loop where this server is the best, or the only one', () => {
    const loop = {
      kind: 'verdict',
      verdict: { permanent: true, status: '5.4.6', text: '554 5.4.6 mail for there.test loops back to myself' },
    }
    expect(routeOf('there.test', mx([10, 'mail.here.test'], [20, 'b.there.test']), own, noDice)).toEqual(loop)
    expect(routeOf('mail.here.test', { kind: 'no-data' }, own, noDice)).toMatchObject({ verdict: { status: '5.4.6' } })
  })

  it('tries a bounded number of hosts, each once', () => {
    const many = mx(...Array.from({ length: 50 }, (_, i): [number, string] => [i, `h${i % 25}.there.test`]))
    const route = routeOf('there.test', many, own, noDice)
    expect(route.kind === 'hosts' && route.hosts).toEqual(Array.from({ length: 10 }, (_, i) => `h${i}.there.test`))
  })

  it('is an address where the destination is one', () => {
    expect(literalRoute('[192.1.2.1]')).toEqual({ kind: 'address', address: '192.1.2.1' })
    expect(literalRoute('[IPv6:2606:4700::1111]')).toEqual({ kind: 'address', address: '2606:4700::1111' })
    expect(literalRoute('there.test')).toBeNull()
    for (const wrong of ['[192.0.2.300]', '[2001:db8::1]', '[IPv6:192.0.2.1]', '[x', '[]'])
      expect(literalRoute(wrong)).toMatchObject({ kind: 'verdict', verdict: { status: '5.1.3', permanent: true } })
    for (const inside of ['[127.0.0.1]', '[10.1.2.3]', '[IPv6:::1]', '[IPv6:fe80::1]', '[IPv6:::ffff:127.0.0.1]'])
      expect(literalRoute(inside)).toMatchObject({ kind: 'verdict', verdict: { status: '5.1.2', permanent: true } })
  })
})

describe("a host's addresses", () => {
  it.each([
    ['no-domain' as const, true, '5.1.2', 'Host not found'],
    ['no-data' as const, true, '5.4.4', 'Host found but no data record of requested type'],
  ])('missing as %s end the delivery', (kind, permanent, status, reason) => {
    expect(addressVerdict('a.test', { kind })).toEqual({
      permanent,
      status,
      text: `Host or domain name not found. Name service error for name=a.test type=A: ${reason}`,
    })
  })

  it('that can not be asked for now are asked for later', () => {
    expect(addressVerdict('a.test', { kind: 'temporary', problem: 'ETIMEOUT' })).toMatchObject({
      permanent: false,
      status: '4.4.3',
    })
  })

  it('are tried in both families within the limit, whichever begins', () => {
    const addresses = ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '1.1.1.5', '1.1.1.6', '2001:db8::1']
    expect(orderAddresses(addresses, noDice)).toEqual(['2001:db8::1', '1.1.1.1', '1.1.1.2'])
    expect(orderAddresses(addresses, () => 0)[0]).toMatch(/^1\./)
    expect(orderAddresses(addresses, () => 0)).toContain('2001:db8::1')
  })
})
