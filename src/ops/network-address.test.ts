import { expect, it } from 'vitest'
import { addressGroup, canonicalAddress, isLoopback } from './network-address.ts'

it('writes IPv4-mapped addresses as IPv4', () => {
  expect(canonicalAddress('::ffff:192.0.2.1')).toBe('192.0.2.1')
  expect(canonicalAddress('fe80::1%eth0')).toBe('fe80::1')
  expect(canonicalAddress('192.0.2.1')).toBe('192.0.2.1')
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['2001:db8:0:0::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('counts %s as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group)
})

it('knows loopback', () => {
  expect(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
  expect(['128.0.0.1', '10.127.0.1', '::2'].some(isLoopback)).toBe(false)
})
