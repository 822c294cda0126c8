/** Large blobs in an object store, against the stand-in. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ObjectServer, startObjectServer } from '../../../../test/support/s3.ts'
import { problemOf } from '../../../../test/support/signature-v4.ts'
import type { BlobName, LargeBlobRow } from '../large.ts'
import { DiskCache } from './cache.ts'
import { S3Client } from './client.ts'
import { listedIn } from './listing.ts'
import { BlobObjects, objectReader, tryObjects } from './objects.ts'

const hour = 60 * 60 * 1000
let server: ObjectServer
let client: S3Client
const folders: string[] = []
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'facteur-cache-'))
  folders.push(folder)
  return folder
}

beforeAll(async () => {
  server = await startObjectServer()
})
afterAll(async () => {
  await server.dispose()
  for (const folder of folders) await rm(folder, { recursive: true })
})
beforeEach(() => {
  server.gate = () => 'pass'
  client = new S3Client({ ...server.place, prefix: `${randomBytes(4).toString('hex')}/`, tryingMs: 60_000 })
})

/** The first `times` requests of that method are answered so. */
function first(times: number, method: string, answer: ReturnType<ObjectServer['gate']>): void {
  let left = times
  server.gate = asked => (asked === method && left-- > 0 ? answer : 'pass')
}

const bytesOf = (data: Uint8Array | null): string | null => data && Buffer.from(data).toString('base64')

