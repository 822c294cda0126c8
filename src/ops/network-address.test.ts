import { expect, it } from 'vitest'
import { addressGroup, addressRanges, canonicalAddress, isLoopback, parseAddressRange } from './network-address.ts'

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

it('knows ranges of addresses', () => {
  const isOurs = addressRanges(['192.0.2.1', '10.1.0.0/16', '2001:DB8::/32', 'fd00::5', '203.0.113.77/24'])
  const inside = ['192.0.2.1', '10.1.0.0', '10.1.255.255', '2001:db8:ffff::1', 'fd00::5', '203.0.113.1']
  const outside = ['192.0.2.2', '10.2.0.0', '2001:db9::', 'fd00::6', '203.0.114.1', '', 'here.test', '::', '0.0.0.0']
  expect(inside.filter(address => !isOurs(address))).toEqual([])
  expect(outside.filter(isOurs)).toEqual([])
  expect(addressRanges([])('192.0.2.1')).toBe(false)
})

it.each([
  '',
  '10.0.0.0/33',
  '10.0.0/8',
  '::/129',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '10.0.0.0/',
  'fe80::1%eth0',
  'here.test',
])('takes %j for no range', text => {
  expect(parseAddressRange(text)).toBeNull()
  expect(() => addressRanges([text])).toThrow(RangeError)
})
