/** What a service consists of, table by table, as the schema has it. */
import { DatabaseSync } from 'node:sqlite'
import { migrations } from '../schema/index.ts'
import { counters } from '../transaction.ts'

export interface Table {
  name: string
  columns: string[]
  /** In SQLite, where the order of the key is the same. */
  key: string[]
  /** Of its rows, those that are copied. */
  where?: string
}

/** What only concerns the processes that ran on the store. */
const leftOut = new Set(['node', 'work_lease', 'node_notice'])

/** Where SQLite keeps the bytes of a row: each end sees to that itself. */
const placeColumns = new Set(['pack', 'pack_offset'])

/** Of the counters, PostgreSQL has sequences instead of rows: they are copied by themselves. */
export const ownCounters = `name NOT IN (${counters.map(name => `'${name}'`).join(', ')})`

export function tablesOfSchema(): Table[] {
  const database = new DatabaseSync(':memory:', { returnArrays: true })
  try {
    for (const { statements } of migrations) for (const statement of statements) database.exec(statement)
    const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
    return (names as unknown as [string][])
      .map(([name]) => name)
      .filter(name => !leftOut.has(name))
      .map(name => ({
        name,
        ...columnsOf(database, name),
        ...(name === 'counter' && { where: ownCounters }),
      }))
  } finally {
    database.close()
  }
}

function columnsOf(database: DatabaseSync, table: string): { columns: string[]; key: string[] } {
  const rows = database.prepare(`SELECT name, pk FROM pragma_table_info('${table}') ORDER BY cid`).all()
  const columns = rows as unknown as [name: string, position: number][]
  const key = columns.filter(([, position]) => position > 0).sort(([, a], [, b]) => a - b)
  if (key.length === 0) throw new Error(`the table ${table} has no key`)
  return {
    columns: columns.map(([name]) => name).filter(name => !placeColumns.has(name)),
    key: key.map(([name]) => name),
  }
}
