/** PgBouncer between: sessions are worked through, and lived on with past its end; transactions are told of. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import type { Store } from '../../src/store/store.ts'
import { hasPgbouncer, type Pooler, startPooler } from '../support/pgbouncer.ts'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'
import { damagesOf, newAccount, newEmail, noFlags } from './store-fixtures.ts'

const isThere = postgresPrograms !== null && hasPgbouncer
const clock = { now: () => Date.now() }

describe.skipIf(!isThere)('behind PgBouncer (skipped where it, or PostgreSQL, is not installed)', () => {
  let cluster: Cluster
  let pooler: Pooler
  let blobs: string

  beforeAll(async () => {
    cluster = await startCluster({ tcp: true })
    pooler = await startPooler(await cluster.createDatabase('facteur'), 'session')
    blobs = await mkdtemp(path.join(tmpdir(), 'facteur-blobs-'))
  })
  afterAll(async () => {
    await pooler?.stop()
    await cluster?.dispose()
    if (blobs) await rm(blobs, { recursive: true })
  })

  const open = (): Promise<Store> => openPostgresStore({ url: pooler.url, blobs, clock })
  const arrive = async (store: Store, { accountId, inbox }: { accountId: number; inbox: number }, content: string) => {
    const messages = [{ email: await newEmail(store, content), flags: noFlags, internalDate: 1 }]
    await store.write('message.append', { accountId, mailboxId: inbox, messages, at: 1 })
  }

  it('works through sessions, also past a crash of it', async () => {
    await pooler.restart('session', ['server_lifetime = 1', 'server_idle_timeout = 1'])
    const [one, other] = await Promise.all([open(), open()])
    const place = await newAccount(one)
    await Promise.all([arrive(one, place, 'first'), arrive(other, place, 'second')])
    await pooler.restart('session')
    await Promise.all([arrive(one, place, 'third'), arrive(other, place, 'fourth')])
    const { accountId, inbox: mailboxId } = place
    expect(await other.read('message.uids', { accountId, mailboxId, after: 0, limit: 9 })).toEqual(
      Uint32Array.of(1, 2, 3, 4),
    )
    expect(await damagesOf(one)).toEqual([])
    await Promise.all([one.close(), other.close()])
  })

  it.each(['transaction', 'statement'] as const)('refuses to open a store by its %ss', async mode => {
    await pooler.restart(mode, ['default_pool_size = 1'])
    await expect(open()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('set pool_mode = session there (PgBouncer)'),
    })
  })

  it('says what is wrong where it gives transactions others’ connections since a store was opened', async () => {
    await pooler.restart('session')
    const store = await open()
    const place = await newAccount(store, 'bob@one.test')
    await pooler.restart('transaction')
    await arrive(store, place, 'on one of the server’s connections')
    // Others have it, and whatever else was open.
    const others = Array.from({ length: 10 }, () => new pg.Client({ connectionString: pooler.url }))
    for (const other of others) {
      other.on('error', () => {})
      await other.connect()
      await other.query('BEGIN')
    }
    await expect(arrive(store, place, 'on another')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('set pool_mode = session'),
    })
    await pooler.restart('session')
    await arrive(store, place, 'behind it')
    expect(await damagesOf(store)).toEqual([])
    await Promise.all([store.close(), ...others.map(other => other.end())])
  })
})
