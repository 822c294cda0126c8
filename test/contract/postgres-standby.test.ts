/** A standby takes over: what was acknowledged is there once, and what comes meanwhile waits for it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import type { Store } from '../../src/store/store.ts'
import { type Cluster, postgresPrograms, type Standby, startCluster } from '../support/postgres.ts'
import { Wire } from '../support/wire.ts'
import { damagesOf, newAccount, newEmail, noFlags } from './store-fixtures.ts'

const clock = { now: () => Date.now() }

describe.skipIf(postgresPrograms === null)('a standby (skipped where PostgreSQL is not installed)', () => {
  let cluster: Cluster
  let standby: Standby
  let wire: Wire
  let blobFolder: string
  let store: Store
  /** Of the server that the store's address leads to. */
  let port: number
  let wentBack: number
  /** What the store said to the standby, in one. */
  let said = ''

  beforeEach(async () => {
    cluster = await startCluster({ tcp: true, durable: true, settings: ['autovacuum=off'] })
    const url = new URL(await cluster.createDatabase('facteur'))
    standby = await cluster.standby()
    port = Number(url.port)
    wire = new Wire(() => port)
    url.port = String(await wire.listen())
    said = ''
    wire.cutsBefore = sent => {
      if (port === standby.port) said += sent
      return false
    }
    blobFolder = await mkdtemp(path.join(tmpdir(), 'facteur-blobs-'))
    wentBack = 0
    store = await openPostgresStore({ url: url.href, blobs: blobFolder, clock, onWentBack: () => wentBack++ })
  })
  afterEach(async () => {
    expect(await damagesOf(store)).toEqual([])
    await store.close()
    await wire.close()
    await cluster.dispose()
    await rm(blobFolder, { recursive: true })
  })

  const newPlace = async (): Promise<{ accountId: number; mailboxId: number }> => {
    const { accountId, inbox } = await newAccount(store)
    return { accountId, mailboxId: inbox }
  }
  const add = async (place: { accountId: number; mailboxId: number }, content: string): Promise<number> => {
    const messages = [{ email: await newEmail(store, content), flags: noFlags, internalDate: 1 }]
    return (await store.write('message.append', { ...place, messages, at: 1 })).uids[0]!
  }
  /** Of a position in the primary's log, that the standby has it too. */
  const reaches = async (which: 'receive' | 'replay'): Promise<void> => {
    const [[position] = []] = await cluster.query('facteur', 'SELECT pg_current_wal_lsn()')
    await expect
      .poll(() => standby.query('facteur', `SELECT pg_last_wal_${which}_lsn() >= '${position}'`))
      .toEqual([[true]])
  }

  it('is waited for by what is written before it has taken over', async () => {
    const place = await newPlace()
    await add(place, 'before')
    await reaches('replay')
    await cluster.stop('immediate')
    port = standby.port
    const adding = Promise.all([add(place, 'alone'), store.write('domain.add', { name: 'new.test', at: 1 })])
    // It was asked to, and is a standby still.
    await expect.poll(() => said).toContain('NO KEY UPDATE')
    await standby.promote()
    await adding
    expect(await store.read('domain.list', {})).toHaveLength(2)
    expect(await store.read('message.uids', { ...place, after: 0, limit: 9 })).toEqual(Uint32Array.of(1, 2))
    expect(wentBack).toBe(0)
  })

  it('that lacks what was acknowledged is told of, once; a server that comes back with all of it is not', async () => {
    const place = await newPlace()
    await add(place, 'on both')
    await reaches('replay')
    await cluster.stop('immediate')
    await cluster.start()
    await add(place, 'on both, too')
    await reaches('replay')
    expect(wentBack).toBe(0)
    await standby.cutOff()
    await add(place, 'on the primary alone')
    await cluster.stop('immediate')
    port = standby.port
    // By connections that are kept while it takes over.
    const uids = () => store.read('message.uids', { ...place, after: 0, limit: 9 })
    expect(await uids()).toEqual(Uint32Array.of(1, 2))
    expect(wentBack).toBe(0)
    await standby.promote()
    expect(await uids()).toEqual(Uint32Array.of(1, 2))
    await expect.poll(() => wentBack).toBe(1)
    // The same number again, which mail programs know.
    expect(await add(place, 'another')).toBe(3)
    expect(wentBack).toBe(1)
  })

  it('that has not come to a COMMIT yet doesn’t know that it was not: it is not done twice', async () => {
    const place = await newPlace()
    await reaches('replay')
    await standby.query('facteur', 'SELECT pg_wal_replay_pause()')
    await expect.poll(() => standby.query('facteur', 'SELECT pg_get_wal_replay_pause_state()')).toEqual([['paused']])
    let isCut = false
    wire.cutsBehind = sent => {
      if (isCut || !sent.includes('COMMIT\0')) return false
      port = standby.port
      return (isCut = true)
    }
    const adding = add(place, 'once')
    adding.catch(() => {})
    await expect.poll(() => isCut).toBe(true)
    await reaches('receive')
    wire.cut()
    await cluster.stop('immediate')
    await expect.poll(() => said).toContain('pg_xact_status')
    await standby.promote()
    // Another server may have given the number to another transaction: what it says of it proves nothing.
    await expect(adding).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('it may be there'),
    })
    expect(await store.read('message.uids', { ...place, after: 0, limit: 9 })).toEqual(Uint32Array.of(1))
  })
})
