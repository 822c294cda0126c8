/** IP addresses as limits see them: one spelling each, and one count for what one client can hold. */
import { BlockList, isIP, isIPv6 } from 'node:net'

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

/** Reads `192.0.2.1`, `2001:db8::/32`; null where it is neither an address nor a range of them. */
export function parseAddressRange(text: string): { address: string; bits: number } | null {
  const [address = '', bits, ...more] = text.split('/')
  const most = isIP(address) === 4 ? 32 : isIP(address) === 6 && !address.includes('%') ? 128 : 0
  if (most === 0 || more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return null
  const length = Number(bits ?? most)
  return length <= most ? { address, bits: length } : null
}

/** Whether an address, in the form of `canonicalAddress`, is in one of these ranges. Throws a RangeError for one that is none. */
export function addressRanges(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const text of ranges) {
    const range = parseAddressRange(text)
    if (!range) throw new RangeError(`no range of addresses: ${text}`)
    list.addSubnet(range.address, range.bits, isIPv6(range.address) ? 'ipv6' : 'ipv4')
  }
  return address => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
