/** What transcripts can't show: clients that leave, stores that fail, bytes that make no sense. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Pop3World, pop3World } from '../../../test/transcripts/pop3-world.ts'
import { StoreError } from '../../store/store.ts'
import type { Connection, Session } from '../connection.ts'
import { ConnectionClosed } from '../outgoing.ts'

let world: Pop3World
beforeEach(async () => {
  world = await pop3World()
})
afterEach(() => world.close())

interface Client {
  session: Session
  said: string
  ended: boolean
  send(text: string | Uint8Array): Promise<void>
}

async function connect(overrides: Partial<Connection> = {}): Promise<Client> {
  const client = { said: '', ended: false } as Client
  client.session = world.createSession({
    id: 'id',
    remoteAddress: '192.0.2.1',
    remotePort: 1,
    localPort: 995,
    isProbe: false,
    secure: true,
    tls: null,
    async write(chunk) {
      client.said += Buffer.from(chunk).toString('latin1')
    },
    async startTls() {},
    async startDeflate() {},
    setIdleTimeout() {},
    end() {
      client.ended = true
    },
    destroy() {},
    ...overrides,
  })
  client.send = async text => {
    client.said = ''
    await client.session.receive(typeof text === 'string' ? Buffer.from(text) : text)
  }
  await client.session.open()
  return client
}

async function signIn(): Promise<Client> {
  const client = await connect()
  await client.send('USER ada@example.test\r\nPASS two words\r\n')
  expect(client.said).toContain('messages')
  return client
}
const message = Buffer.from('S: 1\r\n\r\nx\r\n')

describe('a client that leaves', () => {
  it('without QUIT leaves its messages (RFC 1939 §3)', async () => {
    await world.deliver(message)
    const client = await signIn()
    await client.send('DELE 1\r\n')
    await client.session.timeout()
    client.session.closed()
    expect(client.said).toBe('+OK Message 1 is deleted\r\n')
    expect(await world.uids()).toEqual([1])
    expect((await signIn()).said).toContain('1 messages')
  })

  it('while it signs in does not keep the maildrop', async () => {
    const client = await connect()
    const signingIn = client.send('USER ada@example.test\r\nPASS two words\r\n')
    client.session.closed()
    await signingIn
    expect((await signIn()).said).toContain('0 messages')
  })

  it('in the middle of a message ends the work on it', async () => {
    await world.deliver(Buffer.alloc(1_000_000, 'x\r\n'))
    let writes = 0
    const client = await connect({
      write: async () => {
        if (++writes > 5) throw new ConnectionClosed()
      },
    })
    await expect(client.send('USER ada@example.test\r\nPASS two words\r\nRETR 1\r\n')).rejects.toThrow(ConnectionClosed)
    expect(writes).toBe(6)
  })
})

describe('a client that is silent', () => {
  it('is not the oldest that memory for messages is kept for, behind a small one that it retrieved', async () => {
    await world.deliver(message)
    const open = vi.spyOn(world.budget, 'open')
    const client = await signIn()
    await client.send('RETR 1\r\n')
    expect(client.said).toContain('+OK 11 octets')
    expect(open).not.toHaveBeenCalled()
  })
})

describe('a service that stops', () => {
  it('says so', async () => {
    const client = await signIn()
    client.said = ''
    await client.session.shutdown()
    expect(client.said).toBe('-ERR [SYS/TEMP] The service is stopping\r\n')
  })
})

describe('a store that fails', () => {
  it('costs an answer, not the session', async () => {
    await world.deliver(message)
    const client = await signIn()
    vi.spyOn(world.store.blobs, 'readOnce').mockRejectedValueOnce(new StoreError('damaged', 'checksum'))
    await client.send('RETR 1\r\n')
    expect(client.said).toBe('-ERR [SYS/PERM] The message is damaged\r\n')
    vi.spyOn(world.store.blobs, 'readOnce').mockRejectedValueOnce(new Error('internal detail'))
    await client.send('RETR 1\r\n')
    expect(client.said).toBe('-ERR [SYS/TEMP] The service could not do it now: try again later\r\n')
    await client.send('RETR 1\r\n')
    expect(client.said).toContain('+OK 11 octets')
  })

  it('at QUIT removes nothing and says so', async () => {
    await world.deliver(message)
    const client = await signIn()
    vi.spyOn(world.store, 'write').mockRejectedValueOnce(new StoreError('unavailable', 'disk full'))
    await client.send('DELE 1\r\nQUIT\r\n')
    expect(client.said).toBe(
      '+OK Message 1 is deleted\r\n-ERR [SYS/TEMP] The deleted messages could not be removed: nothing was changed\r\n',
    )
    expect(client.ended).toBe(true)
    expect(await world.uids()).toEqual([1])
    await signIn()
  })

  it('at sign-in lets the next one in', async () => {
    const client = await connect()
    vi.spyOn(world.store, 'read').mockRejectedValueOnce(new StoreError('unavailable', 'busy'))
    await client.send('USER ada@example.test\r\nPASS two words\r\n')
    expect(client.said).toContain('-ERR [SYS/TEMP]')
    await signIn()
  })
})

it('answers whatever bytes come, a line each, and never throws', async () => {
  const line = fc.oneof(
    fc.constantFrom(
      'USER ada@example.test',
      'PASS two words',
      'STAT',
      'LIST',
      'RETR 1',
      'TOP 1 1',
      'DELE 1',
      'RSET',
      'UTF8',
      'AUTH PLAIN',
      '*',
      'QUIT',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 25 }), async lines => {
      const client = await connect()
      for (const each of lines) {
        if (client.ended) break
        await client.send(Buffer.from(`${each.replaceAll('\n', '')}\r\n`))
        expect(client.said).toMatch(/^(?:\+OK |-ERR |\+ )[\s\S]*\r\n$/)
      }
      client.session.closed()
    }),
    { numRuns: 200 },
  )
})

describe('the memory of messages', () => {
  const large = Buffer.from(`S: 1\r\n\r\n${'x'.repeat(200_000)}\r\n`)

  it('is waited for where there is none left, and given back', async () => {
    await world.deliver(large)
    const client = await signIn()
    const other = world.budget.open(world.accountId)
    other.hold(128 * 1024 * 1024)
    const answered = client.send('RETR 1\r\n')
    await new Promise(setImmediate)
    expect(client.said).toBe('')
    other.release()
    await answered
    expect(client.said).toBe(`+OK ${large.length} octets\r\n${large.toString()}.\r\n`)
    const next = world.budget.open(world.accountId)
    next.hold(64 * 1024 * 1024)
    expect(next.isFree).toBe(true)
  })

  it('is not waited for by a client that has left', async () => {
    await world.deliver(large)
    const client = await signIn()
    world.budget.open(world.accountId).hold(128 * 1024 * 1024)
    const answered = client.send('TOP 1 1\r\n')
    await new Promise(setImmediate)
    client.session.closed()
    await answered
  })
})
