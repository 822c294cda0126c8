/**
 * Large blobs as objects: `ab/cd/<hash>.<mark>` with the ending of their encoding. Each upload is an object of its own, with
 * a mark that no other has, and is never written again; a row names one of them. So nothing that is being taken can be
 * mistaken for what is being removed:
 *
 * - what was uploaded can be taken for an hour, and no object that young is ever removed;
 * - bytes that a row has already are taken by that row alone, which stays as it was or is gone; where it is gone, or was let
 *   go of, they are uploaded again.
 *
 * It is uploaded before the operation that takes it, so objects may be there that no row names: the sweep removes them.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../ops/clock.ts'
import { StoreError } from '../../store.ts'
import type { StagedBlob } from '../../types.ts'
import { endings, isWhole } from '../encoding.ts'
import { Failures } from '../failures.ts'
import {
  type BlobName,
  type EncodedBlob,
  type LargeBlobRowOf,
  type LargeBlobs,
  type LargeSwept,
  type ReadLargeBlob,
  stagedMs,
} from '../large.ts'
import { DiskCache } from './cache.ts'
import { S3Client } from './client.ts'
import { askedMs, listedAtOnce, listsAtOnce, orphanMs } from './limits.ts'
import type { S3Place } from './place.ts'

/** `isCached`: false for those who are to prove the objects themselves. */
export function objectReader(place: S3Place, { isCached = true } = {}): ReadLargeBlob {
  const client = new S3Client(place)
  const cache = isCached && place.cache ? new DiskCache(place.cache) : null
  return reading(client, cache)
}

function reading(client: S3Client, cache: DiskCache | null): ReadLargeBlob {
  const underWay = new Map<string, Promise<Uint8Array | null>>()
  const fetchOnce = async (key: string): Promise<Uint8Array | null> => {
    const data = await client.get(key)
    if (data && cache) await cache.put(key, data)
    return data
  }
  return async (name, again = false) => {
    const key = keyOf(name)
    const copy = again ? null : await cache?.get(key)
    if (copy) return copy
    // Several sessions of one mailbox ask for its new message at once.
    const asked = underWay.get(key)
    // Each has memory of its own, which it may give back; a copy is made before who asked first goes on.
    if (asked) return asked.then(data => data && new Uint8Array(data))
    const asking = fetchOnce(key).finally(() => underWay.delete(key))
    underWay.set(key, asking)
    return asking
  }
}

export class BlobObjects implements LargeBlobs {
  readonly read: ReadLargeBlob
  readonly #client: S3Client
  readonly #cache: DiskCache | null
  readonly #clock: Clock
  /** Where the last look for orphans ended. */
  #sweptTo: string | null = null

  constructor(place: S3Place, clock: Clock) {
    this.#client = new S3Client(place)
    this.#cache = place.cache ? new DiskCache(place.cache) : null
    this.#clock = clock
    this.read = reading(this.#client, this.#cache)
  }

  async find(hash: string, rawBytes: number, rowOf: LargeBlobRowOf, proven = false): Promise<StagedBlob | null> {
    const row = await rowOf(hash)
    if (!row || row.isReleased) return null
    const data = proven ? await this.read(row, true) : null
    if (proven && !(data && (await isWhole(hash, { encoding: row.encoding, rawBytes, data })))) return null
    const { encoding, storedBytes } = row
    return { hash, rawBytes, storedBytes, encoding, data: null, isKept: true }
  }

  async write({ hash, rawBytes, encoding, data }: EncodedBlob): Promise<StagedBlob> {
    const object = randomBytes(8).toString('hex')
    const at = this.#clock.now()
    const key = keyOf({ hash, encoding, object })
    await this.#client.put(key, data)
    await this.#cache?.put(key, data)
    return { hash, rawBytes, storedBytes: data.byteLength, encoding, data: null, object: { mark: object, at } }
  }

  /** Of those that a row has already, the operation finds out itself. */
  keep({ object }: StagedBlob): boolean {
    return object === undefined || Math.abs(this.#clock.now() - object.at) < stagedMs
  }

  /** An object's age is told by the clock of its store. */
  letGo(): void {}

  async sweep(
    removed: readonly BlobName[],
    _limit: number,
    rowOf: LargeBlobRowOf,
    goesOn = false,
  ): Promise<LargeSwept> {
    const failures = new Failures()
    for (const name of removed) await failures.of(() => this.#removeReleased(keyOf(name), rowOf))
    if (!goesOn) await this.#walk(rowOf, failures)
    return { more: false, failures: failures.texts }
  }

  async #removeReleased(key: string, rowOf: LargeBlobRowOf): Promise<void> {
    await this.#cache?.remove(key)
    const ageMs = await this.#client.ageOf(key)
    if (ageMs !== null) await this.#removeOrphan(key, ageMs, rowOf)
  }

  async #walk(rowOf: LargeBlobRowOf, failures: Failures): Promise<void> {
    for (let lists = 0; lists < listsAtOnce; lists++) {
      const page = await failures.of(() => this.#client.list(this.#sweptTo, listedAtOnce))
      if (!page) return
      for (const { key, ageMs } of page.objects) await failures.of(() => this.#removeOrphan(key, ageMs, rowOf))
      this.#sweptTo = page.next
      if (page.next === null) return
    }
  }

  /** Whatever is there that is not ours stays. */
  async #removeOrphan(key: string, ageMs: number, rowOf: LargeBlobRowOf): Promise<void> {
    const [, hash] = keyOfBlob.exec(key) ?? []
    if (hash === undefined || !(ageMs >= orphanMs)) return
    const row = await rowOf(hash)
    if (!row || keyOf(row) !== key) await this.#client.remove(key)
  }
}

const keyOfBlob = /^[0-9a-f]{2}\/[0-9a-f]{2}\/([0-9a-f]{64})(?:\.[0-9a-f]{16})?(?:\.zst)?$/
export const isKeyOfBlob = (key: string): boolean => keyOfBlob.test(key)

export function objectWriter(place: S3Place): (name: BlobName, rawBytes: number, data: Uint8Array) => Promise<void> {
  const client = new S3Client(place)
  return (name, _, data) => client.put(keyOf(name), data)
}

/** Puts, gets, lists and removes an object of its own; rejects with StoreError where one of them can't be done. */
export async function tryObjects(place: S3Place): Promise<void> {
  const client = new S3Client({ ...place, tryingMs: askedMs })
  const key = `check/${randomBytes(8).toString('hex')}`
  const data = randomBytes(1000)
  await client.put(key, data)
  const found = await client.get(key)
  await client.list(null, 1)
  await client.remove(key)
  if (!found || Buffer.compare(found, data) !== 0)
    throw new StoreError('unavailable', 'large messages: the object store gives back other bytes than it was given')
}

function keyOf({ hash, encoding, object }: BlobName): string {
  const mark = object === null ? '' : `.${object}`
  return `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}${mark}${endings[encoding]}`
}