describe('the client', () => {
  it('puts, gets, lists and removes', async () => {
    const data = randomBytes(300_000)
    for (const key of ['ab/one', 'ab/two', 'cd/three']) await client.put(key, data)
    expect(bytesOf(await client.get('ab/one'))).toBe(bytesOf(data))
    expect(await client.get('ab/none')).toBeNull()
    expect(Math.abs((await client.ageOf('ab/one'))!)).toBeLessThan(10_000)
    expect(await client.ageOf('ab/none')).toBeNull()
    const page = await client.list(null, 2)
    expect(page).toMatchObject({ objects: [{ key: 'ab/one' }, { key: 'ab/two' }], next: 'ab/two' })
    expect(await client.list(page.next, 2)).toMatchObject({ objects: [{ key: 'cd/three' }], next: null })
    await client.remove('ab/one')
    await client.remove('ab/one')
    expect(await client.get('ab/one')).toBeNull()
    const nothing = new Uint8Array(0)
    await client.put('ab/nothing', nothing)
    expect(await client.get('ab/nothing')).toHaveLength(0)
  })

  it.each(['refuse', 'cut'] as const)('comes back to a server that does "%s" for a moment', async answer => {
    const data = randomBytes(200_000)
    first(2, 'PUT', answer)
    await client.put('ab/back', data)
    first(2, 'GET', answer)
    expect(bytesOf(await client.get('ab/back'))).toBe(bytesOf(data))
  })

  it('goes on behind what came before the connection broke', async () => {
    const data = randomBytes(400_000)
    await client.put('ab/broken', data)
    const before = server.requests.length
    first(1, 'GET', 'break')
    expect(bytesOf(await client.get('ab/broken'))).toBe(bytesOf(data))
    const [whole, rest] = server.requests.slice(before)
    expect(whole?.headers.range).toBeUndefined()
    expect(rest?.headers.range).toMatch(/^bytes=[1-9]\d*-$/)
    expect(rest?.headers['if-match']).toBeDefined()
  })

  it.each(['unmeasured', 'packed'] as const)('takes an answer that came "%s" as it is', async answer => {
    for (const data of [Buffer.alloc(400_000, 'ab'), randomBytes(300_000), Buffer.alloc(0)]) {
      await client.put('ab/whole', data)
      server.gate = method => (method === 'GET' ? answer : 'pass')
      const found = await client.get('ab/whole')
      expect(bytesOf(found)).toBe(bytesOf(data))
      expect(found!.buffer.byteLength).toBe(data.byteLength)
    }
    // It is asked for otherwise, beside what is signed, for proxies write their own.
    const { headers } = server.requests.at(-1)!
    expect(headers['accept-encoding']).toBe('identity')
    expect(headers.authorization).not.toContain('accept-encoding')
  })

  it('gives up after a while, and says "unavailable" with what the server said', async () => {
    server.gate = () => 'refuse'
    const hasty = new S3Client({ ...server.place, tryingMs: 2_000 })
    const began = performance.now()
    await expect(hasty.put('ab/never', randomBytes(10))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('503 SlowDown'),
    })
    // Some tries of its own, not for as long as the store is away.
    expect(performance.now() - began).toBeLessThan(30_000)
  })

  it('takes nothing for stored, and nothing for missing, that a web server says in its place', async () => {
    const data = randomBytes(200_000)
    first(2, 'PUT', 'page')
    await client.put('ab/page', data)
    for (const answer of ['page', 'no page'] as const) {
      first(2, 'GET', answer)
      expect(bytesOf(await client.get('ab/page'))).toBe(bytesOf(data))
    }
    const hasty = new S3Client({ ...server.place, tryingMs: 1_000 })
    for (const answer of ['page', 'no page'] as const) {
      server.gate = () => answer
      await expect(hasty.put('ab/page', data)).rejects.toMatchObject({ code: 'unavailable' })
      await expect(hasty.get('ab/page')).rejects.toMatchObject({ code: 'unavailable' })
    }
  })

  it.each([2, -2])('signs by the clock of the server where its own is off by %d hours', async hours => {
    let now = Date.now() + hours * hour
    const off = new S3Client({ ...server.place, prefix: `off${hours}/` }, () => now)
    const data = randomBytes(200_000)
    const before = server.requests.length
    // What is answered without a text tells it, too.
    expect(await off.ageOf('ab/off')).toBeNull()
    await off.put('ab/off', data)
    expect(bytesOf(await off.get('ab/off'))).toBe(bytesOf(data))
    expect(server.requests.slice(before).map(({ method }) => method)).toEqual(['HEAD', 'HEAD', 'PUT', 'GET'])
    // It is set.
    now = Date.now()
    expect(await off.ageOf('ab/off')).toBeLessThan(hour)
    // A key that is wrong is so with each clock.
    const lost = new S3Client({ ...server.place, secretAccessKey: 'wrong' }, () => now + hours * hour)
    await expect(lost.put('ab/x', data)).rejects.toMatchObject({ message: expect.stringContaining('403') })
  })

  it.each([
    ['a wrong key', { secretAccessKey: 'wrong' }, /403 SignatureDoesNotMatch/],
    ['an unknown bucket', { bucket: 'none' }, /404 NoSuchBucket/],
  ])('says what is wrong at once: %s', async (_, wrong, said) => {
    const { baseUrl } = server.place
    const bucket = 'bucket' in wrong ? { baseUrl: baseUrl.replace('/mail/', `/${wrong.bucket}/`) } : wrong
    const lost = new S3Client({ ...server.place, ...bucket, tryingMs: 60_000 })
    for (const ask of [() => lost.put('ab/x', randomBytes(9)), () => lost.get('ab/x'), () => lost.list(null, 9)])
      await expect(ask()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(said) })
  })

  it('is asked for signatures as the documentation of AWS has them', () => {
    // "Example: GET Object" of AWS Signature Version 4.
    const headers = {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-amz-date': '20130524T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    }
    const asked = { method: 'GET', url: '/test.txt', headers, body: Buffer.alloc(0) }
    expect(problemOf(asked, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBeNull()
    expect(problemOf({ ...asked, url: '/other.txt' }, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).not.toBeNull()
  })

  it('never tells its secret', async () => {
    const lost = new S3Client({ ...server.place, secretAccessKey: 'Very-Secret', tryingMs: 100 })
    const error = await lost.get('ab/x').catch((error: unknown) => error)
    expect(`${error} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain('Very-Secret')
  })

  it('reads lists with signs in their keys', () => {
    const xml = `<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a&amp;b&#x2F;c&lt;&#100;</Key>
      <LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents></ListBucketResult>`
    expect(listedIn(xml)).toEqual({
      objects: [{ key: 'a&b/c<d', storedAt: Date.UTC(2026, 0, 2, 3, 4, 5) }],
      isCut: true,
    })
  })
})

describe('objects of blobs', () => {
  const hash = 'ab'.repeat(32)
  const noRow = (): undefined => undefined

  it('are fetched once for all who ask at once, each of whom gets memory of its own', async () => {
    const objects = new BlobObjects(server.place, { now: () => Date.now() })
    const data = randomBytes(200_000)
    const { object } = await objects.write({ hash, rawBytes: 200_000, encoding: 'identity', data })
    const name = { hash, encoding: 'identity', object: object!.mark } as const
    const first = objects.read(name).then(bytes => {
      const copy = Buffer.from(bytes!)
      ;(bytes!.buffer as ArrayBuffer).transfer(0)
      return copy
    })
    expect((await objects.read(name))!.byteLength).toBe(200_000)
    expect(Buffer.compare(await first, data)).toBe(0)
  })

  it('are uploaded each as one of its own, and taken for an hour', async () => {
    let now = Date.now()
    const objects = new BlobObjects(server.place, { now: () => now })
    const data = randomBytes(200_000)
    const one = await objects.write({ hash, rawBytes: 9, encoding: 'zstd', data })
    const other = await objects.write({ hash, rawBytes: 9, encoding: 'zstd', data })
    expect(one.object!.mark).not.toBe(other.object!.mark)
    expect(objects.keep(one)).toBe(true)
    now += hour + 1
    expect(objects.keep(one)).toBe(false)
    expect(await objects.find(hash, 9, noRow)).toBeNull()
    const row = { hash, encoding: 'zstd', object: one.object!.mark, storedBytes: 200_000, isReleased: false } as const
    expect(await objects.find(hash, 9, () => row)).toMatchObject({ isKept: true, data: null })
    expect(await objects.find(hash, 9, () => ({ ...row, isReleased: true }))).toBeNull()
  })

  it('are removed where no row names them, and never young', async () => {
    const place = { ...server.place, prefix: 'sweeping/' }
    const objects = new BlobObjects(place, { now: () => 0 })
    const data = randomBytes(1000)
    const named = await objects.write({ hash, rawBytes: 9, encoding: 'zstd', data })
    const orphan = await objects.write({ hash, rawBytes: 9, encoding: 'zstd', data })
    const gone = await objects.write({ hash: 'cd'.repeat(32), rawBytes: 9, encoding: 'identity', data })
    await new S3Client(place).put('not/ours', data)
    const rowOf = (asked: string): LargeBlobRow | undefined =>
      asked === hash
        ? { hash, encoding: 'zstd', object: named.object!.mark, storedBytes: 1000, isReleased: false }
        : undefined
    const removed = { hash: gone.hash, encoding: gone.encoding, object: gone.object!.mark }
    const keys = async (): Promise<string[]> => (await new S3Client(place).list(null, 99)).objects.map(({ key }) => key)
    await objects.sweep([removed], 10, rowOf)
    expect(await keys()).toHaveLength(4)
    await server.age(7)
    await objects.sweep([removed], 10, rowOf)
    expect(await keys()).toEqual([`ab/ab/${hash}.${named.object!.mark}.zst`, 'not/ours'])
    expect(orphan.object!.mark).not.toBe(named.object!.mark)
  })

  it('are removed beside those that the store refuses to remove, or to list', async () => {
    const place = { ...server.place, prefix: 'refused/' }
    const objects = new BlobObjects(place, { now: () => 0 })
    const data = randomBytes(1000)
    const names: BlobName[] = []
    for (const start of ['a1', 'a2', 'a3', 'a4']) {
      const { hash, encoding, object } = await objects.write({
        hash: start.repeat(32),
        rawBytes: 9,
        encoding: 'identity',
        data,
      })
      names.push({ hash, encoding, object: object!.mark })
    }
    const keys = async (): Promise<string[]> => {
      server.gate = () => 'pass'
      return (await new S3Client(place).list(null, 99)).objects.map(({ key }) => key.slice(0, 2))
    }
    await server.age(7)
    server.gate = (method, path) => (method === 'DELETE' && path.includes('/a1/') ? 'deny' : 'pass')
    const { failures } = await objects.sweep(names.slice(0, 2), 10, noRow)
    expect(failures).toEqual([expect.stringContaining('AccessDenied'), expect.stringContaining('AccessDenied')])
    expect(await keys()).toEqual(['a1'])
    const one = await objects.write({ hash: 'a5'.repeat(32), rawBytes: 9, encoding: 'identity', data })
    await server.age(7)
    server.gate = (_, path) => (path.includes('list-type') ? 'deny' : 'pass')
    const { hash, encoding, object } = one
    const unlisted = await objects.sweep([names[0]!, { hash, encoding, object: object!.mark }], 10, noRow)
    expect(unlisted).toEqual({
      more: false,
      failures: [expect.stringMatching(/403 AccessDenied to GET .*: no reason given$/)],
    })
    expect(await keys()).toEqual([])
  })
})

describe('copies on the local disk', () => {
  const name = (object: string) => ({ hash: 'ef'.repeat(32), encoding: 'identity', object }) as const

  it('are read instead of the object, until they are not trusted any more', async () => {
    const place = { ...server.place, prefix: 'copies/', cache: { folder: await newFolder(), maxBytes: 4_000_000 } }
    const objects = new BlobObjects(place, { now: () => Date.now() })
    const data = randomBytes(200_000)
    const { object } = await objects.write({ hash: name('').hash, rawBytes: 200_000, encoding: 'identity', data })
    const before = server.requests.length
    expect(bytesOf(await objects.read(name(object!.mark)))).toBe(bytesOf(data))
    expect(server.requests.length).toBe(before)
    // Another process with the same folder.
    const read = objectReader(place)
    expect(bytesOf(await read(name(object!.mark)))).toBe(bytesOf(data))
    expect(server.requests.length).toBe(before)
    const [folder] = await readdir(place.cache.folder)
    const [file] = await readdir(path.join(place.cache.folder, folder!))
    await writeFile(path.join(place.cache.folder, folder!, file!), 'damaged')
    expect(bytesOf(await read(name(object!.mark)))).not.toBe(bytesOf(data))
    expect(bytesOf(await read(name(object!.mark), true))).toBe(bytesOf(data))
    expect(bytesOf(await read(name(object!.mark)))).toBe(bytesOf(data))
    expect(server.requests.length).toBe(before + 1)
    expect(await objectReader(place, { isCached: false })(name(object!.mark))).toHaveLength(200_000)
    expect(server.requests.length).toBe(before + 2)
  })

  it('never take more room than they may, and go in the order of their use', async () => {
    const folder = await newFolder()
    const caches = [1, 2].map(() => new DiskCache({ folder, maxBytes: 1_000_000 }))
    const sizeOf = async (): Promise<number> => {
      const names = await readdir(folder, { recursive: true, withFileTypes: true })
      const sizes = names.filter(entry => entry.isFile()).map(entry => stat(path.join(entry.parentPath, entry.name)))
      return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0)
    }
    const data = randomBytes(50_000)
    await caches[0]!.put('aa/used', data)
    for (let count = 0; count < 40; count++) {
      await caches[count % 2]!.put(`bb/bb${count}`, data)
      expect(await caches[0]!.get('aa/used')).not.toBeNull()
      // Times of use are told apart.
      await new Promise(resolve => setTimeout(resolve, 5))
      expect(await sizeOf()).toBeLessThanOrEqual(1_000_000)
    }
    expect(await caches[0]!.get('bb/bb39')).not.toBeNull()
    expect(await caches[0]!.get('bb/bb0')).toBeNull()
  })

  it('are done without on a folder that can not be written', async () => {
    const file = path.join(await newFolder(), 'file')
    await writeFile(file, '')
    const place = { ...server.place, prefix: 'nowhere/', cache: { folder: file, maxBytes: 4_000_000 } }
    const objects = new BlobObjects(place, { now: () => Date.now() })
    const data = randomBytes(1000)
    const { object } = await objects.write({ hash: name('').hash, rawBytes: 1000, encoding: 'identity', data })
    expect(bytesOf(await objects.read(name(object!.mark)))).toBe(bytesOf(data))
  })
})

it('says within seconds that nobody is there, to who waits at a terminal', async () => {
  const keys = { accessKeyId: 'a', secretAccessKey: 'b', cache: null }
  const begun = Date.now()
  // A port that no service has.
  await expect(
    tryObjects({ baseUrl: 'http://127.0.0.1:1/mail/', prefix: '', region: 'us-east-1', ...keys }),
  ).rejects.toMatchObject({ code: 'unavailable' })
  expect(Date.now() - begun).toBeLessThan(8_000)
})
