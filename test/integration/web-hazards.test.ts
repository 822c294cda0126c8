/**
 * HTTPS on its raw sockets, as strangers use them: requests hidden in others, bytes that drip, handshakes without end, too many
 * of everything. Each is answered or closed within its limit, and whoever behaves is served meanwhile.
 */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/ops/log.ts'
import { makeSelfSigned } from '../../src/ops/self-signed.ts'
import type { SecureContextSource } from '../../src/ops/tls.ts'
import { WEB_HEADER_BYTES, type WebLimits } from '../../src/servers/http/limits.ts'
import type { HttpServer } from '../../src/servers/http/server.ts'
import { servesAll, servesPanel, startWebListener } from '../../src/servers/http/web-listener.ts'

const pem = makeSelfSigned(['mail.example.org'], Date.now())
const tls = { pem: () => pem, onChange: () => () => {} } as unknown as SecureContextSource

let app: FastifyInstance | undefined
let server: HttpServer | undefined
/** What reached the application, in its order. */
let seen: string[] = []
/** `/held` was asked for; its client is gone; answers it. */
let [onHeld, onGone, release] = [() => {}, () => {}, () => {}]
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server?.close(0)
  await app?.close()
})

const listeners = [
  ['443', servesAll],
  ['8443', servesPanel],
] as const

async function start(limits: Partial<WebLimits> = {}, serves: (path: string) => boolean = servesAll): Promise<number> {
  seen = []
  app = Fastify({ logger: false })
  app.addHook('onRequest', async ({ method, url }) => void seen.push(`${method} ${url}`))
  app.get('/held', async request => {
    request.raw.socket.once('close', () => onGone())
    onHeld()
    await new Promise<void>(resolve => (release = resolve))
    seen.push(`held for ${request.ip}`)
    return 'ok'
  })
  app.get('/*', async () => 'ok')
  app.post('/*', async ({ body }) => JSON.stringify(body))
  await app.ready()
  const options = { host: '127.0.0.1', port: 0, tls, app, serves, log: silentLog, limitLoopback: true, limits }
  server = await startWebListener(options)
  return server.port
}

interface Peer {
  socket: Socket
  heard(): string
  /** What was heard once the service closed it; rejects where it stays open. */
  closed: Promise<string>
}

function peer(socket: Socket): Peer {
  sockets.push(socket)
  let heard = ''
  socket.on('data', data => (heard += data.toString('latin1'))).on('error', () => {})
  const closed = new Promise<string>(resolve => socket.once('close', () => resolve(heard)))
  return { socket, heard: () => heard, closed }
}

async function open(port: number): Promise<Peer> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
  const opened = peer(socket)
  await Promise.race([new Promise(resolve => socket.once('secureConnect', resolve)), opened.closed])
  return opened
}

/** Everything that is answered to these bytes until the service closes, or 600 ms after nothing more comes. */
async function answers(port: number, bytes: string): Promise<{ statuses: string[]; isClosed: boolean; text: string }> {
  const { socket, heard, closed } = await open(port)
  socket.write(Buffer.from(bytes, 'latin1'))
  let isClosed = false
  void closed.then(() => (isClosed = true))
  let last = ''
  for (let quiet = 0; quiet < 20 && !isClosed; ) {
    await new Promise(resolve => setTimeout(resolve, 30))
    quiet = heard() === last && heard() !== '' ? quiet + 1 : 0
    last = heard()
  }
  socket.destroy()
  return {
    statuses: [...heard().matchAll(/HTTP\/1\.1 (\d{3})/g)].map(match => match[1] ?? ''),
    isClosed,
    text: heard(),
  }
}

