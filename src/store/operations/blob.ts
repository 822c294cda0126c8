import { type Encoding, isWhole } from '../blobs/encoding.ts'
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { PackPlace, Packs, Transaction } from '../transaction.ts'
import type { StagedBlob } from '../types.ts'
import { keepFromRemoval } from '../words.ts'

/** A sweep may remove it between two looks; it can't always be there and always gone. */
const looks = 5

/** Up to so many bytes lie in the row: not worth a place of their own, nor a second flush of the disk. */
export const inRowBytes = 2048

/** Makes a staged blob part of the store; the number under which rows name it. The same bytes are kept once, and put anew where those in a pack are damaged. */
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
    const present = await tx.get<[number, number | null, number, number]>(sql`
      SELECT seq, pack, pack_offset, stored_bytes FROM blob WHERE hash = ${hash} ${keepFromRemoval}`)
    if (!present) continue
    const [seq, pack, offset, storedBytes] = present
    if (tx.packs && pack !== null && data && !isIn(tx.packs, { pack, offset }, storedBytes, data))
      await putAnew(tx, seq, blob)
    return seq
  }
  throw new Error(`blob ${blob.hash} is neither new nor present`)
}

/**
 * Puts a staged blob in the place of what a row has that is damaged or missing, in the row too; for who brings bytes that are there
 * already. Whether it was needed: another version of zstd may have kept them in another form.
 */
export async function restoreBlob(tx: Transaction, blob: StagedBlob): Promise<boolean> {
  const { data } = blob
  // Proved when it was staged.
  if (blob.isKept) return false
  type Present = [number, Encoding, number, string | null, Uint8Array | null, number | null, number]
  const present = await tx.get<Present>(sql`
    SELECT seq, encoding, stored_bytes, object, data, pack, pack_offset FROM blob
    WHERE hash = ${Buffer.from(blob.hash, 'hex')} ${keepFromRemoval}`)
  if (!present) return false
  const [seq, encoding, storedBytes, object, inRow, pack, offset] = present
  if (data !== null) {
    const found = inRow ?? (tx.packs && pack !== null ? foundIn(tx.packs, { pack, offset }, storedBytes) : null)
    if (found?.byteLength === storedBytes) {
      if (encoding === blob.encoding && Buffer.compare(found, data) === 0) return false
      if (await isWhole(blob.hash, { encoding, rawBytes: blob.rawBytes, data: Uint8Array.from(found) })) return false
    }
    await putAnew(tx, seq, blob)
    return true
  }
  const isThere = inRow === null && pack === null && object === (blob.object?.mark ?? null)
  const isSaid = isThere && encoding === blob.encoding && storedBytes === blob.storedBytes
  if (!isSaid) await putAnew(tx, seq, blob)
  // Written when it was staged, where it was missing or damaged.
  return !isSaid || !blob.isFound
}

async function putAnew(
  tx: Transaction,
  seq: number,
  { data, encoding, storedBytes, object }: StagedBlob,
): Promise<void> {
  const place = data && data.byteLength > inRowBytes && tx.packs ? tx.packs.next() : null
  if (place && data) tx.packs?.put(data)
  await tx.run(sql`
    UPDATE blob SET encoding = ${encoding}, stored_bytes = ${storedBytes}, object = ${object?.mark ?? null},
      data = ${place ? null : data}, pack = ${place?.pack ?? null}, pack_offset = ${place?.offset ?? null}
    WHERE seq = ${seq}`)
}

/** Whether these very bytes lie there. Most often they were put there lately, so that the disk is not waited for. */
function isIn(packs: Packs, place: PackPlace, storedBytes: number, data: Uint8Array): boolean {
  if (storedBytes !== data.byteLength) return false
  const found = foundIn(packs, place, storedBytes)
  return found !== null && Buffer.compare(found, data) === 0
}

function foundIn(packs: Packs, place: PackPlace, storedBytes: number): Uint8Array | null {
  try {
    return packs.read(place, storedBytes)
  } catch {
    // The disk can't read them.
    return null
  }
}
