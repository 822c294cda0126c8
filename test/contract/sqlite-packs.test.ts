/** Small blobs beside the rows: what is committed is there, what is not is named by nothing, and what is not named goes. */

import { createHash, randomBytes } from 'node:crypto'
import fs, {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PackFiles, preparePacks, sweepPacks } from '../../src/store/blobs/packs.ts'
import type { Request } from '../../src/store/operations/request.ts'
import { sql } from '../../src/store/sql.ts'
import { runBatch } from '../../src/store/sqlite/batch.ts'
import { SqliteConnection } from '../../src/store/sqlite/connection.ts'
import type { Outcome } from '../../src/store/sqlite/failure.ts'
import { migrate } from '../../src/store/sqlite/migrate.ts'
import { incompletePacks } from '../../src/store/sqlite/pack-rows.ts'
import type { PackPlace } from '../../src/store/transaction.ts'
import type { StagedBlob, UidRange } from '../../src/store/types.ts'
import { emailIndex, noFlags } from './store-fixtures.ts'

const packBytes = 100_000
const hour = 60 * 60 * 1000

let root: string
let folder: string
let connection: SqliteConnection
let now: number
const clock = { now: () => now }

beforeEach(async () => {
  now = Date.now()
  root = mkdtempSync(path.join(tmpdir(), 'facteur-packs-'))
  folder = path.join(root, 'packs')
  preparePacks(folder)
  open()
  migrate(connection, 1)
  const account = { address: 'ann@one.test', passwordHash: null, quotaBytes: null, mailboxes: [], at: 1 }
  await run({ operation: 'domain.add', args: { name: 'one.test', at: 1 } })
  await run({ operation: 'account.add', args: account })
})
afterEach(() => {
  close()
  rmSync(root, { recursive: true })
})

function open(): void {
  const packs = new PackFiles(folder, clock, packBytes)
  connection = new SqliteConnection(path.join(root, 'test.db'), { readOnly: false, packs })
}

function close(): void {
  connection.packs?.close()
  connection.close()
}

/** As a process that begins. */
function reopen(): void {
  close()
  open()
}

async function run(...requests: Request[]): Promise<Outcome[]> {
  return runBatch(connection, requests)
}

function staged(data: Uint8Array): StagedBlob {
  const hash = createHash('sha256').update(data).digest('hex')
  return { hash, rawBytes: data.byteLength, storedBytes: data.byteLength, encoding: 'identity', data }
}

function append(...contents: Uint8Array[]): Request {
  const messages = contents.map(data => {
    const email = {
      sizeBytes: data.byteLength,
      envelope: '()',
      bodyStructure: '()',
      preview: '',
      index: emailIndex(),
      headerFields: null,
    }
    return { email: { ...email, blob: staged(data) }, flags: noFlags, internalDate: 1 }
  })
  return { operation: 'message.append', args: { accountId: 1, mailboxId: 1, messages, at: 1 } }
}

async function expunge(uids: UidRange[]): Promise<void> {
  await run({ operation: 'message.expunge', args: { accountId: 1, mailboxId: 1, uids, onlyDeleted: false, at: 1 } })
}

async function sweep(): Promise<void> {
  for (let more = true; more; ) {
    const [outcome] = await run({ operation: 'store.sweep', args: { before: 0, limit: 100 } })
    more = outcome !== undefined && 'value' in outcome && (outcome.value as { more: boolean }).more
  }
  sweepPacks(folder, clock, pack => connection.get(sql`SELECT 1 FROM blob WHERE pack = ${pack} LIMIT 1`) !== undefined)
}

/** Those whose bytes are not where their row says. */
function wrong(contents: readonly Uint8Array[]): number[] {
  return contents.flatMap((data, index) => {
    const found = connection.get<[number | null, number, number, Uint8Array | null]>(sql`
      SELECT pack, pack_offset, stored_bytes, data FROM blob WHERE hash = ${Buffer.from(staged(data).hash, 'hex')}`)
    if (!found) return [index]
    const [pack, offset, bytes, inline] = found
    const stored = pack === null ? inline : connection.packs?.read({ pack, offset }, bytes)
    return stored && Buffer.compare(stored, data) === 0 ? [] : [index]
  })
}

