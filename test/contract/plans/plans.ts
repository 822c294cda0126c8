/**
 * How each engine goes about each statement of the store, in git: `sqlite.txt` and `postgres.txt` beside this file. Written
 * anew by `npm run plans`; otherwise a test holds that every statement is in them, and that none of them reads the whole of a
 * table that grows with mailboxes or mail.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { prepare } from '../../../src/store/postgres/dialect.ts'
import { migrations } from '../../../src/store/schema/index.ts'
import { type Dialect, type Statement, textOf } from '../../../src/store/sql.ts'

const sqliteDialect: Dialect = {
  parameter: () => '?',
  among: (_, isNone) => `${isNone ? 'NOT IN' : 'IN'} (SELECT value FROM json_each(?))`,
  fragment: ({ text }) => text,
}

/** As each engine is given it. */
export const onSqlite = (statement: Statement): string => textOf(statement, sqliteDialect)
export const onPostgres = (statement: Statement): string => prepare(statement).text

/** With single spaces. */
export const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Those of operations and queries: what is asked of the schema itself is asked once, at the start. */
export const isPlanned = (text: string): boolean =>
  /^(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(text) && !/\b(?:schema_version|sqlite_master)\b/.test(text)

export interface Planned {
  text: string
  /** Line by line, with two spaces for each step inwards. */
  plan: string[]
}

/** Their rows are few whatever the service grows to, or are swept within the hour: reading them all is what is wanted. */
const smallTables = new Set([
  ...[
    'domain',
    'domain_alias',
    'plan',
    'brand',
    'brand_host',
    'common_script',
    'webhook',
    'api_token',
    'setting',
    'counter',
  ],
  ...['node', 'work_lease', 'node_notice', 'turn', 'schema_version', 'trace_segment', 'trace_link', 'idempotency_key'],
  ...[
    'sending_news',
    'sending_hold',
    'sending_cleared',
    'sending_state',
    'script_failure',
    'blob_released',
    'text_outdated',
  ],
  ...['sqlite_master', 'json_each', 'pg_extension', 'pg_index', 'pg_class', 'pg_am'],
])

/** Statements that are to read the whole of a table, by how they begin, and why. */
const wholeTable: readonly [start: string, why: string][] = [
  ['INSERT INTO space ', 'the sample of a day, once a day'],
  ['SELECT plan_id, COUNT(*) FROM account', 'how many have each plan, on the page of plans'],
  ['SELECT status, COUNT(*) FROM queue_recipient', 'how much waits, for staff: what is settled goes after a week'],
  ['UPDATE account SET next_email = next_email +', 'after a restoration, on a stopped service'],
  ['UPDATE mailbox SET uid_validity', 'the same'],
  ['SELECT COUNT(*) FROM mailbox', 'the same'],
  ['SELECT principal_id, secret_encrypted FROM totp ORDER BY', 'its first row'],
  ['UPDATE webhook_delivery SET lease_owner', 'of those that wait, by their own index, once at the start'],
]

/** Tables in aliases' place: what stands behind FROM, JOIN, UPDATE or INTO. */
function tablesOf(text: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const [, table = '', alias] of text.matchAll(/\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?/gi)) {
    names.set(table, table)
    if (alias !== undefined) names.set(alias, table)
  }
  return names
}

export function wholeScans(all: readonly Planned[], scan: RegExp): string[] {
  return all.flatMap(({ text, plan }) => {
    // A sweep takes so many as it is told, which a plan for any number doesn't know.
    if (wholeTable.some(([start]) => text.startsWith(start)) || /^DELETE .* LIMIT /.test(text)) return []
    const tables = tablesOf(text)
    // Of a WITH: what it gives, not what it reads.
    const steps = [...text.matchAll(/\b(\w+) (?:\([^)]*\) )?AS \( ?SELECT/gi)].map(([, name]) => name ?? '')
    const found = plan.flatMap(line => {
      const [, name] = scan.exec(line) ?? []
      const table = name === undefined ? undefined : tables.get(name)
      return table === undefined || smallTables.has(table) || steps.includes(table) ? [] : [table]
    })
    return found.length > 0 ? [`${[...new Set(found)].join(', ')}: ${text}`] : []
  })
}

/**
 * What a statement compares with a list that PostgreSQL hashes only where it expects the list to fit into its memory; where it
 * doesn't, each row is compared with all of it.
 */
