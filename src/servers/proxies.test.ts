import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import tls, { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { proxyAddresses, proxyBlock, proxyLine, proxyLocal } from '../../test/support/proxy-header.ts'
import type { Log } from '../ops/log.ts'
import { makeSelfSigned } from '../ops/self-signed.ts'
import { isProbe, Proxies } from './proxies.ts'

const BALANCER = '127.0.0.2'
const client = { family: 4, from: '203.0.113.9', to: '198.51.100.1', fromPort: 51_000, toPort: 993 } as const
const client6 = { ...client, family: 6, from: '2001:db8::9', to: '2001:db8::1' } as const

let now = 0
let complaints: object[] = []
const log: Log = {
  debug() {},
  info() {},
  warn: fields => complaints.push(fields),
  error() {},
  child: () => log,
}
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
  complaints = []
})

const proxies = (from: string[] = [BALANCER], headerMs = 60_000): Proxies =>
  new Proxies({ from, headerMs, clock: { now: () => now }, log })

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** A server that says from where it thinks a connection comes, then whatever it hears. */
async function echoing(where: Proxies): Promise<{ port: number; stop: () => void; seen: Socket[] }> {
  const seen: Socket[] = []
  const server = createServer(socket => {
    seen.push(socket)
    ends.push(() => socket.destroy())
    socket.write(`${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress} ${socket.localPort}\n`)
    socket.pipe(socket)
  })
  const stop = where.before(server)
  return { port: await listen(server), stop, seen }
}

