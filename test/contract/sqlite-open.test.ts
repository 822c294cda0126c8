import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/ops/clock.ts'
import { sql } from '../../src/store/sql.ts'
import { openReadOnly, openUntouched } from '../../src/store/sqlite/database.ts'
import { openSqliteReader, openSqliteStore } from '../../src/store/sqlite/open.ts'
import { SnapshotReader } from '../../src/store/sqlite/reader.ts'
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { ThreadWriter } from '../../src/store/sqlite/thread-writer.ts'
import { append, damagesOf, newAccount, newEmail, noFlags } from './store-fixtures.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facteur-open-'))
  file = path.join(folder, 'data', 'facteur.db')
})
afterEach(() => rm(folder, { recursive: true }))

const open = (): Promise<SqliteStore> => openSqliteStore({ path: file, clock: systemClock })

it('finds everything again after a close', async () => {
  const first = await open()
  const { accountId, inbox } = await newAccount(first)
  const email = await newEmail(first, randomBytes(500_000))
  const messages = [{ email, flags: { system: 3, keywords: ['k'] }, internalDate: 4 }]
  await first.write('message.append', { accountId, mailboxId: inbox, messages, at: 5 })
  const page = { accountId, mailboxId: inbox, from: 1, to: 9, limit: 9 }
  const before = await first.read('message.withIndex', page)
  await first.close()
  // A backup of a closed store may leave the log out.
  expect(readFileSync(`${file}-wal`)).toHaveLength(0)
  const second = await open()
  expect(await second.read('message.withIndex', page)).toEqual(before)
  expect(await second.blobs.read(email.blob.hash)).toHaveLength(500_000)
  expect((await append(second, { accountId, mailboxId: inbox }, [noFlags])).uids).toEqual([2])
  await second.close()
})

it('waits for what was written before it closes, and refuses what comes after', async () => {
  const store = await open()
  const last = store.write('domain.add', { name: 'one.test', at: 1 })
  const closing = store.close()
  await expect(store.write('domain.add', { name: 'two.test', at: 1 })).rejects.toMatchObject({ code: 'unavailable' })
  await Promise.all([last, closing, store.close()])
  const again = await open()
  expect(await again.read('domain.list', {})).toMatchObject([{ name: 'one.test' }])
  await again.close()
})

it('refuses a second writer, naming the process, and lets one in after the first', async () => {
  const store = await open()
  const module = path.resolve(import.meta.dirname, '../../src/store/sqlite/open.ts')
  const script = `
    const { openSqliteStore } = await import(${JSON.stringify(module)})
    try {
      await (await openSqliteStore({ path: ${JSON.stringify(file)}, clock: Date })).close()
      console.log('opened')
    } catch (error) { console.log(error.code, error.message) }`
  const openElsewhere = (): string =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout.trim()
  expect(openElsewhere()).toBe(`unavailable the store is in use by process ${process.pid}`)
  await expect(open()).rejects.toMatchObject({ code: 'unavailable' })
  await store.write('domain.add', { name: 'one.test', at: 1 })
  await store.close()
  expect(openElsewhere()).toBe('opened')
})

it('opens once who had it a moment ago is done', async () => {
  const store = await open()
  const next = open()
  await store.close()
  await (await next).close()
})

it('refuses a store of a newer version and changes nothing of it', async () => {
  await (await open()).close()
  const database = new DatabaseSync(file)
  database.exec('INSERT INTO schema_version (version, applied_at) VALUES (999, 0)')
  database.close()
  const sum = (): string => createHash('sha256').update(readFileSync(file)).digest('hex')
  const before = sum()
  const refusal = { code: 'unavailable', message: expect.stringContaining('version 999') }
  await expect(open()).rejects.toMatchObject(refusal)
  await expect(openSqliteReader({ path: file })).rejects.toMatchObject(refusal)
  expect(sum()).toBe(before)
})

it('opens what a process left that was killed before its log had an index or held anything', async () => {
  const store = await open()
  await newAccount(store)
  const log = statSync(`${file}-wal`).size
  expect(log).toBeGreaterThan(0)
  // The log's header alone, half a page behind it, all of it.
  for (const [index, [size, logged]] of [
    [32768, 32],
    [32768, 2000],
    [0, log],
    [3, log],
  ].entries()) {
    const left = path.join(folder, `left-${index}`, 'facteur.db')
    mkdirSync(path.dirname(left))
    for (const ending of ['', '-wal']) copyFileSync(file + ending, left + ending)
    truncateSync(`${left}-wal`, logged)
    writeFileSync(`${left}-shm`, Buffer.alloc(size!))
    const startedAt = performance.now()
    openUntouched(left).close()
    // SQLite would wait ten seconds for one that makes the index.
    expect(performance.now() - startedAt).toBeLessThan(8_000)
    const again = await openSqliteStore({ path: left, clock: systemClock })
    const domains = await again.read('domain.list', {})
    if (logged === log) expect(domains).toHaveLength(1)
    await again.write('domain.add', { name: `more-${index}.test`, at: 1 })
    await again.close()
  }
  await store.close()
})

it('says so where a file is no database, or where there is none to read', async () => {
  await expect(openSqliteReader({ path: file })).rejects.toMatchObject({ code: 'not-found' })
  expect(existsSync(path.dirname(file))).toBe(false)
  await (await open()).close()
  writeFileSync(file, 'this is not a database, whatever its name says'.repeat(100))
  await expect(open()).rejects.toMatchObject({ code: 'damaged' })
  await expect(openSqliteReader({ path: file })).rejects.toMatchObject({ code: 'damaged' })
})

