/** IP addresses as limits see them: one spelling each, and one count for what one client can hold. */
import { isIPv6 } from 'node:net'

/** IPv4-mapped IPv6 addresses as IPv4, without a zone. */
export function canonicalAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  return mapped?.[1] ?? address.replace(/%.*$/, '')
}

/**
 * What limits count by: an IPv4 address, or the /64 of an IPv6 address, since one customer holds at least that many
 * addresses (RFC 6177) and could use a new one each time.
 */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address
  const [left = '', right] = address.split('::')
  const before = left === '' ? [] : left.split(':')
  const known = right === undefined ? 0 : right.split(':').filter(Boolean).length
  const zeros = right === undefined ? 0 : 8 - before.length - known
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...(right ? right.split(':') : [])]
  return `${groups
    .slice(0, 4)
    .map(group => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

export function isLoopback(address: string): boolean {
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(canonicalAddress(address))
}