export const hashedLists = (all: readonly Planned[]): string[] =>
  all.filter(({ plan }) => plan.some(line => line.includes('hashed SubPlan'))).map(({ text }) => text)

export const sqliteScan = /^\s*SCAN (\w+)/
export const postgresScan = /(?:Seq Scan) on (\w+)/

/** As a service of SQLite has it: without statistics. */
export function sqlitePlans(texts: Iterable<string>): Planned[] {
  const database = new DatabaseSync(':memory:')
  for (const { statements } of migrations) for (const statement of statements) database.exec(statement)
  return [...texts].map(text => {
    const rows = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as {
      id: number
      parent: number
      detail: string
    }[]
    const depth = new Map<number, number>([[0, -1]])
    const plan = rows.map(({ id, parent, detail }) => {
      depth.set(id, (depth.get(parent) ?? -1) + 1)
      return `${'  '.repeat(depth.get(id) ?? 0)}${detail}`
    })
    return { text, plan }
  })
}

/** Beside fifty rows of an account, so many are worth an index. */
const rowsOfTable = 5000
/** Of those that statements look into for each of many rows. */
const rowsOfLargeTable = 50_000
const largeTables = new Set(['principal', 'subscription'])

/** The plan for any values, in a database that is filled and analysed. It has the schema already, and nothing else. */
export async function postgresPlans(url: string, texts: Iterable<string>): Promise<Planned[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await fill(client)
    await client.query('SET plan_cache_mode = force_generic_plan; SET jit = off')
    const planned: Planned[] = []
    for (const text of texts) {
      await client.query(`PREPARE planned AS ${text}`)
      const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
      const values = count === 0 ? '' : `(${Array(count).fill('NULL').join(', ')})`
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) EXECUTE planned${values}`)
      await client.query('DEALLOCATE planned')
      planned.push({ text, plan: rows.map(row => row['QUERY PLAN']) })
    }
    return planned
  } finally {
    await client.end()
  }
}

/** Made up, but with many rows in each table, fifty of an account, and values that differ. */
async function fill(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{
    table_name: string
    column_name: string
    data_type: string
    is_nullable: string
  }>(
    `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
      WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`,
  )
  const single = await client.query<{ name: string; column: string }>(
    `SELECT c.relname AS name, a.attname AS column FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE i.indisprimary AND i.indnkeyatts = 1 AND c.relnamespace = CAST(current_schema() AS regnamespace)`,
  )
  const keys = new Map(single.rows.map(({ name, column }) => [name, column]))
  for (const [table, columns] of Map.groupBy(rows, row => row.table_name)) {
    if (table === 'turn' || table === 'schema_version') continue
    const count = smallTables.has(table) ? 50 : largeTables.has(table) ? rowsOfLargeTable : rowsOfTable
    const values = columns.map(({ column_name: name, data_type: type, is_nullable: nullable }) => {
      // Of an index on the rows that have it: those are few.
      const isRare = nullable === 'YES' && /_at$|_until$|_owner$|^held_for$|^pack$|^data$/.test(name)
      const value = made(name, type, keys.get(table) === name)
      return isRare ? `CASE WHEN g % 50 = 0 THEN ${value} END` : value
    })
    await client.query(
      `INSERT INTO "${table}" SELECT ${values.join(', ')} FROM generate_series(1, ${count}) AS g ON CONFLICT DO NOTHING`,
    )
  }
  await client.query('ANALYZE')
}

/** `g` counts the rows. */
function made(column: string, type: string, isKey: boolean): string {
  if (type === 'bytea') return "decode(md5(g::text), 'hex')"
  if (type === 'text') return `'${column} ' || g`
  if (isKey) return 'g'
  return column === 'account_id' ? 'g / 50' : column === 'mailbox_id' ? 'g % 50' : 'g'
}

/** Writes the file where `npm run plans` asks for it. Returns the statements that are not in it. */
export function notInFile(name: string, all: readonly Planned[]): string[] {
  const file = path.join(import.meta.dirname, `${name}.txt`)
  if (process.env.FACTEUR_TEST_PLANS === 'write') {
    const entries = all.map(({ text, plan }) => `${text}\n${plan.map(line => `    ${line}\n`).join('')}`)
    writeFileSync(file, entries.join('\n'))
  }
  const known = new Set(readFileSync(file, 'utf8').split('\n'))
  return all.map(({ text }) => text).filter(text => !known.has(text))
}
