import { shownLocation } from '../../ops/config-kinds.ts'
import type { Channel, Channels } from '../postgres/channel.ts'
import { copyName, holdForCopy } from '../postgres/copy-lock.ts'
import { parameterOf } from '../postgres/dialect.ts'
import { storeError } from '../postgres/failure.ts'
import { migrate, refuseUnfinishedCopy, requireCurrent } from '../postgres/migrate.ts'
import { PgChannels } from '../postgres/pg-channels.ts'
import { requireSession } from '../postgres/pooler.ts'
import { sequenceOf } from '../postgres/session.ts'
import { StoreError } from '../store.ts'
import { type Counter, counters } from '../transaction.ts'
import { type CopySource, type CopyTarget, quoted, setId, type Tuple } from './end.ts'
import { endLeases } from './leases.ts'
import { notesTable } from './notes.ts'
import { notEmpty } from './sqlite.ts'
import { type Table, tablesOfSchema } from './tables.ts'

/** Parameters of one statement, of which the protocol counts 65,535. */
const maxParameters = 60_000

/** Rejects with `not-found` where there is none, `unavailable` where a node is connected, or it is of another version or no whole one. */
export async function openPostgresSource(url: string): Promise<CopySource> {
  return opening(url, async (channels, channel) => {
    await holdForCopy(channel)
    await refuseUnfinishedCopy(channel)
    await requireCurrent(channel)
    await begin(channel)
    return new PostgresEnd(url, channels, channel, await keysOf(channel))
  })
}

/** Rejects with `unavailable` where a node is connected, or another copy is under way. */
export async function openPostgresTarget(url: string, at: number): Promise<CopyTarget> {
  return opening(url, async (channels, channel) => {
    await holdForCopy(channel)
    return new PostgresTarget(url, channels, channel, at)
  })
}

async function opening<T>(url: string, open: (channels: Channels, channel: Channel) => Promise<T>): Promise<T> {
  const channels = new PgChannels(url, { name: copyName })
  try {
    const channel = await channels.take(true)
    try {
      await requireSession(channels, channel)
      await channel.ask({ text: 'SET statement_timeout = 0' })
      // Who waits for the other end is no dead node.
      await channel.ask({ text: 'SET idle_in_transaction_session_timeout = 0' })
      return await open(channels, channel)
    } catch (error) {
      channels.give(channel, true)
      throw error
    }
  } catch (error) {
    await channels.close()
    throw storeError(error)
  }
}

