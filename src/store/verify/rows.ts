/** Rows that no other check reads one by one: they are read at least, all of them, by ascending key. */
import { type Table, tablesOfSchema } from '../copy/tables.ts'
import { row, type Statement, sql, type Value } from '../sql.ts'
import type { Reader } from '../transaction.ts'
import { type Check, pageRows } from './check.ts'

/** Text made once, with values between its parts. */
const textOf = (...parts: string[]): TemplateStringsArray => Object.assign(parts, { raw: parts })

export interface AllRows {
  counts: Statement[]
  /** Of the tables that the others don't read. */
  checks: Check[]
}

let made: AllRows | undefined

/** `others` read all rows of their tables themselves. Made once: statements are known by their templates. */
export function allRows(others: readonly Check[]): AllRows {
  if (made) return made
  const tables = tablesOfSchema()
  const read = new Set(others.map(({ table }) => table))
  return (made = {
    counts: tables.map(({ name }) => sql(textOf(`SELECT COUNT(*) FROM "${name}"`))),
    checks: tables.filter(({ name }) => !read.has(name)).map(readable),
  })
}

/** For the progress alone: what can't be counted, the checks will say. */
export async function countRows(reader: Reader, { counts }: AllRows): Promise<number> {
  let rows = 0
  for (const count of counts)
    try {
      rows += (await reader.get<[number]>(count))?.[0] ?? 0
    } catch {}
  return rows
}

function readable({ name, columns, key }: Table): Check {
  const all = columns.map(column => `"${column}"`).join(', ')
  const order = key.map(column => `"${column}"`).join(', ')
  const first = textOf(`SELECT ${all} FROM "${name}" ORDER BY ${order} LIMIT `, '')
  const next = textOf(`SELECT ${all} FROM "${name}" WHERE (${order}) > (`, `) ORDER BY ${order} LIMIT `, '')
  const keyOf = (tuple: Value[]): Value[] => key.map(column => tuple[columns.indexOf(column)] ?? null)
  const after = (last: Value[] | undefined): Statement =>
    last ? sql(next, row(keyOf(last)), pageRows) : sql(first, pageRows)
  return {
    table: name,
    async *run({ reader, advance }) {
      for (let last: Value[] | undefined; ; ) {
        let page: Value[][]
        try {
          page = await reader.all<Value[]>(after(last))
        } catch (error) {
          const problem = `what follows can't be read: ${error instanceof Error ? error.message : error}`
          yield { table: name, key: last ? keyOf(last).join('/') : '', problem }
          return
        }
        last = page.at(-1)
        advance(page.length)
        if (page.length < pageRows) return
      }
    },
  }
}
