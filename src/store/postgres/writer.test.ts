import pg from 'pg'
import { afterEach, expect, it, vi } from 'vitest'
import type { ChannelSource, Channels } from './channel.ts'
import { lostMs } from './limits.ts'
import { Patience } from './patience.ts'
import { SettledIds } from './settled-ids.ts'
import { PostgresWriter } from './writer.ts'

afterEach(() => vi.restoreAllMocks())

const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
// not_null_violation
const refusal = Object.assign(new pg.DatabaseError('null value', 10, 'error'), { code: '23502' })
// serialization_failure
const conflict = Object.assign(new pg.DatabaseError('could not serialize access', 10, 'error'), { code: '40001' })

/** What each connection meets, whatever is asked, and when that is. */
function writerOn(met: [at: number, error: Error][]): { write: () => Promise<unknown>; patience: Patience } {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const source: ChannelSource = {
    take: async () => {
      const [at, error] = met.shift()!
      now = at
      return { process: null, server: Promise.resolve('any'), ask: () => Promise.reject(error) }
    },
    give: () => {},
  }
  const channels: Channels = { ...source, forLookUps: source, close: async () => {} }
  const patience = new Patience()
  const writer = new PostgresWriter(channels, new SettledIds(), patience)
  const args = { accountId: 1, name: 'New', specialUse: null, at: 1 }
  return { patience, write: () => writer.write({ operation: 'mailbox.create', args }) }
}

it('counts how long the database is gone anew, once it was there for an operation that it refused', async () => {
  const { write } = writerOn([
    [0, lost],
    [0, refusal],
    [lostMs, lost],
    [lostMs, refusal],
  ])
  // The second waits for the first, from the beginning.
  await Promise.all([write(), write()].map(written => expect(written).rejects.toBe(refusal)))
})

it('counts how long the database is gone anew, once it was there for an operation that others were in the way of', async () => {
  const { write } = writerOn([
    [0, lost],
    [0, conflict],
    [lostMs, lost],
    [lostMs, refusal],
  ])
  await expect(write()).rejects.toBe(refusal)
})

it('waits no longer for a database that is gone, once there is no more time: neither who waits nor who comes', async () => {
  const { write, patience } = writerOn([
    [0, lost],
    [0, lost],
    [0, lost],
    [0, lost],
  ])
  // All waits but for an answer of the database's are left out.
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] })
  try {
    const waits = write()
    waits.catch(() => {})
    await new Promise(setImmediate)
    patience.end()
    await expect(waits).rejects.toMatchObject({ code: 'unavailable' })
    await expect(write()).rejects.toMatchObject({ code: 'unavailable' })
  } finally {
    vi.useRealTimers()
  }
})
