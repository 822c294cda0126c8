/**
 * The header by which a load balancer says from where a connection comes: the PROXY protocol, versions 1 (a line) and 2
 * (binary), as HAProxy's doc/proxy-protocol.txt has them. It stands before everything else, a TLS handshake too.
 */
import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import { PROXY_BLOCK_OCTETS, PROXY_LINE_OCTETS } from './limits.ts'

export interface ProxyEndpoint {
  /** IPv4 with dots, IPv6 in its shortest form. */
  address: string
  port: number
}

export interface ProxyEndpoints {
  family: 'IPv4' | 'IPv6'
  /** The client. */
  source: ProxyEndpoint
  /** Where the client connected to. */
  destination: ProxyEndpoint
}

export type ProxyHeader =
  /** The header is longer by at least so many octets: none that follows it is among them. */
  | { kind: 'more'; octets: number }
  | { kind: 'wrong'; problem: string }
  /** `endpoints` null: the connection's own hold. `local`: the balancer speaks for itself, to see whether the service answers. */
  | { kind: 'header'; endpoints: ProxyEndpoints | null; local: boolean }

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const START_OCTETS = SIGNATURE.length + 4
/** §2.2: enough to tell the versions from each other and from everything else. */
const FIRST_OCTETS = 8
const SHORTEST_LINE = 'PROXY UNKNOWN\r\n'.length

const LOCAL = 0
const PROXY = 1
const STREAM = 1
/** Octets of both addresses and ports, by family: unspecified, IPv4, IPv6, UNIX. */
const ADDRESS_OCTETS = [0, 12, 36, 216]

const wrong = (problem: string): ProxyHeader => ({ kind: 'wrong', problem })

/** Reads the header from its first octets. Who gives the octets that are asked for, and no others, has read it exactly. */
export function readProxyHeader(octets: Uint8Array): ProxyHeader {
  const bytes = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  if (bytes.length < FIRST_OCTETS) return { kind: 'more', octets: FIRST_OCTETS - bytes.length }
  if (bytes.toString('latin1', 0, 6) === 'PROXY ') return readLine(bytes)
  const known = Math.min(bytes.length, SIGNATURE.length)
  if (bytes.compare(SIGNATURE, 0, known, 0, known) !== 0) return wrong('no PROXY header')
  return readBlock(bytes)
}

function readLine(bytes: Buffer): ProxyHeader {
  const end = bytes.indexOf('\r\n')
  if (end === -1) {
    if (bytes.length >= PROXY_LINE_OCTETS) return wrong('a line that does not end')
    const lacking = bytes.at(-1) === 0x0d ? 1 : 2
    return {
      kind: 'more',
      octets: Math.max(Math.min(lacking, PROXY_LINE_OCTETS - bytes.length), SHORTEST_LINE - bytes.length),
    }
  }
  if (end + 2 !== bytes.length) return wrong('octets behind the line')
  if (end + 2 > PROXY_LINE_OCTETS) return wrong('a line that is too long')
  const line = bytes.toString('latin1', 0, end)
  // §2.1: what stands behind UNKNOWN is ignored.
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { kind: 'header', endpoints: null, local: false }
  const [, family, from, to, fromPort, toPort, ...more] = line.split(' ')
  const source = endpoint(family, from, fromPort)
  const destination = endpoint(family, to, toPort)
  if (!source || !destination || more.length > 0) return wrong('a line that is none of the protocol')
  return {
    kind: 'header',
    endpoints: { family: family === 'TCP4' ? 'IPv4' : 'IPv6', source, destination },
    local: false,
  }
}

function endpoint(family = '', address = '', port = ''): ProxyEndpoint | null {
  if (!/^(?:0|[1-9]\d{0,4})$/.test(port) || Number(port) > 65_535) return null
  if (family === 'TCP4') return isIPv4(address) ? { address, port: Number(port) } : null
  // A zone names an interface of another machine.
  if (family !== 'TCP6' || !isIPv6(address) || address.includes('%')) return null
  return { address: shortest(address), port: Number(port) }
}

const shortest = (address: string): string => new SocketAddress({ address, family: 'ipv6' }).address

function readBlock(bytes: Buffer): ProxyHeader {
  if (bytes.length < START_OCTETS) return { kind: 'more', octets: START_OCTETS - bytes.length }
  const [versionAndCommand = 0, familyAndTransport = 0] = bytes.subarray(SIGNATURE.length)
  const command = versionAndCommand & 15
  if (versionAndCommand >> 4 !== 2) return wrong('a version that is not known')
  if (command !== LOCAL && command !== PROXY) return wrong('a command that is not known')
  const block = bytes.readUInt16BE(SIGNATURE.length + 2)
  if (block > PROXY_BLOCK_OCTETS) return wrong('a header that is too long')
  const family = familyAndTransport >> 4
  const transport = familyAndTransport & 15
  // §2.2: with LOCAL, the family and what follows mean nothing.
  if (command === PROXY) {
    const addresses = ADDRESS_OCTETS[family]
    if (addresses === undefined || transport > 2) return wrong('a family that is not known')
    if (block < addresses) return wrong('addresses that are cut off')
  }
  const lacking = START_OCTETS + block - bytes.length
  if (lacking > 0) return { kind: 'more', octets: lacking }
  if (lacking < 0) return wrong('octets behind the header')
  if (command === LOCAL) return { kind: 'header', endpoints: null, local: true }
  const isInternet = family === 1 || family === 2
  const endpoints = isInternet && transport === STREAM ? endpointsOf(bytes.subarray(START_OCTETS), family === 1) : null
  return { kind: 'header', endpoints, local: false }
}

function endpointsOf(block: Buffer, isIPv4: boolean): ProxyEndpoints {
  const octets = isIPv4 ? 4 : 16
  const at = (index: number): ProxyEndpoint => {
    const bytes = block.subarray(index * octets, (index + 1) * octets)
    return {
      address: isIPv4 ? bytes.join('.') : shortest(bytes.toString('hex').match(/..../g)?.join(':') ?? ''),
      port: block.readUInt16BE(2 * octets + 2 * index),
    }
  }
  return { family: isIPv4 ? 'IPv4' : 'IPv6', source: at(0), destination: at(1) }
}