async function from(localAddress: string, port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true })
  ends.push(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function whole(socket: Socket): Promise<string> {
  let text = ''
  try {
    for await (const chunk of socket) text += chunk.toString('latin1')
  } catch (error) {
    // Cut off while it still sent.
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error
  }
  return text
}

describe('a connection from a load balancer', () => {
  const told = '203.0.113.9 51000 198.51.100.1 993\n'
  it.each([
    ['version 1', proxyLine(client), told],
    ['version 2', proxyAddresses(client, Buffer.from('04000300aabb', 'hex')), told],
    ['version 1, IPv6', proxyLine(client6), '2001:db8::9 51000 2001:db8::1 993\n'],
    ['version 2, IPv6', proxyAddresses(client6), '2001:db8::9 51000 2001:db8::1 993\n'],
  ])('is the client’s that its header names, cut anywhere: %s', async (_, header, expected) => {
    const { port } = await echoing(proxies())
    const bytes = Buffer.concat([header, Buffer.from('hello')])
    for (let cut = 1; cut <= bytes.length; cut++) {
      const socket = await from(BALANCER, port)
      socket.write(bytes.subarray(0, cut))
      await turn()
      socket.end(bytes.subarray(cut))
      expect(await whole(socket), `cut at ${cut}`).toBe(`${expected}hello`)
    }
    expect(complaints).toEqual([])
  })

  it('is its own where the header names nobody', async () => {
    const { port, seen } = await echoing(proxies())
    for (const [index, header] of [
      proxyLocal(),
      Buffer.from('PROXY UNKNOWN\r\n'),
      proxyBlock(1, 0, Buffer.of()),
    ].entries()) {
      const socket = await from(BALANCER, port)
      const own = socket.localPort
      socket.end(header)
      expect(await whole(socket)).toBe(`${BALANCER} ${own} 127.0.0.1 ${port}\n`)
      expect(isProbe(seen[index]!)).toBe(index === 0)
    }
  })

  it('has only one header', async () => {
    const { port } = await echoing(proxies())
    const socket = await from(BALANCER, port)
    socket.end(Buffer.concat([proxyLine(client), proxyLine(client6)]))
    expect(await whole(socket)).toBe(`${told}${proxyLine(client6)}`)
  })

  it('is closed where the header is wrong, cut off or does not come', async () => {
    const [patient, hasty] = [await echoing(proxies()), await echoing(proxies([BALANCER], 100))]
    for (const bytes of ['EHLO me.example\r\n', 'PROXY TCP4 1.2.3.4', '']) {
      const socket = await from(BALANCER, (bytes === '' ? hasty : patient).port)
      socket.write(bytes)
      if (bytes.startsWith('PROXY')) socket.end()
      expect(await whole(socket)).toBe('')
      now += 61_000
    }
    expect([...patient.seen, ...hasty.seen]).toEqual([])
    expect(complaints).toMatchObject([
      { balancer: BALANCER, problem: 'no PROXY header', connections: 1 },
      { problem: 'it ends within the header' },
      { problem: 'the header does not come' },
    ])
  })

  it('is told of once a minute, with how many there were, and not where it said nothing', async () => {
    const { port } = await echoing(proxies())
    for (let count = 0; count < 4; count++) {
      if (count === 3) now += 61_000
      const socket = await from(BALANCER, port)
      socket.end('GET / HTTP/1.1\r\n')
      await whole(socket)
      const silent = await from(BALANCER, port)
      silent.end()
      await whole(silent)
    }
    expect(complaints).toMatchObject([{ connections: 1 }, { connections: 3 }])
  })

  it('ends with the server while its header is awaited', async () => {
    const { port, stop } = await echoing(proxies())
    const socket = await from(BALANCER, port)
    socket.write('PROXY')
    // The server has the connection once it has answered a later one.
    const other = await from('127.0.0.1', port)
    await once(other, 'data')
    stop()
    expect(await whole(socket)).toBe('')
  })

  it('does not make another machine’s loopback this one’s', async () => {
    const inner = createServer(socket => socket.end(`${socket.remoteAddress}`))
    proxies(['192.0.2.7']).before(inner)
    const port = await listen(
      createServer(socket => {
        Object.defineProperty(socket, 'remoteAddress', { value: '192.0.2.7', configurable: true })
        inner.emit('connection', socket)
      }),
    )
    for (const [header, expected] of [
      [proxyLine(client), client.from],
      [proxyLine({ ...client, from: '127.0.0.1' }), '192.0.2.7'],
      [proxyAddresses({ ...client6, from: '::1' }), '192.0.2.7'],
      [proxyLine({ ...client6, from: '::ffff:127.0.0.1' }), '192.0.2.7'],
    ] as const) {
      const socket = await from('127.0.0.1', port)
      socket.write(header)
      expect(await whole(socket)).toBe(expected)
    }
  })
})

it('reads nothing of what comes from elsewhere', async () => {
  const { port } = await echoing(proxies())
  const socket = await from('127.0.0.3', port)
  const own = socket.localPort
  socket.end(proxyLine(client))
  expect(await whole(socket)).toBe(`127.0.0.3 ${own} 127.0.0.1 ${port}\n${proxyLine(client)}`)
})

describe('TLS', () => {
  const pem = makeSelfSigned(['mail.facteur.test'], Date.now())

  /** Over the balancer's connection: the header in one packet with the client's first words. */
  async function secured(port: number, header: Buffer): Promise<tls.TLSSocket> {
    const raw = await from(BALANCER, port)
    const [near, far] = duplexPair()
    let first = true
    far.on('data', (bytes: Buffer) => {
      raw.write(first ? Buffer.concat([header, bytes]) : bytes)
      first = false
    })
    raw.on('data', bytes => far.write(bytes)).on('end', () => far.end())
    const socket = connectTls({ socket: near, rejectUnauthorized: false })
    ends.push(() => socket.destroy())
    await once(socket, 'secureConnect')
    return socket
  }

  it('comes behind the header, and knows the client of each connection', async () => {
    const server = tls.createServer(pem, socket => {
      socket.end(`${socket.remoteAddress} ${socket.remotePort} ${socket.remoteFamily} ${socket.localPort}`)
    })
    proxies().before(server)
    const port = await listen(server)
    const all = await Promise.all([proxyLine(client), proxyAddresses(client6), proxyLocal()].map(h => secured(port, h)))
    const texts = await Promise.all(all.map(whole))
    expect(texts.slice(0, 2)).toEqual(['203.0.113.9 51000 IPv4 993', '2001:db8::9 51000 IPv6 993'])
    expect(texts[2]).toMatch(new RegExp(`^127\\.0\\.0\\.2 \\d+ IPv4 ${port}$`))
  })
})
