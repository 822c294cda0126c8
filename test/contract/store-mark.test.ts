/** A database that doesn't know the messages beside it, or in its bucket, leaves them alone. */
import { randomBytes } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BlobPlace } from '../../src/store/blobs/place.ts'
import { openPostgresReader, openPostgresStore } from '../../src/store/postgres/open.ts'
import { openSqliteReader, openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { postgresPrograms } from '../support/postgres.ts'
import { type ObjectServer, startObjectServer } from '../support/s3.ts'
import { sharedPostgres } from '../support/shared-postgres.ts'
import { damagesOf, newAccount, newEmail, noFlags } from './store-fixtures.ts'

const hour = 60 * 60 * 1000
let now: number
let folder: string
beforeEach(() => {
  now = Date.now()
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-mark-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const fileIn = (data: string): string => path.join(folder, data, 'facteur.db')
const open = (data: string, blobs?: BlobPlace): Promise<SqliteStore> =>
  openSqliteStore({ path: fileIn(data), clock: { now: () => now }, ...(blobs !== undefined && { blobs }) })

/** Of a store with messages in two packs and two files or objects; closed. */
async function seed(data: string, blobs?: BlobPlace): Promise<void> {
  const store = await open(data, blobs)
  const { accountId, inbox } = await newAccount(store)
  for (const bytes of [5000, 200_000, 5000, 200_000]) {
    const messages = [{ email: await newEmail(store, randomBytes(bytes)), flags: noFlags, internalDate: 1 }]
    await store.write('message.append', { accountId, mailboxId: inbox, messages, at: 1 })
  }
  await store.close()
}

const filesIn = (data: string): string[] =>
  readdirSync(path.join(folder, data), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/\.lock|-shm$/.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort()

async function damages(data: string, blobs?: BlobPlace): Promise<unknown[]> {
  const reader = await openSqliteReader({ path: fileIn(data), ...(blobs !== undefined && { blobs }) })
  try {
    return await damagesOf(reader)
  } finally {
    await reader.close()
  }
}

it.each(['missing', 'empty'])('is refused where its messages are there and the database is %s', async state => {
  await seed('data')
  const database = readFileSync(fileIn('data'))
  for (const ending of ['', '-wal']) rmSync(fileIn('data') + ending, { force: true })
  if (state === 'empty') writeFileSync(fileIn('data'), '')
  const before = filesIn('data')
  now += 2 * hour
  for (const left of ['packs', 'blobs']) {
    await expect(open('data')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(`facteur.db is missing or empty, but .*/${left} is a store's`),
    })
    // Each of them is enough.
    cpSync(path.join(folder, 'data', left), path.join(folder, left), { recursive: true })
    expect(filesIn('data')).toEqual(before.filter(file => left === 'packs' || !file.includes('/packs/')))
    if (left === 'packs') rmSync(path.join(folder, 'data', 'packs'), { recursive: true })
  }
  // Messages of a version that left no mark count as well.
  rmSync(path.join(folder, 'data', 'blobs', 'store-id'))
  await expect(open('data')).rejects.toMatchObject({ code: 'unavailable' })
  cpSync(path.join(folder, 'packs'), path.join(folder, 'data', 'packs'), { recursive: true })
  writeFileSync(fileIn('data'), database)
  await (await open('data')).close()
  expect(await damages('data')).toEqual([])
})

it('is refused where the messages are those of another database, which has been there before', async () => {
  await seed('one')
  await seed('two')
  rmSync(path.join(folder, 'two'), { recursive: true, force: true })
  await (await open('two')).close()
  cpSync(fileIn('two'), fileIn('one'))
  const before = filesIn('one')
  const refusal = { code: 'unavailable', message: expect.stringMatching('/one/packs belong to another store') }
  await expect(open('one')).rejects.toMatchObject(refusal)
  expect(filesIn('one').filter(file => !file.includes('facteur.db'))).toEqual(
    before.filter(file => !file.includes('facteur.db')),
  )
  // As the message says.
  for (const place of ['packs', 'blobs']) rmSync(path.join(folder, 'one', place, 'store-id'))
  await (await open('one')).close()
})

it('keeps a second service out of a folder of large messages that the first has', async () => {
  const blobs = path.join(folder, 'large')
  await seed('data', blobs)
  cpSync(path.join(folder, 'data'), path.join(folder, 'trial'), { recursive: true })
  const first = await open('data', blobs)
  writeFileSync(path.join(blobs, 'unfinished', 'being written'), '')
  await expect(open('trial', blobs)).rejects.toMatchObject({
    code: 'unavailable',
    message: `the folder ${blobs} is in use by process ${process.pid}`,
  })
  expect(readdirSync(path.join(blobs, 'unfinished'))).toEqual(['being written'])
  expect(await damages('trial', blobs)).toEqual([])
  await first.close()
  await (await open('trial', blobs)).close()
})

it('names the lock of a folder of messages that can’t be taken', async () => {
  const lock = path.join(folder, 'blobs', 'in-use.lock')
  mkdirSync(lock, { recursive: true })
  const message = expect.stringContaining(`${lock}: `)
  await expect(open('data', path.dirname(lock))).rejects.toMatchObject({ code: 'unavailable', message })
})

it('marks what a former version left, and a reader marks nothing', async () => {
  await seed('data')
  const marks = ['packs', 'blobs'].map(place => path.join(folder, 'data', place, 'store-id'))
  const ids = marks.map(mark => readFileSync(mark, 'utf8'))
  expect(ids[0]).toMatch(/^[0-9a-f]{32}\n$/)
  expect(ids[1]).toBe(ids[0])
  for (const mark of marks) rmSync(mark)
  expect(await damages('data')).toEqual([])
  for (const mark of marks) expect(statSync(mark, { throwIfNoEntry: false })).toBeUndefined()
  const store = await open('data')
  expect(marks.map(mark => readFileSync(mark, 'utf8'))).toEqual(ids)
  now += 2 * hour
  await store.write('store.sweep', { before: 0, limit: 100 })
  expect(marks.map(mark => readFileSync(mark, 'utf8'))).toEqual(ids)
  await store.close()
  // One that a full disk left half is nobody's.
  truncateSync(marks[1]!, 3)
  await expect(open('data')).rejects.toMatchObject({ code: 'unavailable' })
})

it('removes nothing once another has taken the place over', async () => {
  const store = await open('data')
  await newEmail(store, randomBytes(200_000))
  const files = (): string[] => filesIn('data').filter(file => /[0-9a-f]{64}/.test(file))
  writeFileSync(path.join(folder, 'data', 'blobs', 'store-id'), 'another')
  now += 2 * hour
  await expect(store.write('store.sweep', { before: 0, limit: 100 })).rejects.toMatchObject({ code: 'unavailable' })
  expect(files()).toHaveLength(1)
  rmSync(path.join(folder, 'data', 'blobs', 'store-id'))
  await store.write('store.sweep', { before: 0, limit: 100 })
  expect(files()).toHaveLength(0)
  await store.close()
})

describe('with a bucket', () => {
  let server: ObjectServer
  beforeAll(async () => {
    server = await startObjectServer()
  })
  afterAll(() => server.dispose())
  afterEach(() => {
    server.gate = () => 'pass'
  })
  const newPlace = () => ({ ...server.place, prefix: `${randomBytes(4).toString('hex')}/`, tryingMs: 500 })

  it('is refused where the messages there are those of another', async () => {
    const place = newPlace()
    await seed('one', place)
    await expect(open('two', place)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('missing or empty'),
    })
    expect(statSync(fileIn('two'), { throwIfNoEntry: false })).toBeUndefined()
    await (await open('two', newPlace())).close()
    const refusal = { code: 'unavailable', message: expect.stringContaining('belong to another store') }
    await expect(open('two', place)).rejects.toMatchObject(refusal)
    await server.age(12)
    const one = await open('one', place)
    await one.write('store.sweep', { before: 0, limit: 100 })
    await one.close()
    expect(await damages('one', place)).toEqual([])
  })

  it('starts while the bucket refuses, and asks before it removes anything', async () => {
    const place = newPlace()
    await seed('one', place)
    await (await open('two', newPlace())).close()
    server.gate = () => 'refuse'
    const two = await open('two', place)
    server.gate = () => 'pass'
    await server.age(12)
    const swept = two.write('store.sweep', { before: 0, limit: 100 })
    await expect(swept).rejects.toMatchObject({ message: expect.stringContaining('belong to another store') })
    await two.close()
    expect(await damages('one', place)).toEqual([])
  })
})

describe.skipIf(postgresPrograms === null)('on PostgreSQL (skipped where it is not installed)', () => {
  const postgres = sharedPostgres()
  const options = (url: string) => ({ url, blobs: path.join(folder, 'blobs'), clock: { now: () => now } })

  it('is one store for all nodes that start at once, and refused on another database', async () => {
    const { cluster, url } = postgres
    const nodes = await Promise.all(Array.from({ length: 8 }, () => openPostgresStore(options(url))))
    const [node] = nodes
    const { accountId, inbox } = await newAccount(node!)
    const messages = [{ email: await newEmail(node!, randomBytes(200_000)), flags: noFlags, internalDate: 1 }]
    await node!.write('message.append', { accountId, mailboxId: inbox, messages, at: 1 })
    const other = await cluster.createDatabase('other')
    const missing = { code: 'unavailable', message: expect.stringContaining('the database is missing or empty') }
    await expect(openPostgresStore(options(other))).rejects.toMatchObject(missing)
    expect(await cluster.query('other', "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'")).toEqual([['0']])
    await (await openPostgresStore({ ...options(other), blobs: path.join(folder, 'other') })).close()
    const refusal = { code: 'unavailable', message: expect.stringContaining('belong to another store') }
    await expect(openPostgresStore(options(other))).rejects.toMatchObject(refusal)
    await (await openPostgresReader(options(other))).close()
    now += 2 * hour
    for (const each of nodes) await each.write('store.sweep', { before: 0, limit: 100 })
    expect(await damagesOf(node!)).toEqual([])
    await Promise.all(nodes.map(each => each.close()))
  })

  it('gives an id to what a former version made, whose nodes go on beside it', async () => {
    const former = await openPostgresStore(options(postgres.url))
    rmSync(path.join(folder, 'blobs', 'store-id'), { force: true })
    await postgres.cluster.query('facteur', "DELETE FROM setting WHERE name = 'store.id'")
    const node = await openPostgresStore(options(postgres.url))
    const [[id] = []] = await postgres.cluster.query('facteur', "SELECT value FROM setting WHERE name = 'store.id'")
    expect(readFileSync(path.join(folder, 'blobs', 'store-id'), 'utf8')).toBe(`${id}\n`)
    const bytes = randomBytes(200_000)
    const { blob } = await newEmail(former, bytes)
    expect(await node.write('domain.add', { name: 'more.test', at: 1 })).toBeUndefined()
    expect(readdirSync(path.join(folder, 'blobs'))).toContain(blob.hash.slice(0, 2))
    await Promise.all([former.close(), node.close()])
  })
})
