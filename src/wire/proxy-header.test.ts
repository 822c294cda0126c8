import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Proxied, proxyAddresses, proxyBlock, proxyLine, proxyLocal } from '../../test/support/proxy-header.ts'
import { PROXY_BLOCK_OCTETS, PROXY_LINE_OCTETS } from './limits.ts'
import { type ProxyHeader, readProxyHeader } from './proxy-header.ts'

const line = (text: string): ProxyHeader => readProxyHeader(Buffer.from(text, 'latin1'))
const own: ProxyHeader = { kind: 'header', endpoints: null, local: false }

/** As a socket is read: what is asked for and nothing else. Also tells how much that was. */
function readFrom(bytes: Buffer): { header: ProxyHeader; taken: number } {
  for (let taken = 0; ; ) {
    const header = readProxyHeader(bytes.subarray(0, taken))
    if (header.kind !== 'more' || taken + header.octets > bytes.length) return { header, taken }
    expect(header.octets).toBeGreaterThan(0)
    taken += header.octets
  }
}

const ipv4 = fc.ipV4()
const ipv6 = fc.array(fc.constantFrom('0', '1', 'a0', 'fe80', 'ffff', '2001', 'db8'), { minLength: 8, maxLength: 8 })
const port = fc.integer({ min: 0, max: 65_535 })
const proxied: fc.Arbitrary<Proxied> = fc.oneof(
  fc.record({ family: fc.constant(4 as const), from: ipv4, to: ipv4, fromPort: port, toPort: port }),
  fc.record({
    family: fc.constant(6 as const),
    from: ipv6.map(groups => groups.join(':')),
    to: ipv6.map(groups => groups.join(':')),
    fromPort: port,
    toPort: port,
  }),
)
/** An address in one form, by another way than the codec's. */
const oneForm = (address: string): string =>
  address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address

describe('both versions', () => {
  it('give what was written, take no octet of what follows, and read the same from pieces of any size', () => {
    fc.assert(
      fc.property(proxied, fc.boolean(), fc.uint8Array({ maxLength: 40 }), (addresses, binary, following) => {
        const header = binary ? proxyAddresses(addresses, Buffer.from('0400020000', 'hex')) : proxyLine(addresses)
        const read = readFrom(Buffer.concat([header, following]))
        expect(read.taken).toBe(header.length)
        expect(read.header).toMatchObject({ kind: 'header', local: false })
        if (read.header.kind !== 'header' || !read.header.endpoints) throw new Error('no addresses')
        const { source, destination, family } = read.header.endpoints
        expect(family).toBe(addresses.family === 4 ? 'IPv4' : 'IPv6')
        expect([oneForm(source.address), oneForm(destination.address)]).toEqual([
          oneForm(addresses.from),
          oneForm(addresses.to),
        ])
        expect([source.port, destination.port]).toEqual([addresses.fromPort, addresses.toPort])
        // Cut off anywhere it is never taken for whole, nor for wrong.
        for (let cut = 0; cut < header.length; cut++) {
          const part = readProxyHeader(header.subarray(0, cut))
          expect(part.kind).toBe('more')
          if (part.kind === 'more') expect(cut + part.octets).toBeLessThanOrEqual(header.length)
        }
      }),
    )
  })

  it('end for anything else, within what they may take', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: PROXY_BLOCK_OCTETS + 20, maxLength: PROXY_BLOCK_OCTETS + 20 }), noise => {
        const { header, taken } = readFrom(Buffer.from(noise))
        expect(header.kind).toBe('wrong')
        expect(taken).toBe(8)
      }),
    )
  })

  it.each([
    'EHLO me.example\r\n',
    'GET / HTTP/1.1\r\n',
    'proxy TCP4 1.2.3.4',
    '\r\n\r\n\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01',
  ])('are told from %j by eight octets', text => expect(line(text).kind).toBe('wrong'))
})

