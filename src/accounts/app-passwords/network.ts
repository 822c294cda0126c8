/** Networks that an app password may come from: an address, or CIDR (RFC 4632, RFC 4291 §2.3). */
import { BlockList, isIP } from 'node:net'
import { canonicalAddress } from '../../ops/network-address.ts'

/** As it is kept, with the bits of the host as they were written; null where it is none. */
export function parseNetwork(text: string): string | null {
  const match = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/.exec(text.trim().toLowerCase())
  const address = canonicalAddress(match?.[1] ?? '')
  const family = isIP(address)
  if (family === 0) return null
  const longest = family === 4 ? 32 : 128
  const prefix = match?.[2] === undefined ? longest : Number(match[2])
  if (prefix > longest) return null
  return prefix === longest ? address : `${address}/${prefix}`
}

/** Whether the address is of one of the networks, which `parseNetwork` made. */
export function isWithin(networks: readonly string[], remoteAddress: string): boolean {
  const address = canonicalAddress(remoteAddress)
  const list = new BlockList()
  for (const network of networks) {
    const [start = '', prefix] = network.split('/')
    const family = familyOf(start)
    list.addSubnet(start, prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix), family)
  }
  return isIP(address) !== 0 && list.check(address, familyOf(address))
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
