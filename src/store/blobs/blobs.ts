import { freeMemory, freeWholeMemory } from '../../wire/memory.ts'
import { sql } from '../sql.ts'
import { type Blobs, StoreError } from '../store.ts'
import type { Reader } from '../transaction.ts'
import type { StagedBlob } from '../types.ts'
import { BlobCache } from './cache.ts'
import { type Decoded, encode, hashOf } from './encoding.ts'
import { type LargeBlobs, largeBlobRow, type ReadLargeBlob } from './large.ts'
import { cacheBytes, inlineBytes } from './limits.ts'
import { type BlobTuple, readStored, type StoredTuple, storedColumns, storedRow } from './stored.ts'

/** Runs against one snapshot. */
export type ReadSnapshot = <T>(query: (reader: Reader) => Promise<T>) => Promise<T>

export class StoredBlobs implements Blobs {
  readonly #large: LargeBlobs
  readonly #read: ReadSnapshot
  readonly #readStored: (hash: string) => Promise<Decoded>
  readonly #cache = new BlobCache(cacheBytes)

  constructor(large: LargeBlobs, read: ReadSnapshot) {
    this.#large = large
    this.#read = read
    this.#readStored = storedReader(read, large.read)
  }

  async stage(bytes: Uint8Array, { proven = false } = {}): Promise<StagedBlob> {
    const hash = await hashOf(bytes)
    const rawBytes = bytes.byteLength
    const present = rawBytes > inlineBytes ? await asUnavailable(this.#find(hash, rawBytes, proven)) : null
    if (present) return present
    const { encoding, data } = await encode(bytes)
    const storedBytes = data.byteLength
    const staged =
      storedBytes <= inlineBytes
        ? // A view of its own small buffer: what is sent to the writer's thread is copied with all that lies behind the view.
          { hash, rawBytes, storedBytes, encoding, data: new Uint8Array(data) }
        : await asUnavailable(this.#large.write({ hash, rawBytes, encoding, data, isAlone: data !== bytes }))
    // Empty where it was given away.
    if (data !== bytes && data.byteLength > 0) freeWholeMemory(data)
    return staged
  }

  #find(hash: string, rawBytes: number, proven: boolean): Promise<StagedBlob | null> {
    return this.#large.find(hash, rawBytes, hash => this.#read(reader => largeBlobRow(reader, hash)), proven)
  }

  async read(hash: string): Promise<Uint8Array> {
    const cached = this.#cache.get(hash)
    if (cached) return cached
    const { bytes } = await this.#readStored(hash)
    this.#cache.put(hash, bytes)
    return bytes
  }

  async readOnce(hash: string): Promise<Decoded> {
    const cached = this.#cache.get(hash)
    return cached ? { bytes: cached, isAlone: false } : this.#readStored(hash)
  }
}

/** Reads blobs as `Blobs.read` does, and remembers none. */
export function blobReader(read: ReadSnapshot, readLarge: ReadLargeBlob): (hash: string) => Promise<Uint8Array> {
  const readDecoded = storedReader(read, readLarge)
  return async hash => (await readDecoded(hash)).bytes
}

function storedReader(read: ReadSnapshot, readLarge: ReadLargeBlob): (hash: string) => Promise<Decoded> {
  return async hash => {
    const row = await asUnavailable(read(reader => blobRow(reader, hash)))
    if (!row) throw new StoreError('not-found', `there is no blob ${hash}`)
    let stored = row[3]
    const readAlone: ReadLargeBlob = async (name, again) => (stored = await readLarge(name, again))
    const decoded = await asUnavailable(readStored(hash, row, readAlone))
    if (stored && stored !== decoded.bytes) freeMemory(stored)
    return decoded
  }
}

async function blobRow(reader: Reader, hash: string): Promise<BlobTuple | undefined> {
  const row = await reader.get<StoredTuple>(sql`
    SELECT ${storedColumns} FROM blob WHERE hash = ${Buffer.from(hash, 'hex')}`)
  return row && storedRow(reader, hash, row)
}

/** A full or failing disk, or no file descriptor left: the caller is to come back. */
async function asUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError('unavailable', `a blob's file: ${error instanceof Error ? error.message : error}`)
  }
}