const files = (): number[] =>
  readdirSync(folder)
    .map(Number)
    .sort((a, b) => a - b)
/** Without the zeros that are ready behind its end. */
function size(pack: number): number {
  connection.packs?.close()
  return statSync(path.join(folder, String(pack))).size
}
const contents = (count: number, bytes = 10_000): Buffer[] => Array.from({ length: count }, () => randomBytes(bytes))

it('keeps bytes in one file after the other, those of few in their row, and the same once', async () => {
  const some = [...contents(25), randomBytes(100)]
  for (const data of some) await run(append(data))
  await run(append(some[3]!, some[4]!))
  expect(wrong(some)).toEqual([])
  expect(files()).toEqual([1, 2, 3])
  expect(files().map(size)).toEqual([100_000, 100_000, 50_000])
})

it('goes on behind what an earlier process wrote, whatever it left there', async () => {
  const some = contents(3)
  await run(append(...some))
  connection.packs?.close()
  // Of a transaction that never was committed.
  appendFileSync(path.join(folder, '1'), randomBytes(777))
  reopen()
  const more = contents(2)
  await run(append(...more))
  expect(wrong([...some, ...more])).toEqual([])
  expect(size(1)).toBe(50_777)
})

it('has zeros ready to be written over, none once it is closed, and goes on behind those that a killed process left', async () => {
  const longer = 10 * 1024 * 1024
  const clocked = (): PackFiles => new PackFiles(folder, clock, longer)
  const file = path.join(folder, '1')
  const put = (packs: PackFiles, data: Uint8Array): PackPlace => {
    const place = packs.next()
    packs.put(data)
    packs.flush()
    return place
  }
  const [first, second, third, large] = [...contents(3), randomBytes(3_000_000)]
  const killed = clocked()
  put(killed, first!)
  expect(statSync(file).size).toBe(1024 * 1024)
  put(killed, second!)
  expect(statSync(file).size).toBe(1024 * 1024)
  expect(
    readFileSync(file)
      .subarray(20_000)
      .every(octet => octet === 0),
  ).toBe(true)
  const next = clocked()
  expect(put(next, third!)).toEqual({ pack: 1, offset: 1024 * 1024 })
  put(next, large!)
  expect(statSync(file).size).toBe(4 * 1024 * 1024)
  next.close()
  expect(statSync(file).size).toBe(1024 * 1024 + 3_010_000)
  const written = readFileSync(file)
  expect(written.subarray(0, 20_000).equals(Buffer.concat([first!, second!]))).toBe(true)
  expect(written.subarray(1024 * 1024).equals(Buffer.concat([third!, large!]))).toBe(true)
})

it('keeps nothing of an operation that fails, and all of the others in its batch', async () => {
  const [early, failed, late] = contents(3)
  const over: Request = { operation: 'several', args: { operations: [append(failed!) as never, addOneAgain] } }
  const outcomes = await run(append(early!), over, append(late!))
  expect(outcomes.map(outcome => 'value' in outcome)).toEqual([true, false, true])
  expect(wrong([early!, failed!, late!])).toEqual([1])
  expect(size(1)).toBe(20_000)
})
const addOneAgain: Request & { operation: 'domain.add' } = {
  operation: 'domain.add',
  args: { name: 'one.test', at: 1 },
}

it('answers unavailable where the bytes can not be written, and goes on once they can', async () => {
  const [early, failed, late] = contents(3)
  await run(append(early!))
  reopen()
  rmSync(folder, { recursive: true })
  writeFileSync(folder, 'in the way')
  expect(await run(append(failed!))).toEqual([
    { failure: { code: 'unavailable', message: expect.stringContaining('ENOTDIR') } },
  ])
  rmSync(folder)
  preparePacks(folder)
  reopen()
  await run(append(late!))
  expect(wrong([failed!, late!])).toEqual([0])
})

