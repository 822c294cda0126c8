/** Clients that end their side behind what they sent, and read on: every byte of what they are told. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { SmtpLimits } from '../../src/servers/smtp/limits.ts'
import type { Operations } from '../../src/store/store.ts'
import { hostname, plainAuth, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
let sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets = []
  await service.close()
})

async function start(
  limits: Partial<SmtpLimits> = {},
  slowly?: (operation: keyof Operations) => Promise<void> | undefined,
): Promise<void> {
  service = await startSmtp({ limits, ...(slowly ? { slowly } : {}) })
}

/** What comes up to the text, or up to the server's end. */
async function read(socket: Socket, upTo: string | null = null): Promise<string> {
  let text = ''
  while (upTo === null || !text.endsWith(upTo)) {
    const more: Buffer | null = socket.read()
    if (more) text += more.toString('latin1')
    else if (socket.readableEnded || socket.destroyed) break
    else await Promise.race([once(socket, 'readable'), once(socket, 'end'), once(socket, 'close')])
  }
  return text
}

async function plain(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  sockets.push(socket.on('error', () => {}))
  await once(socket, 'connect')
  return socket
}

async function greeted(socket: Socket): Promise<Socket> {
  expect(await read(socket, '\r\n')).toBe(`220 ${hostname} ESMTP\r\n`)
  return socket
}

async function secured(socket: Socket): Promise<Socket> {
  const tls = connectTls({ socket, rejectUnauthorized: false })
  sockets.push(tls.on('error', () => {}))
  await once(tls, 'secureConnect')
  return tls
}

/** Up to 354. */
async function upToData(): Promise<Socket> {
  const socket = await greeted(await plain(service.ports.inbound))
  socket.write('HELO client.test\r\nMAIL FROM:<a@away.test>\r\nRCPT TO:<anna@here.test>\r\nDATA\r\n')
  await read(socket, '354 End data with <CR><LF>.<CR><LF>\r\n')
  return socket
}

const message = 'From: <anna@here.test>\r\nSubject: half\r\n\r\nhello\r\n'
const envelope = 'MAIL FROM:<a@away.test>\r\nRCPT TO:<anna@here.test>\r\n'
const chunk = `BDAT ${message.length} LAST\r\n${message}`
const burst = `HELO client.test\r\n${envelope}${chunk}QUIT\r\n`
const withoutId = (text: string): string => text.replace(/(?<=Accepted, id )\S+/, 'ID')
const taken = '250 2.6.0 Accepted, id ID\r\n221 2.0.0 Bye\r\n'
const answers = `250 ${hostname}\r\n250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n${taken}`

describe('a client that ends its side', () => {
  it('behind a burst with QUIT has every answer', async () => {
    await start()
    const socket = await greeted(await plain(service.ports.inbound))
    socket.end(burst)
    expect(withoutId(await read(socket))).toBe(answers)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
  })

  it('behind the data and QUIT learns that the message is taken, also where that takes a while', async () => {
    let take = (): void => {}
    const may = new Promise<void>(resolve => (take = resolve))
    await start({}, operation => (operation === 'message.accept' ? may : undefined))
    const socket = await upToData()
    socket.end(`${message}.\r\nQUIT\r\n`)
    await once(socket, 'finish')
    // Another's greeting means that this one's end was seen.
    await greeted(await plain(service.ports.inbound))
    take()
    expect(withoutId(await read(socket))).toBe(taken)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
  })

  it('without QUIT is answered before the connection ends', async () => {
    await start()
    const socket = await greeted(await plain(service.ports.inbound))
    socket.end('EHLO\r\nNOOP\r\n')
    expect(await read(socket)).toBe('501 Syntax: EHLO host name\r\n250 2.0.0 OK\r\n')
  })

  it('before the greeting learns that it came too soon', async () => {
    await start()
    const socket = connect({ port: service.ports.inbound, host: '127.0.0.1', allowHalfOpen: true })
    sockets.push(socket)
    socket.end(burst)
    expect(await read(socket)).toBe(`421 4.7.0 ${hostname} You talk too soon\r\n`)
  })

  it('in the middle of the data leaves nothing behind, and hears no more', async () => {
    await start()
    const socket = await upToData()
    socket.end(`${message}.\r`)
    expect(await read(socket)).toBe('')
    expect(await service.inbox('anna@here.test')).toEqual([])
    expect(service.log.filter(({ message }) => message === 'message')).toEqual([])
  })

  it('in the middle of a command has not said it', async () => {
    await start()
    const socket = await greeted(await plain(service.ports.inbound))
    socket.end(`HELO client.test\r\n${envelope}${chunk.slice(0, -1)}`)
    expect(await read(socket)).toBe(answers.slice(0, -taken.length))
    const other = await greeted(await plain(service.ports.inbound))
    other.end('NOOP\r\nQUIT')
    expect(await read(other)).toBe('250 2.0.0 OK\r\n')
    expect(await service.inbox('anna@here.test')).toEqual([])
  })

  it('over TLS has its answers too', async () => {
    await start()
    const socket = await greeted(await secured(await plain(service.ports.submissions)))
    const auth = `AUTH PLAIN ${plainAuth('anna@here.test', 'secret')}\r\n`
    socket.end(`HELO client.test\r\n${auth}${envelope.replace('a@away.test', 'anna@here.test')}${chunk}QUIT\r\n`)
    const signedIn = answers.replace('250 2.1.0', '235 2.7.0 Authentication successful\r\n250 2.1.0')
    expect(withoutId(await read(socket))).toBe(signedIn)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
  })

  it('behind STARTTLS has them once there is TLS', async () => {
    await start()
    const below = await greeted(await plain(service.ports.inbound))
    below.write('STARTTLS\r\n')
    expect(await read(below, '\r\n')).toBe('220 2.0.0 Ready to start TLS\r\n')
    const socket = await secured(below)
    socket.end(burst)
    expect(withoutId(await read(socket))).toBe(answers)
  })

  // The time for the handshake is never up here: what waits for it would be held for as long.
  it.each([
    ['with STARTTLS', 'STARTTLS\r\n'],
    ['within the handshake', null],
  ])('%s is gone at once', async (_, sent) => {
    await start({ handshakeMs: 24 * 3_600_000, idleMs: 24 * 3_600_000 })
    const socket = await greeted(await plain(service.ports.inbound))
    if (sent === null) {
      socket.write('STARTTLS\r\n')
      await read(socket, '\r\n')
      // The beginning of a record that says hello.
      socket.end(Buffer.from([22, 3, 1, 0, 200, 1]))
    } else socket.end(sent)
    await read(socket)
    const implicit = await plain(service.ports.submissions)
    implicit.end()
    expect(await read(implicit)).toBe('')
  })
})
