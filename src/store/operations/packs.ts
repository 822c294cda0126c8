import { sql } from '../sql.ts'
import type { PackPlace, Packs, Transaction } from '../transaction.ts'

/** Packs that one sweep looks at: a look is at an index of some thousand rows. */
const lookedAtOnce = 16

/** Blobs that one sweep moves, a few milliseconds of the writer's: a pack has some thousand. */
const movedAtOnce = { blobs: 100, bytes: 2 * 1024 * 1024 }

/** `failures`: what could not be read and stays where it is, for `verify` to tell of; each is told of once. */
export interface Tidied {
  more: boolean
  failures: string[]
}

/**
 * Moves what is left in packs of which half or more is no longer named: a piece of one, which then goes on where this ended.
 * `more` until all packs were looked at.
 */
export async function tidyPacks(tx: Transaction, goesOn: boolean): Promise<Tidied> {
  const { packs } = tx
  const failures: string[] = []
  const look = packs?.look ?? (goesOn ? null : { pack: 1, offset: 0 })
  if (!packs || !look) return { more: false, failures }
  const older = tried(failures, () => packs.older(look.pack, lookedAtOnce + 1)) ?? []
  for (const pack of older.slice(0, lookedAtOnce)) {
    const bytes = tried(failures, () => packs.sizeOf(pack)) ?? 0
    if (!(await isHalfEmpty(tx, pack, bytes))) continue
    packs.look = await move(tx, packs, { pack, offset: pack === look.pack ? look.offset : 0 }, failures)
    return { more: true, failures }
  }
  const next = older[lookedAtOnce]
  packs.look = next === undefined ? null : { pack: next, offset: 0 }
  return { more: next !== undefined, failures }
}

async function isHalfEmpty(tx: Transaction, pack: number, bytes: number): Promise<boolean> {
  const row = await tx.get<[number]>(sql`SELECT COALESCE(SUM(stored_bytes), 0) FROM blob WHERE pack = ${pack}`)
  const named = row?.[0] ?? 0
  return named > 0 && named * 2 <= bytes
}

/** From there on; where the next is to go on. */
async function move(tx: Transaction, packs: Packs, from: PackPlace, failures: string[]): Promise<PackPlace> {
  const { pack } = from
  const blobs = await tx.all<[number, number, number]>(sql`
    SELECT seq, pack_offset, stored_bytes FROM blob WHERE pack = ${pack} AND pack_offset >= ${from.offset}
    ORDER BY pack_offset LIMIT ${movedAtOnce.blobs}`)
  let moved = 0
  for (const [seq, offset, storedBytes] of blobs) {
    // One failure of the disk in a sweep: it may have taken long.
    if (moved >= movedAtOnce.bytes || failures.length > 0) return { pack, offset }
    const data = readOnce(packs, { pack, offset }, storedBytes, failures)
    if (!data) continue
    const place = packs.next()
    packs.put(data)
    await tx.run(sql`UPDATE blob SET pack = ${place.pack}, pack_offset = ${place.offset} WHERE seq = ${seq}`)
    moved += storedBytes
  }
  if (moved > 0) packs.touch(pack)
  return blobs.length < movedAtOnce.blobs ? { pack: pack + 1, offset: 0 } : { pack, offset: blobs.at(-1)![1] + 1 }
}

/** Null where it can't be read, or couldn't before. */
function readOnce(packs: Packs, place: PackPlace, bytes: number, failures: string[]): Uint8Array | null {
  const name = `pack ${place.pack} at ${place.offset}`
  if (packs.leftOut.has(name)) return null
  const before = failures.length
  const data = tried(failures, () => packs.read(place, bytes), name)
  if (failures.length > before) packs.leftOut.add(name)
  return data
}

function tried<T>(failures: string[], look: () => T, name = 'packs'): T | null {
  try {
    return look()
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.message : error}`)
    return null
  }
}
