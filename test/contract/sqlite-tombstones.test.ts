/** What is remembered of expunged messages: folded, it says the same, and does not grow with what comes and goes. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { foldTombstones } from '../../src/store/operations/tombstone.ts'
import { sql } from '../../src/store/sql.ts'
import { SqliteConnection } from '../../src/store/sqlite/connection.ts'
import { migrate } from '../../src/store/sqlite/migrate.ts'
import { normaliseRanges } from '../../src/store/uid-ranges.ts'

let connection: SqliteConnection
let modseq: number

beforeEach(() => {
  modseq = 0
  connection = new SqliteConnection(':memory:', { readOnly: false })
  migrate(connection, 1)
  connection.run(sql`
    INSERT INTO mailbox (account_id, mailbox_id, name, uid_validity, uid_next, created_modseq, highest_modseq, messages, unseen,
      deleted, size_bytes)
    VALUES (1, 1, 'INBOX', 1, 1, 0, 0, 0, 0, 0, 0)`)
})
afterEach(() => connection.close())

/** At once, each by itself. */
function expunge(...uids: number[]): void {
  modseq++
  for (const uid of uids)
    connection.run(sql`
      INSERT INTO expunged (account_id, mailbox_id, modseq, from_uid, to_uid) VALUES (1, 1, ${modseq}, ${uid}, ${uid})`)
}

const rows = (): [number, number, number][] =>
  connection.all(sql`SELECT modseq, from_uid, to_uid FROM expunged ORDER BY modseq, from_uid`)

const uidsSince = (since: number): number[] => {
  const ranges = normaliseRanges(
    rows()
      .filter(([at]) => at > since)
      .map(([, from, to]) => ({ from, to })),
  )
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
}

async function foldAll(limit: number): Promise<number> {
  let turns = 0
  for (let folded = limit; folded >= limit; turns++) folded = await foldTombstones(connection, 1, limit)
  return turns
}

it('stays as long as there are gaps, with more of them than one turn folds', async () => {
  const gaps = 3000
  // Every second message stays.
  for (let uid = 1; uid <= 2 * gaps; uid += 2) {
    expunge(uid)
    if (uid % 600 === 1) await foldAll(300)
  }
  await foldAll(300)
  expect(rows().length).toBe(gaps)
  // Then the others go, until a few are left.
  for (let uid = 2; uid <= 2 * gaps - 100; uid += 2) {
    expunge(uid)
    if (uid % 600 === 0) await foldAll(300)
  }
  await foldAll(300)
  expect(rows().length).toBeLessThan(1000)
  expect(uidsSince(0).length).toBe(2 * gaps - 50)
  // Whoever knows of the newest alone is told of them as before.
  expect(uidsSince(modseq - 100)).toEqual(Array.from({ length: 100 }, (_, index) => 2 * gaps - 298 + 2 * index))
})

it('folds whole what one expunge left, however much', async () => {
  const every = (from: number, count: number): number[] => Array.from({ length: count }, (_, nth) => from + 2 * nth)
  expunge(...every(1, 2000))
  expunge(...every(2, 2000))
  for (const uid of every(10_001, 400)) expunge(uid)
  expect(await foldAll(300)).toBeGreaterThan(1)
  // Too few of the others came behind to be folded.
  expect(rows().length).toBe(401)
  expect(rows()[0]).toEqual([2, 1, 4000])
  expect(await foldTombstones(connection, 1, 300)).toBe(0)
})