/** One state of the database from here on. Nobody writes to it meanwhile, whoever is connected: what he wrote would not be in the copy. */
async function begin(channel: Channel): Promise<void> {
  const names = ['schema_version', ...tablesOfSchema().map(({ name }) => name)].map(quoted)
  await channel.ask({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE' })
  await channel.ask({ text: `LOCK TABLE ${names.join(', ')} IN SHARE MODE` })
}

/** By which index rows are found in order; another than in SQLite where the account comes first. */
async function keysOf(channel: Channel): Promise<Map<string, string[]>> {
  const { rows } = await channel.ask({
    text: `SELECT c.relname, a.attname FROM pg_index AS i
      JOIN pg_class AS c ON c.oid = i.indrelid AND c.relnamespace = CAST(current_schema() AS regnamespace)
      CROSS JOIN LATERAL unnest(CAST(i.indkey AS smallint[])) WITH ORDINALITY AS k (number, position)
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.number
      WHERE i.indisprimary ORDER BY c.relname, k.position`,
  })
  const keys = new Map<string, string[]>()
  for (const [table, column] of rows as [string, string][]) keys.set(table, [...(keys.get(table) ?? []), column])
  return keys
}

class PostgresEnd implements CopySource {
  readonly location: string
  protected readonly channel: Channel
  protected keys: Map<string, string[]>
  readonly #channels: Channels

  constructor(url: string, channels: Channels, channel: Channel, keys: Map<string, string[]>) {
    this.location = shownLocation(url)
    this.channel = channel
    this.keys = keys
    this.#channels = channels
  }

  keyOf({ name }: Table): string[] {
    const key = this.keys.get(name)
    if (!key) throw new StoreError('damaged', `the database lacks the table ${name}, or its key`)
    return key
  }

  async read(table: Table, after: Tuple | null, limit: number): Promise<Tuple[]> {
    const key = this.keyOf(table).map(quoted).join(', ')
    const behind = after && `(${key}) > (${after.map((_, index) => `$${index + 1}`).join(', ')})`
    const where = [table.where, behind].filter(Boolean).join(' AND ')
    const text = `SELECT ${table.columns.map(quoted).join(', ')} FROM ${quoted(table.name)}
      ${where && `WHERE ${where}`} ORDER BY ${key} LIMIT ${limit}`
    return this.ask(text, after ?? [])
  }

  async count(table: Table): Promise<number> {
    const where = table.where === undefined ? '' : `WHERE ${table.where}`
    return Number((await this.ask(`SELECT COUNT(*) FROM ${quoted(table.name)} ${where}`))[0]?.[0])
  }

  async counters(): Promise<Map<Counter, number>> {
    const found = new Map<Counter, number>()
    for (const counter of counters) {
      const [row] = await this.ask(`SELECT COALESCE(pg_sequence_last_value('${sequenceOf(counter)}'), 0)`)
      found.set(counter, Number(row?.[0]))
    }
    return found
  }

  async close(): Promise<void> {
    this.#channels.give(this.channel, true)
    await this.#channels.close()
  }

  protected async ask(text: string, values: Tuple = []): Promise<Tuple[]> {
    try {
      const parameters = values.map(parameterOf)
      return (await this.channel.ask({ text, ...(values.length > 0 && { parameters }) })).rows
    } catch (error) {
      throw storeError(error)
    }
  }
}

class PostgresTarget extends PostgresEnd implements CopyTarget {
  readonly #at: number

  constructor(url: string, channels: Channels, channel: Channel, at: number) {
    super(url, channels, channel, new Map())
    this.#at = at
  }

  async notes(): Promise<Map<string, string> | null> {
    const [row] = await this.ask(`SELECT CASE WHEN to_regclass('${notesTable}') IS NULL THEN 0 ELSE 1 END`)
    if (row?.[0] !== 1) return null
    this.keys = await keysOf(this.channel)
    return new Map((await this.ask(`SELECT name, value FROM ${notesTable}`)) as [string, string][])
  }

  async begin(notes: Map<string, string>): Promise<void> {
    const [row] = await this.ask("SELECT CASE WHEN to_regclass('schema_version') IS NULL THEN 0 ELSE 1 END")
    const isNew = row?.[0] !== 1
    const makeNotes = `CREATE TABLE IF NOT EXISTS ${notesTable} (name TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL)`
    // Before anything else: what is not whole is no store.
    if (isNew) await this.ask(makeNotes)
    try {
      if (isNew) await migrate(this.channel, this.#at)
      else await requireCurrent(this.channel)
    } catch (error) {
      throw storeError(error)
    }
    const tables = tablesOfSchema()
    for (const table of tables)
      if (table.where === undefined && (await this.count(table)) > 0) throw notEmpty(this.location, table.name)
    await this.#inTransaction(async () => {
      await this.ask(makeNotes)
      for (const { name, where } of tables)
        if (where !== undefined) await this.ask(`DELETE FROM ${quoted(name)} WHERE ${where}`)
      for (const [name, value] of notes) await this.#note(name, value)
    })
    this.keys = await keysOf(this.channel)
  }

  async write(table: Table, rows: readonly Tuple[], note: { name: string; value: string }): Promise<void> {
    const { columns } = table
    const atOnce = Math.floor(maxParameters / columns.length)
    await this.#inTransaction(async () => {
      for (let at = 0; at < rows.length; at += atOnce) {
        const some = rows.slice(at, at + atOnce)
        const places = some.map(
          (_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
        )
        const text = `INSERT INTO ${quoted(table.name)} (${columns.map(quoted).join(', ')}) VALUES ${places.join(', ')}`
        await this.ask(text, some.flat())
      }
      await this.#note(note.name, note.value)
    })
  }

  async note(name: string, value: string): Promise<void> {
    await this.#note(name, value)
  }

  async setCounters(values: ReadonlyMap<Counter, number>): Promise<void> {
    for (const [counter, value] of values)
      await this.ask(`SELECT setval('${sequenceOf(counter)}', ${Math.max(value, 1)}, ${value > 0})`)
    await this.ask(
      "SELECT setval(pg_get_serial_sequence('blob', 'seq'), GREATEST(MAX(seq), 1), MAX(seq) IS NOT NULL) FROM blob",
    )
  }

  async finish(id: string): Promise<void> {
    await this.#inTransaction(async () => {
      for (const text of endLeases(this.#at)) await this.ask(text)
      await this.ask(setId(id))
      await this.ask(`DROP TABLE ${notesTable}`)
    })
    // So that the first statements have plans that fit.
    await this.ask('ANALYZE')
  }

  async #note(name: string, value: string): Promise<void> {
    await this.ask(
      `INSERT INTO ${notesTable} (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [name, value],
    )
  }

  async #inTransaction(action: () => Promise<void>): Promise<void> {
    await this.ask('BEGIN')
    try {
      await action()
      await this.ask('COMMIT')
    } catch (error) {
      await this.ask('ROLLBACK').catch(() => {})
      throw error
    }
  }
}
