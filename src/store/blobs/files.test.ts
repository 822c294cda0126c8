import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { encode, endings, hashOf } from './encoding.ts'
import { BlobFiles } from './files.ts'
import { keepLarge } from './large.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-blobs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('keeps what an operation is taking from a sweep after the clock has jumped, and no longer', async () => {
  let now = Date.now()
  const files = new BlobFiles(folder, { now: () => now })
  files.prepare()
  const hash = randomBytes(32).toString('hex')
  const data = randomBytes(100)
  const staged = await files.write({ hash, rawBytes: 100, encoding: 'identity', data })
  const first = keepLarge(files, [staged])
  const second = keepLarge(files, [staged])
  first()
  now += 2 * 24 * 60 * 60_000
  const nobody = () => undefined
  const name = { hash, encoding: 'identity', object: null } as const
  await files.sweep([], 10, nobody)
  expect(await files.read(name)).toEqual(data)
  second()
  await files.sweep([], 10, nobody)
  expect(await files.read(name)).toBeNull()
  expect(() => keepLarge(files, [staged])).toThrow('staged too long ago')
})

it('keeps what was just let go of for an hour, however old it is, for the copy of a database that names it', async () => {
  let now = Date.now()
  const files = new BlobFiles(folder, { now: () => now })
  files.prepare()
  const hash = randomBytes(32).toString('hex')
  const data = randomBytes(100)
  await files.write({ hash, rawBytes: 100, encoding: 'identity', data })
  now += 30 * 24 * 60 * 60_000
  const nobody = () => undefined
  const name = { hash, encoding: 'identity', object: null } as const
  const lost = { ...name, hash: 'ab'.repeat(32) }
  await files.sweep([lost, name], 10, nobody)
  now += 60 * 60_000 - 100
  await files.sweep([], 10, nobody)
  expect(await files.read(name)).toEqual(data)
  now += 200
  await files.sweep([], 10, nobody)
  expect(await files.read(name)).toBeNull()
})

it('removes what was let go of when its hour is over, so many at a time, wherever its walk is', async () => {
  let now = Date.now()
  const files = new BlobFiles(folder, { now: () => now })
  files.prepare()
  const names = ['10', '11', '12', '13', '14', '70', '80', '90'].map(start => {
    const hash = start + randomBytes(31).toString('hex')
    return { hash, encoding: 'identity', object: null } as const
  })
  for (const { hash } of names) await files.write({ hash, rawBytes: 9, encoding: 'identity', data: randomBytes(9) })
  // The walk doesn't come to these.
  const released = names.slice(5)
  const nobody = () => undefined
  const there = async (): Promise<string[]> =>
    (await Promise.all(released.map(async name => ((await files.read(name)) ? name.hash.slice(0, 2) : [])))).flat()
  expect(await files.sweep(released, 1, nobody)).toMatchObject({ more: false })
  now += 61 * 60_000
  // Staged again.
  await files.find(released[1]!.hash, 9)
  expect(await files.sweep([], 2, nobody)).toMatchObject({ more: true })
  expect(await there()).toEqual(['80', '90'])
  expect(await files.sweep([], 2, nobody)).toMatchObject({ more: false })
  expect(await there()).toEqual(['80'])
})

it('sweeps what it can beside folders and files that the disk refuses, and tells of those', async () => {
  let now = Date.now()
  const files = new BlobFiles(folder, { now: () => now })
  files.prepare()
  const nameOf = (start: string) => ({ hash: start.repeat(32), encoding: 'identity', object: null }) as const
  for (const start of ['05', 'f0', 'f1']) await files.write({ ...nameOf(start), rawBytes: 9, data: randomBytes(9) })
  // Nothing can be listed there, touched or removed.
  mkdirSync(path.join(folder, '06'))
  writeFileSync(path.join(folder, '06', '06'), 'no folder')
  writeFileSync(path.join(folder, '07'), 'no folder')
  mkdirSync(path.join(folder, '08', '08', nameOf('08').hash), { recursive: true })
  now += 2 * 60 * 60_000
  const nobody = () => undefined
  const swept = await files.sweep([nameOf('06'), nameOf('f1')], 10, nobody)
  expect(swept).toEqual({
    more: false,
    failures: [/ENOTDIR.*06/, /ENOTDIR.*06/, /ENOTDIR.*07/, /(EISDIR|EPERM).*08/].map(text =>
      expect.stringMatching(text),
    ),
  })
  const are = await Promise.all(['05', 'f0', 'f1'].map(async start => (await files.read(nameOf(start))) !== null))
  expect(are).toEqual([false, false, true])
})

it('walks through files once in a round', async () => {
  let now = Date.now()
  const files = new BlobFiles(folder, { now: () => now })
  files.prepare()
  const name = { hash: 'ab'.repeat(32), encoding: 'identity', object: null } as const
  await files.write({ ...name, rawBytes: 9, data: randomBytes(9) })
  now += 2 * 60 * 60_000
  const nobody = () => undefined
  await files.sweep([], 10, nobody, true)
  expect(await files.read(name)).not.toBeNull()
  await files.sweep([], 10, nobody, false)
  expect(await files.read(name)).toBeNull()
})