async function expectServes(port: number): Promise<void> {
  const asked = async (): Promise<string[]> =>
    (await answers(port, 'GET /well HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).statuses
  // Times are short here: on a machine with other work whoever behaves may be too slow for them once.
  await expect.poll(asked).toEqual(['200'])
}

/** Beside those that only look if it serves. */
const requests = (): string[] => seen.filter(each => /^(?:GET|POST) \/(?!well)/.test(each))
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
const hidden = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n'
const json = 'Content-Type: application/json\r\n'

/** Where two readers would disagree on where a request ends. */
const ambiguous: [string, string][] = [
  ['both lengths (CL.TE)', `Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  [
    'both lengths (TE.CL)',
    `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
  ],
  ['two lengths that differ', `Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}${hidden}`],
  ['two lengths that are alike', `Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${hidden}`],
  ['a list of lengths', `Content-Length: 2, 2\r\n\r\n{}${hidden}`],
  ['a length with a sign', `Content-Length: +2\r\n\r\n{}${hidden}`],
  ['a negative length', `Content-Length: -1\r\n\r\n${hidden}`],
  ['a length in hexadecimal', `Content-Length: 0x2\r\n\r\n{}${hidden}`],
  ['a length beyond all numbers', `Content-Length: 18446744073709551618\r\n\r\n{}${hidden}`],
  ['an empty length', `Content-Length: \r\n\r\n{}${hidden}`],
  ['a folded field', `X: a\r\n Content-Length: 2\r\nContent-Length: 0\r\n\r\n${hidden}`],
  ['a folded coding', `Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a space before the colon', `Content-Length : 2\r\n\r\n{}${hidden}`],
  ['a space before the colon of the coding', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a tab in the coding', `Transfer-Encoding:\tx\tchunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a coding nobody knows', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a coding after chunked', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`],
  ['the coding twice', `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${hidden}`],
  ['the coding in quotes', `Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n${hidden}`],
  ['a line that ends with LF alone', `X: a\nContent-Length: 2\r\n\r\n{}${hidden}`],
  ['a head that ends with LF alone', `Content-Length: 0\n\n${hidden}`],
  ['a CR alone in a field', `X: a\rContent-Length: 2\r\n\r\n{}${hidden}`],
  ['a NUL in a field', `X: a\0b\r\nContent-Length: 2\r\n\r\n{}${hidden}`],
  ['a size of a chunk with a sign', `Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n${hidden}`],
  ['a size of a chunk with 0x', `Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${hidden}`],
  [
    'a size of a chunk beyond all numbers',
    `Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n${hidden}`,
  ],
  ['a chunk longer than its size', `Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n${hidden}`],
  ['a chunk’s size that ends with LF alone', `Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n${hidden}`],
  ['a chunk that ends with LF alone', `Transfer-Encoding: chunked\r\n\r\n2\r\n{}\n0\r\n\r\n${hidden}`],
  ['a chunk extension with LF alone', `Transfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n${hidden}`],
]

describe.each(listeners)('a request on %s', (_, serves) => {
  it.each(ambiguous)('with %s brings no second one, and ends the connection', async (_name, rest) => {
    const port = await start({}, serves)
    const { statuses, isClosed } = await answers(port, `POST /first HTTP/1.1\r\nHost: x\r\n${json}${rest}`)
    expect(seen).not.toContain('GET /hidden')
    expect(statuses).toEqual(['400'])
    expect(isClosed).toBe(true)
    await expectServes(port)
  })

  it('with a coding in another case is what it says', async () => {
    const port = await start({}, serves)
    const body = 'Transfer-Encoding:  ChUnKeD \r\n\r\n2;x="y"\r\n{}\r\n0\r\nX-Trailer: a\r\n\r\n'
    const { statuses } = await answers(port, `POST /first HTTP/1.1\r\nHost: x\r\n${json}${body}${hidden}`)
    // Two requests, one after the other: nothing is hidden here.
    expect([statuses, seen]).toEqual([
      ['200', '200'],
      ['POST /first', 'GET /hidden'],
    ])
  })

  it.each([
    ['without a host', 'GET / HTTP/1.1\r\n\r\n'],
    ['with two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['of another protocol', 'EHLO mail.example.org\r\n\r\n'],
    ['of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['of a version nobody knows', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['with a space in the path', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['with a field without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n'],
  ])('%s is refused and closed', async (_name, bytes) => {
    const port = await start({}, serves)
    const { statuses, isClosed } = await answers(port, bytes)
    expect([statuses, isClosed, seen]).toEqual([['400'], true, []])
  })

  it('with too large a head, or too many fields, is refused and closed', async () => {
    const port = await start({}, serves)
    for (const fields of [`X: ${'x'.repeat(WEB_HEADER_BYTES)}\r\n`, 'X: y\r\n'.repeat(WEB_HEADER_BYTES / 4)]) {
      const { statuses, isClosed } = await answers(port, `GET / HTTP/1.1\r\nHost: x\r\n${fields}\r\n`)
      expect([statuses, isClosed]).toEqual([['431'], true])
    }
    expect((await answers(port, `GET /${'x'.repeat(WEB_HEADER_BYTES)} HTTP/1.1\r\nHost: x\r\n\r\n`)).statuses).toEqual([
      '431',
    ])
    expect(seen).toEqual([])
    await expectServes(port)
  })

  it('with many fields loses none of those that decide where it ends', async () => {
    const port = await start({}, serves)
    const many = Array.from({ length: 3_000 }, () => 'a:b\r\n').join('')
    const { statuses, isClosed } = await answers(
      port,
      `POST /first HTTP/1.1\r\nHost: x\r\n${many}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    )
    expect(seen).not.toContain('GET /hidden')
    expect(statuses.length).toBe(1)
    expect(isClosed || statuses[0] !== '200').toBe(true)
  })

  it('after request in one packet is answered in its order', async () => {
    const port = await start({}, serves)
    const paths = Array.from({ length: 50 }, (_, i) => `/${i}`)
    const { statuses } = await answers(port, paths.map(path => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''))
    expect(statuses).toEqual(Array(50).fill('200'))
    expect(seen).toEqual(paths.map(path => `GET ${path}`))
  })

  it('behind another waits for its answer', async () => {
    const port = await start({}, serves)
    const { socket, heard } = await open(port)
    const begun = new Promise<void>(resolve => (onHeld = resolve))
    socket.write(`${get('/held')}POST /body HTTP/1.1\r\nHost: x\r\n${json}Content-Length: 2\r\n\r\n{}${get('/last')}`)
    await begun
    // Whoever else comes is answered meanwhile.
    await expectServes(port)
    expect(requests()).toEqual(['GET /held'])
    release()
    await expect.poll(() => [...heard().matchAll(/HTTP\/1\.1 200/g)].length).toBe(3)
    expect(requests()).toEqual(['GET /held', 'POST /body', 'GET /last'])
    // And the connection is kept.
    socket.write(get('/more'))
    await expect.poll(() => seen).toContain('GET /more')
  })

  it('behind an answer that ends the connection is not begun', async () => {
    const port = await start({}, serves)
    const twoHosts = 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'
    const post = `POST /behind HTTP/1.1\r\nHost: x\r\n${json}Content-Length: 2\r\n\r\n{}`
    const { statuses, isClosed } = await answers(port, get('/') + twoHosts + post + post)
    expect({ statuses, isClosed, seen }).toEqual({ statuses: ['200', '400'], isClosed: true, seen: ['GET /'] })
  })

  it('is known by its address also when its client is gone', async () => {
    const port = await start({}, serves)
    const { socket } = await open(port)
    const begun = new Promise<void>(resolve => (onHeld = resolve))
    socket.write(get('/held'))
    await begun
    const gone = new Promise<void>(resolve => (onGone = resolve))
    socket.destroy()
    await gone
    release()
    await expect.poll(() => seen.at(-1)).toMatch(/^held for/)
    expect(seen.at(-1)).toBe('held for 127.0.0.1')
  })

  it('after thousands of others that wait ends the connection', async () => {
    const port = await start({}, serves)
    const { socket, closed } = await open(port)
    socket.write(get('/held') + get('/x').repeat(5_000))
    await closed
    expect(seen).toEqual(['GET /held'])
    await expectServes(port)
  })

  it('to switch to another protocol is answered as what it is', async () => {
    const port = await start({}, serves)
    const upgrade = 'Connection: Upgrade\r\nUpgrade: h2c\r\n'
    const { statuses } = await answers(port, `GET / HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`)
    expect(statuses).toEqual(['200'])
    const tunnel = await answers(port, 'CONNECT smtp.example.org:25 HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(tunnel.statuses.filter(status => status.startsWith('2'))).toEqual([])
    expect(tunnel.isClosed).toBe(true)
  })
})

