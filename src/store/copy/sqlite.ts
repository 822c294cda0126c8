import { existsSync, lchownSync, statSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { systemClock } from '../../ops/clock.ts'
import { damaged } from '../blobs/encoding.ts'
import { hasPacks, PackFiles, packFolderOf, packMark, preparePacks } from '../blobs/packs.ts'
import { makeFolder } from '../make-folder.ts'
import { inRowBytes } from '../operations/blob.ts'
import type { Value } from '../sql.ts'
import { isOnReadOnlySystem, openReadOnly, openWritable, readableAt, syncFolderOf } from '../sqlite/database.ts'
import { errorOf, failureOf } from '../sqlite/failure.ts'
import { type Lock, lockStore } from '../sqlite/lock.ts'
import { migrate, requireCurrent, requireWhole } from '../sqlite/migrate.ts'
import { StoreError } from '../store.ts'
import { type Counter, counters } from '../transaction.ts'
import { type CopySource, type CopyTarget, quoted, setId, type Tuple } from './end.ts'
import { endLeases } from './leases.ts'
import { notesTable } from './notes.ts'
import { type Table, tablesOfSchema } from './tables.ts'

/** Rejects with `not-found` where there is none, `unavailable` where a process has it open, or it is of another version or no whole one. */
export function openSqliteSource(file: string): CopySource {
  if (!existsSync(file)) throw new StoreError('not-found', `there is no store at ${file}`)
  return expectFailures(() => {
    const lock = isOnReadOnlySystem(file) ? null : lockSource(file)
    try {
      const connection = openReadOnly(file)
      try {
        requireWhole(connection)
      } finally {
        connection.close()
      }
      const database = new DatabaseSync(readableAt(file), { readOnly: true, returnArrays: true, timeout: 5000 })
      database.exec('BEGIN')
      return new SqliteEnd(file, database, lock)
    } catch (error) {
      lock?.release()
      throw error
    }
  })
}

/** What root makes there stays, and has to be the service’s to open; SQLite does so for the log. Never what a link of the service’s leads to. */
function lockSource(file: string): Lock {
  const lock = lockStore(`${file}.lock`, process.pid)
  if (process.geteuid?.() === 0) {
    const { uid, gid } = statSync(file)
    lchownSync(`${file}.lock`, uid, gid)
  }
  return lock
}

/** Rejects with `unavailable` where a process has it open, or its folder can't be made. */
export function openSqliteTarget(file: string, at: number): CopyTarget {
  makeFolder(path.dirname(file))
  return expectFailures(() => {
    const lock = lockStore(`${file}.lock`, process.pid)
    try {
      // Its pages are of the size of any store; what it holds comes with `begin`.
      openWritable(file).close()
      preparePacks(packFolderOf(file))
      const database = new DatabaseSync(file, { returnArrays: true, timeout: 5000 })
      database.exec('PRAGMA synchronous = FULL')
      return new SqliteTarget(file, database, lock, at)
    } catch (error) {
      lock.release()
      throw error
    }
  })
}

class SqliteEnd implements CopySource {
  readonly location: string
  protected readonly database: DatabaseSync
  protected readonly packs: PackFiles
  readonly #lock: Lock | null

  constructor(file: string, database: DatabaseSync, lock: Lock | null) {
    this.location = file
    this.packs = new PackFiles(packFolderOf(file), systemClock)
    this.database = database
    this.#lock = lock
  }

  keyOf({ key }: Table): string[] {
    return key
  }

  async read(table: Table, after: Tuple | null, limit: number): Promise<Tuple[]> {
    const key = table.key.map(quoted).join(', ')
    const behind = after && `(${key}) > (${after.map(() => '?').join(', ')})`
    const where = [table.where, behind].filter(Boolean).join(' AND ')
    const data = table.name === 'blob' ? table.columns.indexOf('data') : -1
    const columns = data < 0 ? table.columns : [...table.columns, 'pack', 'pack_offset']
    const text = `SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(table.name)}
      ${where && `WHERE ${where}`} ORDER BY ${key} LIMIT ${limit}`
    const rows = this.all(text, after ?? [])
    return data < 0 ? rows : rows.map(row => this.#withData(table, row))
  }

  /** Small blobs lie beside their rows; elsewhere they lie in them. */
  #withData({ columns }: Table, row: Tuple): Tuple {
    const [pack, offset] = row.slice(columns.length) as [number | null, number | null]
    const own = row.slice(0, columns.length)
    if (pack === null || offset === null) return own
    const at = (name: string): Value => own[columns.indexOf(name)] ?? null
    const data = this.packs.read({ pack, offset }, Number(at('stored_bytes')))
    const hash = Buffer.from(at('hash') as Uint8Array).toString('hex')
    if (!data) throw damaged(hash, `it is missing in pack ${pack}`)
    return own.with(columns.indexOf('data'), data)
  }

  async count(table: Table): Promise<number> {
    const where = table.where === undefined ? '' : `WHERE ${table.where}`
    return Number(this.all(`SELECT COUNT(*) FROM ${quoted(table.name)} ${where}`)[0]?.[0])
  }

  async counters(): Promise<Map<Counter, number>> {
    const rows = this.all('SELECT name, value FROM counter') as [Counter, number][]
    return new Map(rows.filter(([name]) => counters.includes(name)))
  }

  async close(): Promise<void> {
    this.packs.close()
    this.database.close()
    this.#lock?.release()
  }

  protected all(text: string, values: Tuple = []): Tuple[] {
    return expectFailures(() => this.database.prepare(text).all(...(values as SQLInputValue[])) as unknown as Tuple[])
  }
}

const makeNotes = `CREATE TABLE IF NOT EXISTS ${notesTable} (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`

class SqliteTarget extends SqliteEnd implements CopyTarget {
  readonly #at: number

  constructor(file: string, database: DatabaseSync, lock: Lock, at: number) {
    super(file, database, lock)
    this.#at = at
  }

  async notes(): Promise<Map<string, string> | null> {
    if (!this.#hasTable(notesTable)) return null
    return new Map(this.all(`SELECT name, value FROM ${notesTable}`) as [string, string][])
  }

  async begin(notes: Map<string, string>): Promise<void> {
    const isNew = !this.#hasTable('schema_version')
    // Of a store whose database is missing: to this one they would be orphans.
    if (isNew && hasPacks(packFolderOf(this.location))) throw notEmpty(this.location, 'packs')
    expectFailures(() => {
      // Before anything else: what is not whole is no store. A copy that was ended early has made it already.
      if (isNew) this.database.exec(makeNotes)
      const connection = openWritable(this.location)
      try {
        if (isNew) migrate(connection, this.#at)
        else requireCurrent(connection)
      } finally {
        connection.close()
      }
      syncFolderOf(this.location)
    })
    const tables = tablesOfSchema()
    for (const table of tables)
      if (table.where === undefined && (await this.count(table)) > 0) throw notEmpty(this.location, table.name)
    this.#inTransaction(() => {
      this.database.exec(makeNotes)
      for (const { name, where } of tables)
        if (where !== undefined) this.database.exec(`DELETE FROM ${quoted(name)} WHERE ${where}`)
      for (const [name, value] of notes) this.#note(name, value)
    })
  }

  async write(table: Table, rows: readonly Tuple[], note: { name: string; value: string }): Promise<void> {
    const columns = table.name === 'blob' ? [...table.columns, 'pack', 'pack_offset'] : table.columns
    const text = `INSERT INTO ${quoted(table.name)} (${columns.map(quoted).join(', ')})
      VALUES (${columns.map(() => '?').join(', ')})`
    this.#inTransaction(() => {
      const statement = this.database.prepare(text)
      for (const row of rows) {
        const placed = table.name === 'blob' ? this.#placed(table, row) : row
        statement.run(...(placed as SQLInputValue[]))
      }
      this.#note(note.name, note.value)
    })
  }

  async note(name: string, value: string): Promise<void> {
    this.#inTransaction(() => this.#note(name, value))
  }

  async setCounters(values: ReadonlyMap<Counter, number>): Promise<void> {
    this.#inTransaction(() => {
      const statement = this.database.prepare('UPDATE counter SET value = ? WHERE name = ?')
      for (const [name, value] of values) statement.run(value, name)
    })
  }

  async finish(id: string): Promise<void> {
    expectFailures(() => packMark(this.location).write(id))
    this.#inTransaction(() => {
      for (const text of endLeases(this.#at)) this.database.exec(text)
      this.database.exec(setId(id))
      this.database.exec(`DROP TABLE ${notesTable}`)
    })
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  /** As an operation would keep it. */
  #placed({ columns }: Table, row: Tuple): Tuple {
    const at = columns.indexOf('data')
    const data = row[at]
    if (!(data instanceof Uint8Array) || data.byteLength <= inRowBytes) return [...row, null, null]
    const { pack, offset } = this.packs.next()
    this.packs.put(data)
    return [...row.with(at, null), pack, offset]
  }

  #hasTable(name: string): boolean {
    return this.all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [name]).length > 0
  }

  #note(name: string, value: string): void {
    this.database
      .prepare(
        `INSERT INTO ${notesTable} (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      )
      .run(name, value)
  }

  #inTransaction(action: () => void): void {
    expectFailures(() => {
      this.database.exec('BEGIN IMMEDIATE')
      try {
        action()
        this.packs.flush()
        this.database.exec('COMMIT')
      } catch (error) {
        this.packs.rollback()
        if (this.database.isTransaction) this.database.exec('ROLLBACK')
        throw error
      }
    })
  }
}

export function notEmpty(location: string, table: string): StoreError {
  return new StoreError('not-empty', `${location} is not empty (${table}): copy into a new one`)
}

function expectFailures<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw errorOf(failureOf(error))
  }
}
