import { expect, it } from 'vitest'
import { list, row, sql } from '../sql.ts'
import { groupsOf, parametersOf, prepare, prepareGroup } from './dialect.ts'

const added = (table: number, name: string) =>
  table === 1
    ? sql`INSERT INTO one (a, b) VALUES (${row([1, name])})`
    : sql`
    INSERT INTO two (a, b) VALUES (${2}, ${name})
    ON CONFLICT (a) DO NOTHING`
const removed = sql`DELETE FROM one WHERE a IN ${list([1, 2])}`

it('sends additions that follow each other as one statement', () => {
  const statements = [added(1, 'x'), added(2, 'y'), added(2, 'z')]
  const groups = groupsOf(statements)
  expect(groups).toEqual([statements])
  const { text } = prepareGroup(statements)
  expect(text.replace(/\s+/g, ' ')).toBe(
    'WITH added_0 AS (INSERT INTO one (a, b) VALUES ($1, $2)), ' +
      'added_1 AS ( INSERT INTO two (a, b) VALUES ($3, $4) ON CONFLICT (a) DO NOTHING) ' +
      'INSERT INTO two (a, b) VALUES ($5, $6) ON CONFLICT (a) DO NOTHING',
  )
  expect(statements.flatMap(parametersOf)).toEqual(['1', 'x', '2', 'y', '2', 'z'])
  // Prepared once, whatever the values are.
  expect(prepareGroup([added(1, 'p'), added(2, 'q'), added(2, 'r')])).toBe(prepareGroup(statements))
  expect(prepareGroup([added(2, 'y'), added(1, 'x')]).name).not.toBe(prepareGroup([added(1, 'x'), added(2, 'y')]).name)
})

it('leaves what looks at other rows by itself, and the order of what is apart', () => {
  const looking = [
    removed,
    sql`INSERT INTO one (a) SELECT a FROM two`,
    sql`INSERT INTO one (a) VALUES (${1}) RETURNING a`,
    sql`INSERT INTO one (a) VALUES (${1}) ON CONFLICT (a) DO UPDATE SET a = 2`,
  ]
  for (const each of looking) {
    const statements = [added(1, 'x'), added(2, 'y'), each, added(1, 'z')]
    expect(groupsOf(statements)).toEqual([statements.slice(0, 2), [each], statements.slice(3)])
  }
})

it('joins no more than a few, so that there are few combinations', () => {
  const many = Array.from({ length: 9 }, (_, at) => added(2, String(at)))
  expect(groupsOf(many).map(({ length }) => length)).toEqual([8, 1])
})

it('names a statement by its text, as any other process does: none runs another’s under a name of its own', () => {
  const name = (statement: ReturnType<typeof sql>) => prepare(statement).name
  expect(name(sql`SELECT a FROM one`)).toBe(name(sql`SELECT a FROM one`))
  expect(name(sql`SELECT a FROM one`)).not.toBe(name(sql`SELECT a FROM two`))
  // Whatever else was prepared before.
  expect(name(sql`DELETE FROM one WHERE a = ${1}`)).toBe('riIsRoXWis0s')
  expect(prepareGroup([removed, removed]).name).toBe('5FcHd2tvzoD_')
})
