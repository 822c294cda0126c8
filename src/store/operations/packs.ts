import { sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'

/** Packs that one sweep looks at: a look is at an index of some thousand rows. */
const lookedAtOnce = 16

/** Blobs that one sweep moves, a few milliseconds of the writer's: a pack has some thousand. */
const movedAtOnce = { blobs: 100, bytes: 2 * 1024 * 1024 }

/** Moves what is left in a pack of which half or more is no longer named. False where nothing was to be moved. */
export async function tidyPacks(tx: Transaction): Promise<boolean> {
  if (!tx.packs) return false
  for (const pack of tx.packs.nextToLookAt(lookedAtOnce)) {
    const named = await tx.get<[number]>(sql`SELECT COALESCE(SUM(stored_bytes), 0) FROM blob WHERE pack = ${pack}`)
    const bytes = named?.[0] ?? 0
    if (bytes > 0 && bytes * 2 <= tx.packs.sizeOf(pack) && (await move(tx, pack))) return true
  }
  return false
}

/** What can't be read stays, for `verify` to tell of. */
async function move(tx: Transaction, pack: number): Promise<boolean> {
  const { packs } = tx
  if (!packs) return false
  const blobs = await tx.all<[number, number, number]>(sql`
    SELECT seq, pack_offset, stored_bytes FROM blob WHERE pack = ${pack} ORDER BY pack_offset LIMIT ${movedAtOnce.blobs}`)
  let moved = 0
  for (const [seq, offset, storedBytes] of blobs) {
    const data = packs.read({ pack, offset }, storedBytes)
    if (!data) continue
    const place = packs.next()
    packs.put(data)
    await tx.run(sql`UPDATE blob SET pack = ${place.pack}, pack_offset = ${place.offset} WHERE seq = ${seq}`)
    moved += storedBytes
    if (moved >= movedAtOnce.bytes) break
  }
  packs.touch(pack)
  return moved > 0
}