describe('version 1', () => {
  it('takes the examples of the specification', () => {
    expect(line('PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n')).toEqual({
      kind: 'header',
      endpoints: {
        family: 'IPv4',
        source: { address: '192.168.0.1', port: 56_324 },
        destination: { address: '192.168.0.11', port: 443 },
      },
      local: false,
    })
    const longest = `PROXY UNKNOWN ${`ffff:${'ffff:'.repeat(6)}ffff `.repeat(2)}65535 65535\r\n`
    expect(longest).toHaveLength(PROXY_LINE_OCTETS)
    expect(line(longest)).toEqual(own)
    expect(line('PROXY UNKNOWN\r\n')).toEqual(own)
    expect(line('PROXY UNKNOWN \x00whatever\r\n')).toEqual(own)
  })

  it('writes addresses in their shortest form', () => {
    const read = line('PROXY TCP6 2001:DB8:0:0:0:0:0:1 ::ffff:192.0.2.1 0 65535\r\n')
    expect(read).toMatchObject({
      endpoints: { source: { address: '2001:db8::1' }, destination: { address: '::ffff:192.0.2.1' } },
    })
  })

  it.each([
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n',
    'PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1  2\r\n',
    'PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n',
    'PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n',
    'PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n',
    'PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY TCP6 2001:db8::1%eth0 2001:db8::2 1 2\r\n',
    'PROXY TCP6 2001:db8::1::2 2001:db8::2 1 2\r\n',
    'PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY UNKNOWNS\r\n',
    'PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\r\n',
  ])('refuses %j', text => expect(readFrom(Buffer.from(text, 'latin1')).header.kind).toBe('wrong'))

  it('waits for the line’s end, and not for ever', () => {
    const unending = Buffer.from(`PROXY UNKNOWN ${'x'.repeat(200)}`)
    expect(readFrom(unending)).toMatchObject({ header: { kind: 'wrong' }, taken: PROXY_LINE_OCTETS })
    expect(line(`PROXY UNKNOWN ${'x'.repeat(PROXY_LINE_OCTETS - 15)}\r\n`).kind).toBe('wrong')
    // The CRLF's first octet is the last that is allowed.
    expect(readFrom(Buffer.from(`PROXY UNKNOWN ${'x'.repeat(PROXY_LINE_OCTETS - 15)}\r\n`)).header.kind).toBe('wrong')
  })
})

describe('version 2', () => {
  const addresses: Proxied = { family: 4, from: '192.0.2.1', to: '192.0.2.2', fromPort: 1, toPort: 2 }

  it('takes LOCAL with whatever it brings, as the balancer itself', () => {
    const local: ProxyHeader = { kind: 'header', endpoints: null, local: true }
    expect(readProxyHeader(proxyLocal())).toEqual(local)
    expect(readProxyHeader(proxyBlock(0, 0xff, Buffer.alloc(30)))).toEqual(local)
  })

  it.each([
    ['no family', 0x00, 0],
    ['no transport', 0x10, 12],
    ['datagrams over IPv4', 0x12, 12],
    ['datagrams over IPv6', 0x22, 36],
    ['a socket in the file system', 0x31, 216],
  ])('keeps the connection’s own addresses: %s', (_, family, octets) =>
    expect(readProxyHeader(proxyBlock(1, family, Buffer.alloc(octets, 1)))).toEqual(own),
  )

  it('skips what follows the addresses, up to a limit', () => {
    const read = readProxyHeader(proxyAddresses(addresses, Buffer.alloc(PROXY_BLOCK_OCTETS - 12, 7)))
    expect(read).toMatchObject({ kind: 'header', endpoints: { source: { address: '192.0.2.1', port: 1 } } })
    // Refused at its sixteenth octet, not when it has come.
    const long = proxyAddresses(addresses, Buffer.alloc(PROXY_BLOCK_OCTETS - 11, 7))
    expect(readFrom(long)).toMatchObject({ header: { kind: 'wrong' }, taken: 16 })
  })

  it.each([
    ['a command that is not known', proxyBlock(2, 0x11, Buffer.alloc(12))],
    ['a family that is not known', proxyBlock(1, 0x41, Buffer.alloc(216))],
    ['a transport that is not known', proxyBlock(1, 0x13, Buffer.alloc(12))],
    ['addresses that are cut off', proxyBlock(1, 0x11, Buffer.alloc(11))],
    ['addresses of version 6 that are cut off', proxyBlock(1, 0x21, Buffer.alloc(35))],
    ['another version', Buffer.concat([proxyLocal().subarray(0, 12), Buffer.of(0x10, 0, 0, 0)])],
  ])('refuses %s', (_, bytes) => expect(readFrom(bytes).header.kind).toBe('wrong'))
})
