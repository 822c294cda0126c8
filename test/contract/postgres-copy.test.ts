/** While a copy reads or writes a database, nothing else uses it: mail that came in between would be lost without a word. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { copyStore } from '../../src/store/copy/copy.ts'
import type { CopySource } from '../../src/store/copy/end.ts'
import { openPostgresSource, openPostgresTarget } from '../../src/store/copy/postgres.ts'
import { openSqliteSource } from '../../src/store/copy/sqlite.ts'
import { openPostgresReader, openPostgresStore } from '../../src/store/postgres/open.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { postgresPrograms } from '../support/postgres.ts'
import { sharedPostgres } from '../support/shared-postgres.ts'
import { newQueueMessage } from './store-fixtures.ts'

describe.skipIf(postgresPrograms === null)('a copy on PostgreSQL (skipped where it is not installed)', () => {
  const postgres = sharedPostgres()
  const options = (url: string) => ({
    url,
    blobs: postgres.blobFolderOf(new URL(url).pathname),
    clock: { now: () => 1 },
  })
  const openings = (url: string) =>
    [openPostgresStore, openPostgresReader].map(open => open(options(url)).then(store => store.close()))
  /** Who has closed is gone a moment later. */
  const soon = <T>(open: () => Promise<T>): Promise<T> => vi.waitFor(open, { timeout: 10_000, interval: 50 })
  const underWay = { code: 'unavailable', message: expect.stringMatching(/a copy .* is under way/) }
  const inUse = { code: 'unavailable', message: expect.stringContaining('the store is in use') }

  async function newStore(name: string): Promise<string> {
    const url = await postgres.cluster.createDatabase(name)
    await (await openPostgresStore(options(url))).close()
    return url
  }

  let end: CopySource | undefined
  afterEach(async () => {
    await end?.close()
    end = undefined
  })

  it('keeps everyone from opening its source, and lets them in once it has ended', async () => {
    const url = await newStore('source')
    end = await soon(() => openPostgresSource(url))
    await Promise.all(openings(url).map(opening => expect(opening).rejects.toMatchObject(underWay)))
    await expect(openPostgresSource(url)).rejects.toMatchObject(underWay)
    await expect(openPostgresTarget(url, 1)).rejects.toMatchObject(underWay)
    await end.close()
    end = undefined
    await soon(() => Promise.all(openings(url)))
  })

  it('keeps everyone from opening its target, also before it has noted anything', async () => {
    const url = await postgres.cluster.createDatabase('target')
    end = await openPostgresTarget(url, 1)
    await Promise.all(openings(url).map(opening => expect(opening).rejects.toMatchObject(underWay)))
    await expect(openPostgresTarget(url, 1)).rejects.toMatchObject(underWay)
  })

  it('leaves nothing behind where its connection ended', async () => {
    const url = await newStore('killed')
    end = await soon(() => openPostgresSource(url))
    const ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'facteur-copy'"
    await postgres.cluster.query('killed', ended)
    await soon(() => Promise.all(openings(url)))
  })

  it('is refused where a node has connections, by whatever name its URL gives them', async () => {
    const url = await newStore('used')
    const node = await openPostgresStore(options(`${url}&application_name=mail`))
    try {
      for (const open of [openPostgresSource, (of: string) => openPostgresTarget(of, 1)])
        await expect(open(url)).rejects.toMatchObject(inUse)
      // A copy that was refused keeps nobody away.
      await Promise.all(openings(url))
    } finally {
      await node.close()
    }
  })

  it('has a source that nobody writes to, even who was connected before', async () => {
    const url = await newStore('written')
    const writer = new pg.Client({ connectionString: url })
    await writer.connect()
    try {
      end = await soon(() => openPostgresSource(url))
      await writer.query("SET lock_timeout = '200ms'")
      await expect(writer.query('UPDATE mailbox SET uid_next = uid_next + 1')).rejects.toMatchObject({ code: '55P03' })
      await end.close()
      end = undefined
      await soon(() => writer.query('UPDATE mailbox SET uid_next = uid_next + 1'))
    } finally {
      await writer.end()
    }
  })

  it('leaves nothing leased to the service that was killed on the embedded store', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'facteur-copied-'))
    const file = path.join(folder, 'facteur.db')
    const lease = { now: 1, leaseMs: 45 * 60_000, limit: 9, perDestination: 9 }
    const embedded = await openSqliteStore({ path: file, clock: { now: () => 1 } })
    const queue = [await newQueueMessage(embedded, [{ address: 'c@far.test' }], 'queued')]
    await embedded.write('message.accept', { deliveries: [], queue, at: 1 })
    expect(await embedded.write('queue.lease', { owner: 'service', ...lease })).toHaveLength(1)
    await embedded.close()
    const url = await postgres.cluster.createDatabase('leased')
    const source = openSqliteSource(file)
    const target = await openPostgresTarget(url, 1)
    const blobs = { sourceBlobs: path.join(folder, 'blobs'), targetBlobs: options(url).blobs }
    await copyStore({ source, target, ...blobs, clock: { now: () => 1 }, tell: () => {} })
    await Promise.all([source.close(), target.close()])
    await rm(folder, { recursive: true })
    const node = await soon(() => openPostgresStore(options(url)))
    expect(await node.write('queue.lease', { owner: 'node', ...lease })).toHaveLength(1)
    await node.close()
  })

  it('leaves nodes that start at once as they were: none waits for another, or is refused', async () => {
    const url = await newStore('many')
    const nodes = await Promise.all(Array.from({ length: 8 }, () => openPostgresStore(options(url))))
    await Promise.all(nodes.map(node => node.close()))
  })
})
