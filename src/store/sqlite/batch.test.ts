import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Request } from '../operations/request.ts'
import { sql } from '../sql.ts'
import { runBatch } from './batch.ts'
import { SqliteConnection } from './connection.ts'
import { migrate } from './migrate.ts'

let connection: SqliteConnection
beforeEach(() => {
  connection = new SqliteConnection(':memory:', { readOnly: false })
  migrate(connection, 1)
})
afterEach(() => connection.close())

const set = (name: string, bytes: number): Request => ({
  operation: 'setting.set',
  args: { name, value: 'x'.repeat(bytes) },
})
const addDomain = (name: string): Request => ({ operation: 'domain.add', args: { name, at: 1 } })
const settings = (): string[] =>
  connection.all<[string]>(sql`SELECT name FROM setting ORDER BY name`).map(([name]) => name)
const full = { failure: { code: 'unavailable', message: expect.stringContaining('full') } }

/** As a disk that fills up at the size the database has now. */
function limitSize(pages: number): void {
  const [used] = connection.pragma('page_count')
  connection.execute(`PRAGMA max_page_count = ${Number(used) + pages}`)
}

it('answers each operation in its place, the failed ones apart', async () => {
  const outcomes = await runBatch(connection, [addDomain('a'), addDomain('a'), set('b', 1), addDomain('c')])
  expect(outcomes).toEqual([
    { value: undefined },
    { failure: { code: 'already-exists', message: expect.any(String) } },
    { value: undefined },
    { value: undefined },
  ])
  expect(connection.all(sql`SELECT name FROM domain ORDER BY name`)).toEqual([['a'], ['c']])
  expect(settings()).toEqual(['b'])
})

it('keeps nothing of an operation that finds the disk full, and nothing of it stands in the way later', async () => {
  limitSize(3)
  const outcomes = await runBatch(connection, [set('small', 10), set('large', 100_000), set('other', 10)])
  // SQLite may undo the statement alone or all; what is said to be stored is stored, and nothing else.
  expect(outcomes[1]).toMatchObject(full)
  const stored = outcomes.flatMap((outcome, index) =>
    'value' in outcome ? (['small', 'large', 'other'][index] ?? []) : [],
  )
  expect(settings()).toEqual(stored.sort())
  connection.execute('PRAGMA max_page_count = 100000')
  expect(await runBatch(connection, [set('large', 100_000)])).toEqual([{ value: undefined }])
  expect(settings()).toContain('large')
})

it('says of a defect what it was, without a code, and goes on', async () => {
  // A value that no column can hold: the operation's own TypeError.
  const broken = { operation: 'setting.set', args: { name: 'x', value: Symbol('x') } } as unknown as Request
  const outcomes = await runBatch(connection, [set('a', 1), broken])
  expect(outcomes).toEqual([{ value: undefined }, { failure: { code: null, message: expect.any(String) } }])
  expect(settings()).toEqual(['a'])
})

it('answers unavailable to all where the transaction can not begin', async () => {
  connection.execute('BEGIN')
  const outcomes = await runBatch(connection, [set('a', 1), set('b', 1)])
  expect(outcomes.map(outcome => 'failure' in outcome && outcome.failure.code)).toEqual(['unavailable', 'unavailable'])
  expect(await runBatch(connection, [set('a', 1)])).toEqual([{ value: undefined }])
})
