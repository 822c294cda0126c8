/** What was retrieved leaves the server after the days that its mailbox keeps it. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { damagesOf } from '../../../test/contract/store-fixtures.ts'
import { type Pop3World, pop3World } from '../../../test/transcripts/pop3-world.ts'
import { removeRetrieved } from '../../mail/retrieved.ts'
import { DAY_MS } from '../../ops/durations.ts'
import type { Connection } from '../connection.ts'

const NOW = Date.UTC(2026, 0, 1, 12)
let world: Pop3World
beforeEach(async () => {
  world = await pop3World()
  for (let i = 0; i < 4; i++) await world.deliver(Buffer.from(`Subject: ${i}\r\n\r\nx\r\n`))
})
afterEach(() => world.close())

const keep = (keepDays: number | null) =>
  world.store.write('pop3.setKeepDays', { accountId: world.accountId, keepDays })
const expiresIn = (capabilities: string) => /^EXPIRE .*(?=\r$)/m.exec(capabilities)?.[0]
const sweep = (at: number, limit = 10) => removeRetrieved(world, at, limit)

/** What the session said to each line. */
async function talk(...lines: string[]): Promise<string[]> {
  let said = ''
  const connection: Partial<Connection> = {
    id: 'id',
    remoteAddress: '192.0.2.1',
    secure: true,
    tls: null,
    async write(chunk) {
      said += Buffer.from(chunk).toString('latin1')
    },
    setIdleTimeout() {},
    end() {},
  }
  const session = world.createSession(connection as Connection)
  await session.open()
  const answers: string[] = []
  for (const line of lines) {
    said = ''
    await session.receive(Buffer.from(`${line}\r\n`))
    answers.push(said)
  }
  session.closed()
  return answers
}
const signIn = ['USER ada@example.test', 'PASS two words']

it('is removed once its days are over, with or without QUIT, and is told to who waits for changes', async () => {
  await keep(7)
  await talk(...signIn, 'RETR 1', 'TOP 2 0', 'QUIT')
  await talk(...signIn, 'RETR 3')
  await world.directives.wait!(String(DAY_MS / 1000))
  // Again a day later: the first time counts.
  await talk(...signIn, 'RETR 1', 'QUIT')
  expect(await sweep(NOW + 7 * DAY_MS - 1)).toBe(false)
  expect(await world.uids()).toEqual([1, 2, 3, 4])
  const heard: number[] = []
  world.changes.subscribe(world.accountId, ({ modseq }) => heard.push(modseq))
  expect(await sweep(NOW + 7 * DAY_MS, 1)).toBe(true)
  expect(await sweep(NOW + 7 * DAY_MS, 1)).toBe(true)
  expect(await sweep(NOW + 7 * DAY_MS, 1)).toBe(false)
  expect(await world.uids()).toEqual([2, 4])
  const { messages, modseq } = (await world.store.read('account.byId', { accountId: world.accountId }))!
  expect(messages).toBe(2)
  expect(heard).toEqual([modseq - 1, modseq])
  expect(await damagesOf(world.store)).toEqual([])
})

it('tells the trace which messages it removed, by the field of their own on top', async () => {
  const received = 'from a.test by here.test with ESMTP id 7d5e-1;\r\n Thu, 1 Jan 2026 10:00:00 +0000'
  await world.deliver(Buffer.from(`Received: ${received.replace(' by', '\r\n by')}\r\nSubject: 5\r\n\r\nx\r\n`))
  await keep(1)
  await talk(...signIn, 'RETR 1', 'RETR 5', 'QUIT')
  const removed: unknown[] = []
  const trace = { removed: (seen: object) => void removed.push(seen) }
  await removeRetrieved({ ...world, trace }, NOW + DAY_MS, 10)
  expect(await world.uids()).toEqual([2, 3, 4])
  const { accountId } = world
  expect(removed).toEqual([
    { accountId, address: 'ada@example.test', received: { id: '7d5e-1', at: Date.UTC(2026, 0, 1, 10) } },
  ])
})

it('stays where nothing is set, and counts from when it is', async () => {
  await talk(...signIn, 'RETR 1', 'QUIT')
  await keep(1)
  await sweep(NOW + 100 * DAY_MS)
  await talk(...signIn, 'RETR 2', 'QUIT')
  await keep(null)
  await keep(1)
  await sweep(NOW + 100 * DAY_MS)
  expect(await world.uids()).toEqual([1, 2, 3, 4])
})

it('is forgotten with the message', async () => {
  await keep(1)
  await talk(...signIn, 'RETR 1', 'RETR 2', 'DELE 1', 'QUIT')
  await world.expunge([2])
  expect(await world.store.read('pop3.expired', { at: NOW + 2 * DAY_MS, limit: 10 })).toEqual([])
  await talk(...signIn, 'RETR 1', 'QUIT')
  expect(await world.store.read('pop3.expired', { at: NOW + 2 * DAY_MS, limit: 10 })).toHaveLength(1)
  expect(await damagesOf(world.store)).toEqual([])
  await world.store.write('account.remove', { accountId: world.accountId, at: 9 })
  expect(await damagesOf(world.store)).toEqual([])
})

it('is announced: before sign-in the least there is, then that of the mailbox (RFC 2449 §6.7)', async () => {
  expect((await talk('CAPA')).map(expiresIn)).toEqual(['EXPIRE NEVER'])
  await keep(30)
  const [before, , , after] = await talk('CAPA', ...signIn, 'CAPA')
  expect([before!, after!].map(expiresIn)).toEqual(['EXPIRE 30 USER', 'EXPIRE 30'])
  const other = await talk('UTF8', 'USER élise@example.test', 'PASS two words', 'CAPA')
  expect(expiresIn(other.at(-1)!)).toBe('EXPIRE NEVER')
})
