import { sql } from '../sql.ts'
import type { PackPlace, Packs, Transaction } from '../transaction.ts'

/** Packs that one sweep looks at: a look is at an index of some thousand rows. */
const lookedAtOnce = 16

/** Blobs that one sweep moves, a few milliseconds of the writer's: a pack has some thousand. */
const movedAtOnce = { blobs: 100, bytes: 2 * 1024 * 1024 }

/**
 * Moves what is left in packs of which half or more is no longer named: a piece of one, which then goes on where this ended.
 * True until all packs were looked at.
 */
export async function tidyPacks(tx: Transaction, goesOn: boolean): Promise<boolean> {
  const { packs } = tx
  if (!packs) return false
  const look = packs.look ?? (goesOn ? null : { pack: 1, offset: 0 })
  if (!look) return false
  const older = packs.older(look.pack, lookedAtOnce + 1)
  for (const pack of older.slice(0, lookedAtOnce)) {
    if (!(await isHalfEmpty(tx, packs, pack))) continue
    packs.look = await move(tx, packs, { pack, offset: pack === look.pack ? look.offset : 0 })
    return true
  }
  const next = older[lookedAtOnce]
  packs.look = next === undefined ? null : { pack: next, offset: 0 }
  return next !== undefined
}

async function isHalfEmpty(tx: Transaction, packs: Packs, pack: number): Promise<boolean> {
  const named = await tx.get<[number]>(sql`SELECT COALESCE(SUM(stored_bytes), 0) FROM blob WHERE pack = ${pack}`)
  const bytes = named?.[0] ?? 0
  return bytes > 0 && bytes * 2 <= packs.sizeOf(pack)
}

/** From there on; where the next is to go on. What can't be read stays, for `verify` to tell of. */
async function move(tx: Transaction, packs: Packs, { pack, offset: from }: PackPlace): Promise<PackPlace> {
  const blobs = await tx.all<[number, number, number]>(sql`
    SELECT seq, pack_offset, stored_bytes FROM blob WHERE pack = ${pack} AND pack_offset >= ${from}
    ORDER BY pack_offset LIMIT ${movedAtOnce.blobs}`)
  let moved = 0
  for (const [seq, offset, storedBytes] of blobs) {
    if (moved >= movedAtOnce.bytes) return { pack, offset }
    const data = packs.read({ pack, offset }, storedBytes)
    if (!data) continue
    const place = packs.next()
    packs.put(data)
    await tx.run(sql`UPDATE blob SET pack = ${place.pack}, pack_offset = ${place.offset} WHERE seq = ${seq}`)
    moved += storedBytes
  }
  if (moved > 0) packs.touch(pack)
  return blobs.length < movedAtOnce.blobs ? { pack: pack + 1, offset: 0 } : { pack, offset: blobs.at(-1)![1] + 1 }
}
