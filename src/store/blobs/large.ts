/** Where large blobs are kept: beside the rows, as files or as objects. */
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Awaitable, Reader } from '../transaction.ts'
import type { StagedBlob } from '../types.ts'
import type { Encoding } from './encoding.ts'

/** As its row names it. `object`: in an object store, which of the objects with these bytes; null: the one without a mark, or a file. */
export interface BlobName {
  hash: string
  encoding: Encoding
  object: string | null
}

/** Null where there is none. `again`: what was read before was damaged, so that only what is kept itself counts, and no copy. */
export type ReadLargeBlob = (name: BlobName, again?: boolean) => Promise<Uint8Array | null>

/** Of the row that names a large blob. */
export interface LargeBlobRow extends BlobName {
  storedBytes: number
  /** Something let go of it: it may be about to be removed. */
  isReleased: boolean
}

export type LargeBlobRowOf = (hash: string) => Awaitable<LargeBlobRow | undefined>

/** The stored form of a blob. */
export interface EncodedBlob {
  hash: string
  rawBytes: number
  encoding: Encoding
  data: Uint8Array
  /** Nobody else has the memory of `data`: who writes it may take it away. */
  isAlone?: boolean
}

export interface LargeBlobs {
  readonly read: ReadLargeBlob
  /** The staged form of bytes that are kept already and can be taken for another hour; `proven`: only where they are whole, however far away. */
  find(hash: string, rawBytes: number, rowOf: LargeBlobRowOf, proven?: boolean): Promise<StagedBlob | null>
  /** Resolves when it is durable, and can be taken for an hour. */
  write(blob: EncodedBlob): Promise<StagedBlob>
  /** Keeps what is about to be taken until `letGo`, whatever becomes of the clock; false where it was staged too long ago. */
  keep(blob: StagedBlob): boolean
  /** It is taken, or isn't: once for each `keep` that was true. */
  letGo(blob: StagedBlob): void
  /**
   * Told that no row names `removed` any more; looks at up to `limit` of all there are, or some more, going on where it last
   * ended, and removes what nothing has named for long enough. `goesOn`: it looked in this round already. What can't be done is
   * told of, and keeps nothing else from being done.
   */
  sweep(removed: readonly BlobName[], limit: number, rowOf: LargeBlobRowOf, goesOn?: boolean): Promise<LargeSwept>
}

/** `more` could be removed at once. */
export interface LargeSwept {
  more: boolean
  failures: string[]
}

/**
 * Large blobs must be there when the operation that takes them is shipped, and stay until it is over: then what is returned is to be
 * called. Throws `unavailable` where one isn't there any more.
 */
export function keepLarge(large: LargeBlobs, blobs: readonly StagedBlob[]): () => void {
  const kept: StagedBlob[] = []
  const letGo = (): void => {
    for (const blob of kept) large.letGo(blob)
  }
  try {
    for (const blob of blobs) {
      if (blob.data !== null) continue
      if (!large.keep(blob)) throw new StoreError('unavailable', `the blob ${blob.hash} was staged too long ago`)
      kept.push(blob)
    }
    return letGo
  } catch (error) {
    letGo()
    if (error instanceof StoreError) throw error
    throw new StoreError('unavailable', `a large blob could not be kept: ${error}`)
  }
}

/** A blob staged so long ago and taken by nothing is given up. */
export const stagedMs = 60 * 60 * 1000

export async function largeBlobRow(reader: Reader, hash: string): Promise<LargeBlobRow | undefined> {
  const row = await reader.get<[Encoding, number, string | null, number]>(sql`
    SELECT encoding, stored_bytes, object,
      CASE WHEN EXISTS (SELECT 1 FROM blob_released AS r WHERE r.blob_seq = blob.seq) THEN 1 ELSE 0 END
    FROM blob WHERE hash = ${Buffer.from(hash, 'hex')} AND data IS NULL AND pack IS NULL`)
  if (!row) return undefined
  const [encoding, storedBytes, object, isReleased] = row
  return { hash, encoding, storedBytes, object, isReleased: isReleased === 1 }
}
