import { describe, expect, it } from 'vitest'
import { isWithin, parseNetwork } from './network.ts'

describe('a network', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    [' 192.0.2.0/24 ', '192.0.2.0/24'],
    ['192.0.2.7/32', '192.0.2.7'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('%j is %j', (text, kept) => {
    expect(parseNetwork(text)).toBe(kept)
  })

  it.each([
    '',
    '192.0.2',
    '192.0.2.0/33',
    '2001:db8::/129',
    '192.0.2.0/',
    '192.0.2.0/-1',
    'example.org',
    '192.0.2.256',
    '::1%eth0',
  ])('is not %j', text => expect(parseNetwork(text)).toBeNull())

  it.each([
    [['192.0.2.0/24'], '192.0.2.255', true],
    [['192.0.2.0/24'], '::ffff:192.0.2.1', true],
    [['192.0.2.0/24'], '192.0.3.0', false],
    [['192.0.2.9/24'], '192.0.2.1', true],
    [['198.51.100.1', '2001:db8::/32'], '2001:db8:1::1', true],
    [['198.51.100.1', '2001:db8::/32'], '2001:db9::1', false],
    [['198.51.100.1'], '198.51.100.1', true],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [[], '192.0.2.1', false],
    [['192.0.2.0/24'], '', false],
  ])('of %j holds %j: %j', (networks, address, within) => {
    expect(isWithin(networks, address)).toBe(within)
  })
})
