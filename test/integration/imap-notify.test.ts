/** NOTIFY over real sockets: under TLS and DEFLATE, to a program that only listens, and to one that does not read. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Duplex, Readable, Writable } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { LineClient } from '../faults/line-client.ts'
import { type ImapServer, PASSWORD, startImapServer, USER } from './fixtures/imap.ts'

let server: ImapServer
const sockets: Socket[] = []

beforeAll(async () => {
  server = await startImapServer()
})

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  expect(server.errors).toEqual([])
})

afterAll(() => server.stop())

async function open(): Promise<{ socket: Socket; client: LineClient }> {
  const socket = connectTls({ host: '127.0.0.1', port: server.imaps, rejectUnauthorized: false })
  sockets.push(socket)
  await once(socket, 'secureConnect')
  const client = LineClient.over(socket)
  await client.line()
  await ask(client, `LOGIN ${USER} "${PASSWORD}"`)
  return { socket, client }
}

async function ask(client: LineClient, command: string): Promise<string[]> {
  client.send(`x ${command}\r\n`)
  return client.tagged('x')
}

/** Both ways of a connection as one. */
function asSocket(readable: Readable, writable: Writable): Socket {
  const pair = { readable: Readable.toWeb(readable), writable: Writable.toWeb(writable) }
  return Duplex.fromWeb(pair as Parameters<typeof Duplex.fromWeb>[0]) as Socket
}

/** `count` lines as they come, without a word in between. */
async function lines(client: LineClient, count: number): Promise<string[]> {
  const heard: string[] = []
  while (heard.length < count) heard.push(await client.line())
  return heard
}

it('keeps a program that only listens up to date, under TLS and DEFLATE', async () => {
  const { socket, client: plain } = await open()
  await ask(plain, 'COMPRESS DEFLATE')
  socket.removeAllListeners('data')
  const [deflate, inflate] = [createDeflateRaw({ flush: constants.Z_SYNC_FLUSH }), createInflateRaw()]
  deflate.pipe(socket)
  socket.pipe(inflate)
  const listening = LineClient.over(asSocket(inflate, deflate))
  const { client: other } = await open()
  await ask(listening, 'SELECT INBOX')
  expect(
    await ask(
      listening,
      'NOTIFY SET (selected (MessageNew (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)]) MessageExpunge FlagChange)) (personal (MessageNew MessageExpunge MailboxName SubscriptionChange))',
    ),
  ).toEqual(['x OK NOTIFY completed'])

  await server.deliver('INBOX', 'Subject: first\r\n\r\nHello\r\n')
  expect(await lines(listening, 6)).toEqual([
    '* 1 EXISTS',
    '* 1 RECENT',
    '* 1 FETCH (UID 1 FLAGS (\\Recent) BODY[HEADER.FIELDS (SUBJECT)] {18}',
    'Subject: first',
    '',
    ')',
  ])
  await ask(other, 'SELECT INBOX')
  await ask(other, 'STORE 1 +FLAGS (\\Flagged \\Deleted)')
  expect(await lines(listening, 1)).toEqual(['* 1 FETCH (UID 1 FLAGS (\\Flagged \\Deleted \\Recent))'])
  await ask(other, 'EXPUNGE')
  expect(await lines(listening, 2)).toEqual(['* 1 EXPUNGE', '* 0 RECENT'])
  await ask(other, 'CREATE "Le &AOk-t&AOk-"')
  expect(await lines(listening, 1)).toEqual(['* LIST (\\HasNoChildren) "/" "Le &AOk-t&AOk-"'])
  await server.deliver('Le été', 'Subject: second\r\n\r\nHello\r\n')
  expect(await lines(listening, 1)).toEqual([
    expect.stringMatching(/^\* STATUS "Le &AOk-t&AOk-" \(MESSAGES 1 UIDNEXT 2 UIDVALIDITY \d+\)$/),
  ])
  await ask(other, 'DELETE "Le &AOk-t&AOk-"')
  expect(await lines(listening, 1)).toEqual(['* LIST (\\NonExistent \\HasNoChildren) "/" "Le &AOk-t&AOk-"'])
  // A command of its own in the middle of it, and IDLE, change nothing.
  expect(await ask(listening, 'UID SEARCH ALL')).toEqual(['* SEARCH', 'x OK SEARCH completed'])
  listening.send('i IDLE\r\n')
  expect(await listening.line()).toBe('+ idling')
  await server.deliver('INBOX', 'Subject: third\r\n\r\nHello\r\n')
  expect((await lines(listening, 6))[0]).toBe('* 1 EXISTS')
  listening.send('DONE\r\n')
  await listening.tagged('i')
})

it('holds up nobody for a program that does not read, and tells it once it does', { timeout: 60_000 }, async () => {
  const { socket, client: deaf } = await open()
  await ask(deaf, 'CREATE Flood')
  await ask(deaf, 'SELECT Flood')
  await ask(
    deaf,
    'NOTIFY SET (selected (MessageNew (UID BODY.PEEK[]) MessageExpunge FlagChange)) (personal (MessageNew MessageExpunge))',
  )
  const { client: other } = await open()
  await ask(other, 'NOTIFY SET (personal (MessageNew MessageExpunge))')
  socket.pause()
  const text = `Subject: large\r\n\r\n${'x'.repeat(98)}\r\n`.padEnd(1_000_000, `${'y'.repeat(98)}\r\n`)
  // More than any socket takes in by itself.
  for (let n = 1; n <= 40; n++) {
    await server.deliver('Flood', text)
    expect(await other.line()).toMatch(new RegExp(`^\\* STATUS Flood \\(MESSAGES ${n} UIDNEXT ${n + 1} `))
  }
  await server.deliver('Sent', 'Subject: x\r\n\r\n')
  await other.line()
  socket.resume()
  let exists = 0
  const uids: string[] = []
  for (let other = ''; other === '' || uids.length < 40; ) {
    const line = await deaf.line()
    if (line.startsWith('* STATUS')) other += line
    exists = Number(/^\* (\d+) EXISTS/.exec(line)?.[1] ?? exists)
    const [, uid, bytes] = /^\* \d+ FETCH \(UID (\d+) BODY\[\] \{(\d+)\}/.exec(line) ?? []
    if (!uid) continue
    uids.push(uid)
    expect((await deaf.bytes(Number(bytes))).length).toBe(text.length)
  }
  expect(exists).toBe(40)
  expect(uids).toEqual(Array.from({ length: 40 }, (_, index) => `${index + 1}`))
})

it('ends without a trace for a program that goes while it is told', async () => {
  const { socket, client } = await open()
  await ask(client, 'NOTIFY SET (personal (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange))')
  const gone = once(socket, 'close')
  socket.destroy()
  for (let n = 0; n < 20; n++) await server.deliver('INBOX', 'Subject: x\r\n\r\n')
  await gone
  const { client: next } = await open()
  expect(await ask(next, 'NOOP')).toEqual(['x OK NOOP completed'])
})
