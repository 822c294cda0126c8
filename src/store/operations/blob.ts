import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { StagedBlob } from '../types.ts'
import { keepFromRemoval } from '../words.ts'

/** A sweep may remove it between two looks; it can't always be there and always gone. */
const looks = 5

/** Up to so many bytes lie in the row: not worth a place of their own, nor a second flush of the disk. */
export const inRowBytes = 2048

/** Makes a staged blob part of the store; the number under which rows name it. The same bytes are kept once. */
export async function takeBlob(tx: Transaction, blob: StagedBlob): Promise<number> {
  const hash = Buffer.from(blob.hash, 'hex')
  if (blob.isKept) {
    const kept = await tx.get<[number]>(sql`SELECT seq FROM blob WHERE hash = ${hash} ${keepFromRemoval}`)
    if (!kept) throw new StoreError('unavailable', `the blob ${blob.hash} was removed since it was staged`)
    return kept[0]
  }
  const { data } = blob
  for (let look = 0; look < looks; look++) {
    const place = data && data.byteLength > inRowBytes && tx.packs ? tx.packs.next() : null
    const added = await tx.get<[number]>(sql`
      INSERT INTO blob (hash, encoding, raw_bytes, stored_bytes, object, data, pack, pack_offset)
      VALUES (${hash}, ${blob.encoding}, ${blob.rawBytes}, ${blob.storedBytes}, ${blob.object?.mark ?? null},
        ${place ? null : data}, ${place?.pack ?? null}, ${place?.offset ?? null})
      ON CONFLICT (hash) DO NOTHING
      RETURNING seq`)
    if (added) {
      if (place && data) tx.packs?.put(data)
      return added[0]
    }
    const present = await tx.get<[number]>(sql`SELECT seq FROM blob WHERE hash = ${hash} ${keepFromRemoval}`)
    if (present) return present[0]
  }
  throw new Error(`blob ${blob.hash} is neither new nor present`)
}
