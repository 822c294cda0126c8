/** What a load balancer says of a connection before its first octet. */
import { isIP } from 'node:net'
import { PROXY_BLOCK_OCTETS } from '../../../src/wire/limits.ts'
import { type ProxyHeader, readProxyHeader } from '../../../src/wire/proxy-header.ts'
import { proxyAddresses, proxyBlock, proxyLine, proxyLocal } from '../../support/proxy-header.ts'
import { type FuzzTarget, holds, same } from '../target.ts'

/** As a socket is read: what is asked for and nothing else; null where the rest never comes. */
function pull(bytes: Buffer): ProxyHeader | null {
  for (let taken = 0; taken <= bytes.length; ) {
    const read = readProxyHeader(bytes.subarray(0, taken))
    if (read.kind !== 'more') return read
    holds(read.octets > 0, 'nothing is asked for')
    taken += read.octets
    holds(taken <= 16 + PROXY_BLOCK_OCTETS, `${taken} octets are asked for`)
  }
  return null
}

const addresses = { from: '192.0.2.1', to: '192.0.2.2', fromPort: 56_324, toPort: 443 }
const addresses6 = { ...addresses, family: 6, from: '2001:db8::1', to: '::' } as const

const proxyHeader: FuzzTarget = {
  name: 'proxy-header',
  mostBytes: 5_000,
  seeds: [
    proxyLine({ ...addresses, family: 4 }),
    proxyLine(addresses6),
    Buffer.from('PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n'),
    proxyAddresses({ ...addresses, family: 4 }, Buffer.from('04000300aabb', 'hex')),
    proxyAddresses(addresses6),
    proxyBlock(1, 0x31, Buffer.alloc(216)),
    proxyLocal(),
  ],
  tokens: [
    'PROXY ',
    'TCP4 ',
    'TCP6 ',
    'UNKNOWN',
    '\r\n',
    ' ',
    '::',
    '0',
    '65535',
    '\r\n\r\n\0\r\nQUIT\n',
    '\x21\x11\0\x0c',
  ],
  check(bytes) {
    const read = pull(bytes)
    if (read === null) return
    same(pull(Buffer.concat([bytes, Buffer.from('\r\n more')])), read, 'with more behind it')
    if (read.kind !== 'header' || !read.endpoints) return
    const { family, source, destination } = read.endpoints
    const version = family === 'IPv4' ? 4 : 6
    holds(isIP(source.address) === version && isIP(destination.address) === version, 'no addresses')
    const [from, to] = [source.address, destination.address]
    const written = proxyLine({ family: version, from, to, fromPort: source.port, toPort: destination.port })
    same(pull(written), read, 'written and read again')
  },
}

export const proxyTargets = [proxyHeader]