it('takes a file that can not be made durable for no file of its own', () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length
  const packs = new PackFiles(folder, clock, packBytes)
  const before = descriptors()
  const refused = vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {
    throw new Error('EIO: the folder')
  })
  syncBuiltinESMExports()
  try {
    for (let i = 0; i < 3; i++) {
      packs.next()
      packs.put(randomBytes(10))
      expect(() => packs.flush()).toThrow('EIO')
    }
  } finally {
    refused.mockRestore()
    syncBuiltinESMExports()
  }
  expect(descriptors()).toBe(before)
  packs.next()
  packs.put(randomBytes(10))
  packs.flush()
  packs.close()
})

it('writes bytes anew that come again, where those that lie there are damaged, or gone', async () => {
  const [damaged, cut, whole] = contents(3)
  await run(append(whole!, damaged!, cut!))
  connection.packs?.close()
  writeFileSync(path.join(folder, '1'), Buffer.concat([whole!, randomBytes(10_000)]))
  reopen()
  expect(wrong([whole!, damaged!, cut!])).toEqual([1, 2])
  await run(append(whole!, damaged!, cut!))
  expect(wrong([whole!, damaged!, cut!])).toEqual([])
  // A file that is cut gets no more: it may be put back whole.
  expect(files().map(size)).toEqual([20_000, 20_000])
})

it.each([
  ['the newest is missing', ['3'], [1003]],
  ['all are missing', ['1', '2', '3'], [1003]],
  ['one before the newest is missing', ['2'], []],
])('gives no number twice where %s and is put back later', async (_, gone, incomplete) => {
  const old = contents(25)
  for (const data of old) await run(append(data))
  close()
  const kept = path.join(root, 'kept')
  mkdirSync(kept)
  for (const pack of gone) renameSync(path.join(folder, pack), path.join(kept, pack))
  open()
  expect(incompletePacks(connection)).toEqual(gone.map(Number))
  const late = contents(3)
  await run(append(...late))
  expect(files().filter(pack => pack > 3)).toEqual(incomplete)
  close()
  for (const pack of gone) renameSync(path.join(kept, pack), path.join(folder, pack))
  open()
  const latest = contents(3)
  await run(append(...latest))
  expect(wrong([...old, ...late, ...latest])).toEqual([])
  expect(incompletePacks(connection)).toEqual([])
})

it.each([
  ['all are missing', ['1', '2', '3', '4'], ['1', '2', '3', '4']],
  ['the last that is named is missing', ['3'], ['3', '4']],
])('gives no number of a pack that the backup has beside its database, where %s', async (_, gone, late) => {
  const old = contents(25)
  for (const data of old) await run(append(data))
  close()
  // Begun behind the copy of the database, before that of the packs.
  for (const pack of ['1', '2', '3']) cpSync(path.join(folder, pack), path.join(root, pack))
  writeFileSync(path.join(root, '4'), randomBytes(5_000))
  cpSync(path.join(root, '4'), path.join(folder, '4'))
  for (const pack of gone) rmSync(path.join(folder, pack))
  open()
  const first = contents(3)
  await run(append(...first))
  for (const pack of late) cpSync(path.join(root, pack), path.join(folder, pack))
  const second = contents(12)
  for (const data of second) await run(append(data))
  expect(wrong([...old, ...first, ...second])).toEqual([])
  reopen()
  await run(append(...contents(1)))
  expect(files()).toHaveLength(6)
})

it('gives no place twice where the newest is cut and is put back whole later', async () => {
  const old = contents(5)
  await run(append(...old))
  close()
  const whole = readFileSync(path.join(folder, '1'))
  truncateSync(path.join(folder, '1'), 20_000)
  open()
  expect(incompletePacks(connection)).toEqual([1])
  const late = contents(2)
  await run(append(...late))
  writeFileSync(path.join(folder, '1'), whole)
  expect(wrong([...old, ...late])).toEqual([])
})

it('removes what it can, where one of the files can not be removed', () => {
  for (const pack of ['1', '3', '4']) writeFileSync(path.join(folder, pack), '')
  mkdirSync(path.join(folder, '2'))
  now += 2 * hour
  expect(() => sweepPacks(folder, clock, () => false)).toThrow(/EISDIR|EPERM/)
  expect(files()).toEqual([2, 4])
})

