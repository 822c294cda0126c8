import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { StagedBlob } from '../types.ts'
import { keepFromRemoval } from '../words.ts'

/** A sweep may remove it between two looks; it can't always be there and always gone. */
const looks = 5

/** Makes a staged blob part of the store; the number under which rows name it. The same bytes are kept once. */
export async function takeBlob(tx: Transaction, blob: StagedBlob): Promise<number> {
  const hash = Buffer.from(blob.hash, 'hex')
  if (blob.isKept) {
    const kept = await tx.get<[number]>(sql`SELECT seq FROM blob WHERE hash = ${hash} ${keepFromRemoval}`)
    if (!kept) throw new StoreError('unavailable', `the blob ${blob.hash} was removed since it was staged`)
    return kept[0]
  }
  for (let look = 0; look < looks; look++) {
    const added = await tx.get<[number]>(sql`
      INSERT INTO blob (hash, encoding, raw_bytes, stored_bytes, object, data)
      VALUES (${hash}, ${blob.encoding}, ${blob.rawBytes}, ${blob.storedBytes}, ${blob.object?.mark ?? null}, ${blob.data})
      ON CONFLICT (hash) DO NOTHING
      RETURNING seq`)
    if (added) return added[0]
    const present = await tx.get<[number]>(sql`SELECT seq FROM blob WHERE hash = ${hash} ${keepFromRemoval}`)
    if (present) return present[0]
  }
  throw new Error(`blob ${blob.hash} is neither new nor present`)
}