const quick: Partial<WebLimits> = {
  headersMs: 200,
  requestMs: 200,
  checkEveryMs: 50,
  keepAliveMs: 200,
  idleMs: 600,
}

/** How long it stayed open, and what it was told. */
async function untilClosed({ closed }: Peer): Promise<{ ms: number; text: string }> {
  const from = performance.now()
  const text = await closed
  return { ms: performance.now() - from, text }
}

function drip({ socket }: Peer, bytes: string, everyMs = 20): void {
  let at = 0
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer)
    else socket.write(bytes[at++ % bytes.length] ?? '')
  }, everyMs)
  socket.once('close', () => clearInterval(timer))
}

describe.each(listeners)('a slow client on %s', (_, serves) => {
  it('that never begins its handshake is closed', async () => {
    const port = await start({ ...quick, handshakeMs: 200 }, serves)
    const { ms } = await untilClosed(peer(connectTcp(port, '127.0.0.1')))
    expect(ms).toBeGreaterThan(150)
    expect(ms).toBeLessThan(5_000)
  })

  it('that drips its handshake is closed', async () => {
    const port = await start({ ...quick, handshakeMs: 200 }, serves)
    const dripping = peer(connectTcp(port, '127.0.0.1'))
    // A ClientHello of 500 octets that never ends.
    drip(dripping, `\x16\x03\x01\x01\xf4\x01\x00\x01\xf0\x03\x03${'\0'.repeat(400)}`)
    expect((await untilClosed(dripping)).ms).toBeLessThan(5_000)
  })

  it('that says nothing after its handshake is closed', async () => {
    const port = await start(quick, serves)
    expect((await untilClosed(await open(port))).ms).toBeLessThan(5_000)
  })

  it.each([
    ['head', 'GET / HTTP/1.1\r\nHost: x\r\nX: ', 'y'],
    ['fields', 'GET / HTTP/1.1\r\nHost: x\r\n', 'X: y\r\n'],
    ['body', `POST / HTTP/1.1\r\nHost: x\r\n${json}Content-Length: 1000\r\n\r\n`, ' '],
    ['chunks', `POST / HTTP/1.1\r\nHost: x\r\n${json}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
    ['empty lines', '', '\r\n'],
  ])('that drips its %s is told so and closed, and the others are served', async (_name, begin, drops) => {
    const port = await start(quick, serves)
    const dripping = await open(port)
    if (begin) dripping.socket.write(begin)
    drip(dripping, drops)
    await expectServes(port)
    const { ms, text } = await untilClosed(dripping)
    expect(ms).toBeLessThan(5_000)
    if (begin) expect(text).toMatch(/^HTTP\/1\.1 408/)
  })

  it('that keeps its connection and asks nothing more is closed', async () => {
    const port = await start({ ...quick, headersMs: 5_000, requestMs: 5_000 }, serves)
    const idle = await open(port)
    idle.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const { ms, text } = await untilClosed(idle)
    expect(text).toMatch(/^HTTP\/1\.1 200/)
    expect(ms).toBeLessThan(5_000)
  })

  it('that never reads its answers is closed', async () => {
    const port = await start({ ...quick, requestMs: 60_000, headersMs: 60_000 }, serves)
    app = undefined
    const deaf = await open(port)
    deaf.socket.pause()
    let left = 4_000
    const write = (): void => {
      while (left-- > 0) if (!deaf.socket.write('GET /x HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50))) break
      if (left > 0) deaf.socket.once('drain', write)
    }
    write()
    const ended = new Promise(resolve => deaf.socket.once('close', resolve))
    const from = performance.now()
    // A socket that isn't read does not learn of its end: writing does.
    const poke = setInterval(() => deaf.socket.write('x'), 100)
    await ended
    clearInterval(poke)
    expect(performance.now() - from).toBeLessThan(10_000)
    await expectServes(port)
  })
})

describe.each(listeners)('connections on %s', (_, serves) => {
  it('of one address are as many as the limit, and again once one is gone', async () => {
    const port = await start({ maxConnectionsPerAddress: 5 }, serves)
    const held = await Promise.all(Array.from({ length: 5 }, () => open(port)))
    const refused = await open(port)
    expect((await untilClosed(refused)).text).toBe('')
    // Those held are served meanwhile.
    for (const { socket, heard } of held) {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
      await expect.poll(heard).toMatch(/^HTTP\/1\.1 200/)
    }
    held[0]?.socket.destroy()
    await expect
      .poll(async () => {
        const again = await open(port)
        again.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
        return Promise.race([again.closed, expect.poll(again.heard).not.toBe('').then(again.heard)])
      })
      .toMatch(/^HTTP\/1\.1 200/)
  })

  it('in their handshakes count as well', async () => {
    const port = await start({ maxConnectionsPerAddress: 3 }, serves)
    const silent = Array.from({ length: 3 }, () => peer(connectTcp(port, '127.0.0.1')))
    await Promise.all(silent.map(({ socket }) => new Promise(resolve => socket.once('connect', resolve))))
    expect((await untilClosed(peer(connectTcp(port, '127.0.0.1')))).ms).toBeLessThan(5_000)
    for (const { socket } of silent) expect(socket.destroyed).toBe(false)
  })

  it('of all together are as many as the limit', async () => {
    const port = await start({ maxConnections: 4, maxConnectionsPerAddress: 100 }, serves)
    await Promise.all(Array.from({ length: 4 }, () => open(port)))
    expect((await untilClosed(await open(port))).ms).toBeLessThan(5_000)
  })

  it('by hundreds that do nothing leave the others served', async () => {
    const port = await start({ ...quick, handshakeMs: 400 }, serves)
    const silent = Array.from({ length: 300 }, () => peer(connectTcp(port, '127.0.0.1')))
    await expectServes(port)
    await Promise.all(silent.map(({ closed }) => closed))
    await expectServes(port)
  })
})