it('verifies beside a running service, which goes on writing', async () => {
  const store = await open()
  const { accountId, inbox } = await newAccount(store)
  let running = true
  const writing = (async () => {
    while (running) await append(store, { accountId, mailboxId: inbox }, [noFlags, noFlags])
  })()
  const reader = await openSqliteReader({ path: file })
  const progress: [number, number][] = []
  for (let round = 0; round < 3; round++) {
    for await (const damage of reader.verify((done, total) => progress.push([done, total]))) expect(damage).toBeNull()
    expect(await damagesOf(store)).toEqual([])
  }
  expect(progress.length).toBeGreaterThan(0)
  expect(progress.every(([done, total]) => done <= total)).toBe(true)
  running = false
  await writing
  expect((await reader.read('account.byId', { accountId }))!.messages).toBeGreaterThan(0)
  await reader.close()
  await store.close()
})

it('reads a store that nobody writes to', async () => {
  const store = await open()
  await newAccount(store)
  await store.close()
  const reader = await openSqliteReader({ path: file })
  expect(await reader.read('domain.list', {})).toHaveLength(1)
  expect(await damagesOf(reader)).toEqual([])
  await reader.close()
})

it('removes what a former life left unfinished, and leaves no file of a blob swept after an hour', async () => {
  let now = Date.now()
  const store = await openSqliteStore({ path: file, clock: { now: () => now } })
  const { blob } = await newEmail(store, randomBytes(200_000))
  const files = async (): Promise<string[]> =>
    (await readdir(path.join(path.dirname(file), 'blobs'), { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile() && !/^in-use.lock|^store-id$/.test(entry.name))
      .map(entry => entry.name)
  writeFileSync(path.join(path.dirname(file), 'blobs', 'unfinished', 'half'), 'of a blob')
  expect(await files()).toEqual(expect.arrayContaining(['half', blob.hash]))
  await store.close()
  const again = await openSqliteStore({ path: file, clock: { now: () => now } })
  expect(await files()).toEqual([blob.hash])
  await again.write('store.sweep', { before: 0, limit: 100 })
  expect(await files()).toEqual([blob.hash])
  now += 61 * 60 * 1000
  await again.write('store.sweep', { before: 0, limit: 100 })
  expect(await files()).toEqual([])
  await again.close()
})

it('removes packs that nothing names beside a folder of large blobs that can not be listed', async () => {
  let now = Date.now()
  const store = await openSqliteStore({ path: file, clock: { now: () => now } })
  const data = path.dirname(file)
  for (const pack of ['1', '2']) writeFileSync(path.join(data, 'packs', pack), '')
  mkdirSync(path.join(data, 'blobs', 'ab'))
  writeFileSync(path.join(data, 'blobs', 'ab', 'cd'), 'no folder')
  now += 2 * 60 * 60 * 1000
  const swept = await store.write('store.sweep', { before: 0, limit: 100 })
  expect(swept).toMatchObject({ more: false, failures: [expect.stringContaining('ENOTDIR')] })
  expect(['1', '2'].map(pack => existsSync(path.join(data, 'packs', pack)))).toEqual([false, true])
  await store.close()
})

it('answers unavailable while the writer can not run, and starts it again later', async () => {
  await (await open()).close()
  const whole = readFileSync(file)
  writeFileSync(file, 'broken'.repeat(1000))
  let now = 0
  const writer = new ThreadWriter({ path: file }, { now: () => now })
  const write = () => writer.write({ operation: 'domain.add', args: { name: 'one.test', at: 1 } })
  const unavailable = { failure: { code: 'unavailable', message: expect.stringContaining('writer') } }
  expect(await write()).toMatchObject(unavailable)
  writeFileSync(file, whole)
  expect(await write()).toMatchObject(unavailable)
  now += 2000
  expect(await write()).toEqual({ value: undefined })
  await writer.close()
})

it('starts the writer again although the clock was put back', async () => {
  await (await open()).close()
  const whole = readFileSync(file)
  writeFileSync(file, 'broken'.repeat(1000))
  let now = 1_000_000
  const writer = new ThreadWriter({ path: file }, { now: () => now })
  const write = () => writer.write({ operation: 'domain.add', args: { name: 'one.test', at: 1 } })
  expect(await write()).toMatchObject({ failure: { code: 'unavailable' } })
  writeFileSync(file, whole)
  now -= 900_000
  expect(await write()).toEqual({ value: undefined })
  await writer.close()
})

it('answers unavailable where the disk can not be read, and shows no half of two snapshots', async () => {
  await (await open()).close()
  const connection = openReadOnly(file)
  const reader = new SnapshotReader(connection)
  const count = () => reader.read(async tx => (await tx.get<[number]>(sql`SELECT COUNT(*) FROM domain`))?.[0])
  const broken = Object.assign(new Error('disk I/O error'), { errcode: 10 })
  await expect(reader.read(() => Promise.reject(broken))).rejects.toMatchObject({ code: 'unavailable' })
  // As SQLite does by itself at an error of input or output.
  // How SQLite tells of a disk that fails to read, and what it is where the disk is well.
  const damaged = Object.assign(new Error('database disk image is malformed'), { errcode: 11 })
  await expect(reader.read(() => Promise.reject(damaged))).rejects.toMatchObject({ code: 'damaged' })
  vi.spyOn(connection, 'isReadable').mockReturnValueOnce(false)
  await expect(reader.read(() => Promise.reject(damaged))).rejects.toMatchObject({ code: 'unavailable' })
  expect(connection.isReadable()).toBe(true)
  const lost = reader.read(async () => connection.control('ROLLBACK'))
  await expect(lost).rejects.toMatchObject({ code: 'unavailable' })
  expect(await count()).toBe(0)
  connection.close()
})