it('finds no file whose bytes are damaged: it is written anew', async () => {
  const files = new BlobFiles(folder, { now: Date.now })
  files.prepare()
  for (const bytes of [randomBytes(200_000), Buffer.alloc(200_000, 'ab')]) {
    const hash = await hashOf(bytes)
    const { encoding, data } = await encode(bytes)
    const name = { hash, encoding, object: null }
    await files.write({ hash, rawBytes: bytes.byteLength, encoding, data })
    expect(await files.find(hash, bytes.byteLength)).toMatchObject({ hash, encoding })
    const file = path.join(folder, hash.slice(0, 2), hash.slice(2, 4), hash + endings[encoding])
    const wrong = Buffer.from(data)
    wrong[wrong.length - 1]! ^= 1
    for (const content of [wrong, data.subarray(1), Buffer.alloc(0)]) {
      writeFileSync(file, content)
      expect(await files.find(hash, bytes.byteLength)).toBeNull()
    }
    await files.write({ hash, rawBytes: bytes.byteLength, encoding, data })
    expect(await files.read(name)).toEqual(Buffer.from(data))
  }
})

it('finds no file that can not be read: it is written anew', async () => {
  const files = new BlobFiles(folder, { now: Date.now })
  files.prepare()
  const bytes = randomBytes(200_000)
  const hash = await hashOf(bytes)
  const file = path.join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
  mkdirSync(file, { recursive: true })
  expect(await files.find(hash, bytes.byteLength)).toBeNull()
  rmSync(file, { recursive: true })
  symlinkSync(file, file)
  expect(await files.find(hash, bytes.byteLength)).toBeNull()
  await files.write({ hash, rawBytes: bytes.byteLength, encoding: 'identity', data: bytes })
  expect(await files.read({ hash, encoding: 'identity', object: null })).toEqual(bytes)
  expect(await files.find(hash, bytes.byteLength)).toMatchObject({ hash, encoding: 'identity' })
})

it('writes many at once, each to its place, in threads and beside them', async () => {
  const files = new BlobFiles(folder, { now: Date.now })
  files.prepare()
  const blobs = Array.from({ length: 60 }, () => ({
    hash: randomBytes(32).toString('hex'),
    data: randomBytes(200_000),
  }))
  const form = { rawBytes: 1, encoding: 'zstd' } as const
  const writing = blobs.map(({ hash, data }, index) => {
    const isAlone = index % 3 > 0
    return files.write({ hash, data: isAlone ? Buffer.from(new Uint8Array(data).buffer) : data, ...form, isAlone })
  })
  expect(await Promise.all(writing)).toEqual(
    blobs.map(({ hash }) => ({ hash, ...form, storedBytes: 200_000, data: null })),
  )
  for (const { hash, data } of blobs)
    expect(Buffer.compare((await files.read({ hash, encoding: 'zstd', object: null }))!, data)).toBe(0)
  expect(readdirSync(path.join(folder, 'unfinished'))).toEqual([])
})

it('takes the memory of what nobody else has, and of nothing else', async () => {
  const files = new BlobFiles(folder, { now: Date.now })
  files.prepare()
  const form = { rawBytes: 200_000, encoding: 'zstd' } as const
  const kept = randomBytes(200_000)
  const given = Buffer.allocUnsafeSlow(200_000).fill('x')
  const of = async (hash: string, data: Buffer, isAlone?: boolean) => files.write({ hash, data, ...form, isAlone })
  expect(await of('ab'.repeat(32), kept)).toMatchObject({ storedBytes: 200_000, data: null })
  expect(await of('cd'.repeat(32), given, true)).toMatchObject({ storedBytes: 200_000, data: null })
  expect([kept.byteLength, given.byteLength]).toEqual([200_000, 0])
})

it('says what the file system says, leaves nothing behind, and goes on', async () => {
  const files = new BlobFiles(folder, { now: Date.now })
  files.prepare()
  writeFileSync(path.join(folder, 'ab'), 'no folder')
  const hash = 'ab'.repeat(32)
  const blob = { hash, rawBytes: 10, encoding: 'identity', data: randomBytes(10) } as const
  await expect(files.write(blob)).rejects.toMatchObject({ code: expect.stringMatching(/^E(EXIST|NOTDIR)$/) })
  expect(readdirSync(path.join(folder, 'unfinished'))).toEqual([])
  rmSync(path.join(folder, 'ab'))
  await files.write(blob)
  expect(await files.read({ hash, encoding: 'identity', object: null })).toEqual(blob.data)
})

it('empties the folder of what is unfinished, and does not make it anew', () => {
  const unfinished = path.join(folder, 'unfinished')
  mkdirSync(unfinished)
  chmodSync(unfinished, 0o710)
  writeFileSync(path.join(unfinished, 'half'), 'of a blob')
  new BlobFiles(folder, { now: Date.now }).prepare()
  expect(readdirSync(unfinished)).toEqual([])
  // Its owner stays as well.
  expect(statSync(unfinished).mode & 0o777).toBe(0o710)
})

it('makes folders anew for who comes after they were removed', async () => {
  for (let life = 0; life < 2; life++) {
    const files = new BlobFiles(folder, { now: Date.now })
    files.prepare()
    const blob = { hash: 'ab'.repeat(32), rawBytes: 10, encoding: 'identity', data: randomBytes(10) } as const
    await files.write(blob)
    expect(await files.read({ ...blob, object: null })).toEqual(blob.data)
    rmSync(folder, { recursive: true })
  }
})