it('empties a file of which half is gone into the newest, and removes it an hour later', async () => {
  const some = contents(30)
  await run(...some.map(data => append(data)))
  expect(files()).toEqual([1])
  const newest = contents(1)
  await run(append(...newest))
  await expunge([{ from: 1, to: 14 }])
  await sweep()
  expect(size(2)).toBe(10_000)
  await expunge([{ from: 15, to: 20 }])
  await sweep()
  expect(wrong([...some.slice(20), ...newest])).toEqual([])
  expect(size(2)).toBe(110_000)
  now += hour - 1000
  await sweep()
  expect(files()).toEqual([1, 2])
  now += 2000
  await sweep()
  expect(files()).toEqual([2])
  expect(wrong([...some.slice(20), ...newest])).toEqual([])
})

it('leaves what can not be read where it is, and moves the rest', async () => {
  const some = contents(10)
  await run(...some.map(data => append(data)))
  await run(append(...contents(1)))
  await expunge([{ from: 1, to: 6 }])
  truncateSync(path.join(folder, '1'), 85_000)
  await sweep()
  expect(wrong(some.slice(6))).toEqual([2, 3])
  expect(files()).toEqual([1, 2])
  now += 2 * hour
  await sweep()
  expect(files()).toEqual([1, 2])
})

/** Files as large as those of a service, of which one blob names the whole, but of those that are half gone many a small one. */
function manyPacks(count: number, halfGone: readonly number[]): void {
  const bytes = 1024 * 1024
  const add = (pack: number, offset: number, stored: number): void =>
    void connection.run(sql`
      INSERT INTO blob (hash, encoding, raw_bytes, stored_bytes, pack, pack_offset)
      VALUES (${randomBytes(32)}, 'identity', ${stored}, ${stored}, ${pack}, ${offset})`)
  connection.control('BEGIN')
  for (let pack = 1; pack <= count; pack++) {
    writeFileSync(path.join(folder, String(pack)), '')
    truncateSync(path.join(folder, String(pack)), bytes)
    if (halfGone.includes(pack)) for (let at = 0; at < 250; at++) add(pack, at * 2000, 2000)
    else add(pack, 0, bytes)
  }
  connection.control('COMMIT')
  writeFileSync(path.join(folder, String(count + 1)), '')
  reopen()
}

const namedBy = (pack: number): number =>
  connection.get<[number]>(sql`SELECT COUNT(*) FROM blob WHERE pack = ${pack}`)?.[0] ?? 0

/** One round, in so many sweeps; with what it could not do. */
async function round(failures: string[] = []): Promise<number> {
  for (let sweeps = 1; ; sweeps++) {
    const args = { before: 0, limit: 100, goesOn: sweeps > 1 }
    const [outcome] = await run({ operation: 'store.sweep', args })
    if (!outcome || !('value' in outcome)) throw new Error('the sweep failed')
    const swept = outcome.value as { more: boolean; failures: string[] }
    failures.push(...swept.failures)
    if (!swept.more) return sweeps
  }
}

it('empties all files of which half is gone in one round, however many there are, in few and short sweeps', async () => {
  manyPacks(60, [3, 25, 60])
  // One for each 16 files or what is left of them, and three for each that is emptied.
  expect(await round()).toBeLessThan(15)
  expect([3, 25, 60].map(namedBy)).toEqual([0, 0, 0])
  expect(await round()).toBe(Math.ceil((files().length - 1) / 16))
})

it('passes over what the disk can not read, tells of it once, and sweeps all else', async () => {
  manyPacks(4, [2, 3])
  const bad = [5, 120].map(nth => nth * 2000)
  const failing: number[] = []
  const packRead = PackFiles.prototype.read
  vi.spyOn(PackFiles.prototype, 'read').mockImplementation(function (this: PackFiles, place, bytes) {
    if (place.pack !== 2 || !bad.includes(place.offset)) return packRead.call(this, place, bytes)
    failing.push(place.offset)
    throw new Error('EIO: i/o error, read')
  })
  try {
    const failures: string[] = []
    await round(failures)
    expect(failures).toEqual(bad.map(offset => `pack 2 at ${offset}: EIO: i/o error, read`))
    expect([2, 3].map(namedBy)).toEqual([2, 0])
    await round(failures)
    expect(failures).toHaveLength(2)
    expect(failing).toEqual(bad)
  } finally {
    vi.restoreAllMocks()
  }
})
