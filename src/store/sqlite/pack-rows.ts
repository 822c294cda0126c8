/** What rows name in packs, whether or not the files are there: they may be put back later, from a backup or by a mount that came late. */
import { sql } from '../sql.ts'
import type { SqliteConnection } from './connection.ts'

/** The end of the last bytes that are named; null where none are. */
export function lastNamed(connection: Pick<SqliteConnection, 'get'>): { pack: number; end: number } | null {
  const row = connection.get<[number, number]>(sql`
    SELECT pack, pack_offset + stored_bytes FROM blob WHERE pack IS NOT NULL
    ORDER BY pack DESC, pack_offset DESC LIMIT 1`)
  return row ? { pack: row[0], end: row[1] } : null
}

/** Packs that are missing, or end before what rows name in them. */
export function incompletePacks(connection: SqliteConnection): number[] {
  const { packs } = connection
  const incomplete: number[] = []
  for (let last = 0; packs; ) {
    const row = connection.get<[number]>(sql`SELECT pack FROM blob WHERE pack > ${last} ORDER BY pack LIMIT 1`)
    if (!row) break
    last = row[0]
    const end = connection.get<[number]>(sql`
      SELECT pack_offset + stored_bytes FROM blob WHERE pack = ${last} ORDER BY pack_offset DESC LIMIT 1`)
    if (packs.sizeOf(last) < (end?.[0] ?? 0)) incomplete.push(last)
  }
  return incomplete
}
