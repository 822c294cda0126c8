/** A later version's tables beside someone who reads for hours, as pg_dump and `facteur verify` do: nodes go on meanwhile. */
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPostgresStore, prepare } from '../../src/store/postgres/open.ts'
import { PgChannels } from '../../src/store/postgres/pg-channels.ts'
import { type UpgradeOptions, upgrade } from '../../src/store/postgres/upgrade.ts'
import { migrations } from '../../src/store/schema/index.ts'
import type { Store } from '../../src/store/store.ts'
import { postgresPrograms } from '../support/postgres.ts'
import { sharedPostgres } from '../support/shared-postgres.ts'
import { newAccount } from './store-fixtures.ts'

const newest = migrations.at(-1)?.version ?? 0
/** Above what one try and its statements take on a busy machine, and far below the fifteen seconds of a node's own locks. */
const shortMs = 8_000

describe.skipIf(postgresPrograms === null)('an upgrade on PostgreSQL (skipped where it is not installed)', () => {
  const postgres = sharedPostgres()
  let name: string
  let node: Store
  let reader: pg.Client
  let readerPid: number
  let count = 0

  beforeEach(async () => {
    name = `upgraded${++count}`
    const url = await postgres.cluster.createDatabase(name)
    node = await openPostgresStore({ url, blobs: postgres.blobFolderOf(name), clock: { now: () => 1 } })
    reader = new pg.Client({ connectionString: url, application_name: 'pg_dump' })
    await reader.connect()
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await reader.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, COUNT(*) FROM message')
    readerPid = rows[0]!.pid
  })
  afterEach(async () => {
    await reader.end()
    await node.close()
  })

  async function upgradeBy(options: Partial<UpgradeOptions>): Promise<void> {
    const steps = [...migrations, { version: newest + 1, statements: ['ALTER TABLE message ADD COLUMN later TEXT'] }]
    const channels = new PgChannels(postgres.cluster.url(name))
    await prepare(channels, channel => upgrade(channels, channel, { at: 1, steps, ...options }), true)
    await channels.close()
  }
  const version = async (): Promise<number> =>
    Number((await postgres.cluster.query(name, 'SELECT MAX(version) FROM schema_version'))[0]?.[0])

  /** The longest that a write took on the node until `until` settled. */
  async function longestWrite(accountId: number, inbox: number, until: Promise<unknown>): Promise<number> {
    let running = true
    const ended = (): void => void (running = false)
    until.then(ended, ended)
    const flags = { system: 1, keywords: [] }
    const place = { accountId, mailboxId: inbox, uids: [{ from: 1, to: 1 }] }
    let longest = 0
    while (running) {
      const begun = performance.now()
      await node.write('message.flags', { ...place, mode: 'add', flags, unchangedSince: null })
      longest = Math.max(longest, performance.now() - begun)
    }
    return longest
  }

  it('waits in short tries, with pauses that grow, until the reader has ended', async () => {
    const { accountId, inbox } = await newAccount(node)
    const pauses: number[] = []
    const told: string[][] = []
    const upgraded = upgradeBy({
      onHeldUp: inTheWay => void told.push(inTheWay),
      wait: async ms => {
        pauses.push(ms)
        // Nothing of it is left between two tries.
        expect(await version()).toBe(newest)
        await node.read('message.changedSince', { accountId, mailboxId: inbox, since: 0, after: 0, limit: 1 })
        if (pauses.length === 3) await reader.query('COMMIT')
      },
    })
    expect(await longestWrite(accountId, inbox, upgraded)).toBeLessThan(shortMs)
    await upgraded
    expect(pauses).toEqual([1000, 2000, 4000])
    expect(told).toEqual([[expect.stringContaining(`pid ${readerPid} (pg_dump, since `)]])
    expect(await version()).toBe(newest + 1)
  })

  it('is done by one of several that start at once, and the others find it done', async () => {
    let tries = 0
    const wait = async (): Promise<void> => {
      if (++tries === 2) await reader.query('COMMIT')
    }
    await Promise.all([upgradeBy({ wait }), upgradeBy({ wait }), upgradeBy({ wait })])
    expect(await version()).toBe(newest + 1)
  })

  it('gives up in the end, and names who is in the way', async () => {
    await expect(upgradeBy({ pauses: [1, 1], wait: async () => {} })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        new RegExp(`pid ${readerPid} \\(pg_dump, since \\d{4}-\\d\\d-\\d\\dT[\\d:]{8}Z\\)`),
      ),
    })
    expect(await version()).toBe(newest)
    await reader.query('COMMIT')
    await upgradeBy({})
    expect(await version()).toBe(newest + 1)
  })
})
