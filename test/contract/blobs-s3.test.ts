/** What every store of large blobs must do, on an object store. */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BlobPlace } from '../../src/store/blobs/place.ts'
import { S3Client } from '../../src/store/blobs/s3/client.ts'
import { openSqliteReader, openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { type ObjectServer, startObjectServer } from '../support/s3.ts'
import { blobContract } from './blob.contract.ts'
import type { OpenedStore } from './store.contract.ts'
import { damagesOf, newAccount, newEmail, noFlags } from './store-fixtures.ts'

const hour = 60 * 60 * 1000
let server: ObjectServer
beforeAll(async () => {
  server = await startObjectServer()
})
afterAll(() => server.dispose())

const newPlace = () => ({ ...server.place, prefix: `${randomBytes(4).toString('hex')}/`, tryingMs: 1500 })

describe('large blobs in an object store', () => {
  let opened: OpenedStore
  beforeEach(async () => {
    let now = Date.now()
    const store = await openSqliteStore({ path: ':memory:', blobs: newPlace(), clock: { now: () => now } })
    const setTime = (time: number): void => {
      now = time
    }
    opened = { store, verify: true, setTime, dispose: () => store.close() }
  })
  afterEach(async () => {
    expect(await damagesOf(opened.store)).toEqual([])
    await opened.dispose()
  })
  blobContract(() => opened)
})

describe('a store whose large blobs are objects', () => {
  let folder: string
  let blobs: Exclude<BlobPlace, string>
  let store: Store
  let place: { accountId: number; mailboxId: number }
  let now: number

  const open = async (): Promise<Store> =>
    openSqliteStore({ path: path.join(folder, 'facteur.db'), blobs, clock: { now: () => now } })
  beforeEach(async () => {
    server.gate = () => 'pass'
    now = Date.now()
    folder = await mkdtemp(path.join(tmpdir(), 'facteur-store-'))
    blobs = newPlace()
    store = await open()
    const { accountId, inbox } = await newAccount(store)
    place = { accountId, mailboxId: inbox }
  })
  afterEach(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  const add = async (bytes: Uint8Array): Promise<string> => {
    const email = await newEmail(store, bytes)
    await store.write('message.append', { ...place, messages: [{ email, flags: noFlags, internalDate: 1 }], at: 1 })
    return email.blob.hash
  }
  const expungeAll = () =>
    store.write('message.expunge', { ...place, uids: [{ from: 1, to: 1e9 }], onlyDeleted: false, at: 1 })
  const puts = (): number => server.requests.filter(({ method }) => method === 'PUT').length

  it('uploads bytes once that a row has already', async () => {
    const bytes = randomBytes(200_000)
    const hash = await add(bytes)
    const before = puts()
    expect(await add(bytes)).toBe(hash)
    expect(puts()).toBe(before)
  })

  it('refuses for the moment what rested on a row that is gone, and what was staged too long ago', async () => {
    const bytes = randomBytes(200_000)
    await add(bytes)
    const email = await newEmail(store, bytes)
    expect(email.blob.isKept).toBe(true)
    await expungeAll()
    await store.write('store.sweep', { before: 0, limit: 10 })
    const take = () =>
      store.write('message.append', { ...place, messages: [{ email, flags: noFlags, internalDate: 1 }], at: 1 })
    await expect(take()).rejects.toMatchObject({ code: 'unavailable' })
    const late = await newEmail(store, randomBytes(200_000))
    now += 2 * hour
    const messages = [{ email: late, flags: noFlags, internalDate: 1 }]
    await expect(store.write('message.append', { ...place, messages, at: 1 })).rejects.toMatchObject({
      code: 'unavailable',
    })
  })

  it('keeps what is let go of and taken again, however the sweep comes between', async () => {
    const bytes = randomBytes(200_000)
    await add(bytes)
    await server.age(24)
    await expungeAll()
    const email = await newEmail(store, bytes)
    await store.write('store.sweep', { before: 0, limit: 10 })
    await store.write('message.append', { ...place, messages: [{ email, flags: noFlags, internalDate: 1 }], at: 1 })
    await store.write('store.sweep', { before: 0, limit: 10 })
    expect(Buffer.compare(await store.blobs.read(email.blob.hash), bytes)).toBe(0)
    expect(await damagesOf(store)).toEqual([])
  })

  it.each(['corrupt', 'truncate'] as const)('notices what comes back other than it was: %s', async answer => {
    const hash = await add(randomBytes(200_000))
    const text = await add(Buffer.from(randomBytes(150_000).toString('hex')))
    await store.close()
    store = await open()
    server.gate = method => (method === 'GET' ? answer : 'pass')
    for (const one of [hash, text]) await expect(store.blobs.read(one)).rejects.toMatchObject({ code: 'damaged' })
    const found = await damagesOf(store)
    expect(found.map(({ table, key }) => [table, key]).sort()).toEqual([hash, text].sort().map(key => ['blob', key]))
    // Once only: the connection's fault, not the object's.
    let left = 1
    server.gate = method => (method === 'GET' && left-- > 0 ? answer : 'pass')
    expect(await store.blobs.read(hash)).toHaveLength(200_000)
  })

  it('notices an object that is gone', async () => {
    const hash = await add(randomBytes(200_000))
    const client = new S3Client(blobs)
    for (const { key } of (await client.list(null, 100)).objects) await client.remove(key)
    const reader = await openSqliteReader({ path: path.join(folder, 'facteur.db'), blobs })
    await expect(reader.blobs.read(hash)).rejects.toMatchObject({ code: 'damaged' })
    await reader.close()
  })
  it('loses nothing it acknowledged while the server refuses, and says "unavailable" of the rest', async () => {
    const acknowledged: string[] = []
    let refused = 0
    let running = true
    const writers = Array.from({ length: 4 }, async () => {
      while (running)
        await add(randomBytes(140_000)).then(
          hash => void acknowledged.push(hash),
          error => {
            expect(error).toMatchObject({ code: 'unavailable' })
            refused++
          },
        )
    })
    await expect.poll(() => acknowledged.length).toBeGreaterThan(writers.length)
    let count = 0
    const answers = ['refuse', 'cut'] as const
    server.gate = () => answers[count++ % 2] ?? 'refuse'
    // For longer than anyone tries.
    await expect.poll(() => refused).toBeGreaterThan(writers.length)
    const before = acknowledged.length
    server.gate = () => 'pass'
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before)
    running = false
    await Promise.all(writers)
    const rows = await store.read('message.withEmail', { ...place, from: 1, to: 1e9, limit: 10_000 })
    expect(rows.map(({ blobHash }) => blobHash).sort()).toEqual([...acknowledged].sort())
    expect(await damagesOf(store)).toEqual([])
  })
})
