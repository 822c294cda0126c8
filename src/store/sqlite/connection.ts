/**
 * One connection to an SQLite database, with a prepared statement for each template it has met.
 * It is the transaction given to operations and the reader given to queries.
 */
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import type { PackFiles } from '../blobs/packs.ts'
import { type Dialect, Fragment, List, Row, Rows, type Statement, sql, textOf, type Value } from '../sql.ts'
import type { Counter, Transaction } from '../transaction.ts'
import { busyMs } from './limits.ts'
import { lastNamed } from './pack-rows.ts'

const dialect: Dialect = {
  parameter: () => '?',
  among: (_, isNone) => `${isNone ? 'NOT IN' : 'IN'} (SELECT value FROM json_each(?))`,
  fragment: ({ text }) => text,
}

/** Kept in memory by a connection where nothing else is said, in KiB. */
const usualCacheKib = 64 * 1024

/** SQLite plans by a limit it can see, and compiles the statement anew each time one is bound; into a sum it does not look. */
const boundLimit = /\bLIMIT \?/g

/** SQLITE_IOERR, SQLITE_CANTOPEN. */
const unreadable = new Set([10, 14])

export type TransactionControl =
  | 'BEGIN'
  | 'BEGIN IMMEDIATE'
  | 'COMMIT'
  | 'ROLLBACK'
  | 'SAVEPOINT operation'
  | 'RELEASE operation'
  | 'ROLLBACK TO operation'

export class SqliteConnection implements Transaction {
  readonly packs: PackFiles | null
  readonly #database: DatabaseSync
  readonly #path: string
  #logLength: StatementSync | null = null
  readonly #controls = new Map<TransactionControl, StatementSync>()
  readonly #statements = new WeakMap<TemplateStringsArray, StatementSync>()

  /** `packs`: where small blobs lie beside the rows. Without it they lie in them. */
  constructor(
    path: string,
    {
      readOnly,
      cacheKib = usualCacheKib,
      packs = null,
    }: { readOnly: boolean; cacheKib?: number; packs?: PackFiles | null },
  ) {
    this.packs = packs
    if (packs) packs.lastNamed = () => lastNamed(this)
    this.#path = path
    this.#database = new DatabaseSync(path, {
      readOnly,
      timeout: busyMs,
      enableForeignKeyConstraints: false,
      returnArrays: true,
    })
    try {
      this.execute(`PRAGMA cache_size = -${cacheKib}`)
      this.execute('PRAGMA temp_store = MEMORY')
    } catch (error) {
      // Left open, it would stand in the way of the next connection of this process.
      this.#database.close()
      throw error
    }
  }

  get<Tuple extends Value[]>(statement: Statement): Tuple | undefined {
    // The columns a statement asks for and the tuple it is read as stand side by side in rows/, operations/ and queries/.
    return this.#prepare(statement).get(...parametersOf(statement)) as unknown as Tuple | undefined
  }

  all<Tuple extends Value[]>(statement: Statement): Tuple[] {
    return this.#prepare(statement).all(...parametersOf(statement)) as unknown as Tuple[]
  }

  run(statement: Statement): number {
    return Number(this.#prepare(statement).run(...parametersOf(statement)).changes)
  }

  send(statement: Statement): void {
    this.run(statement)
  }

  nextIds(counter: Counter, count: number): number[] {
    const row = this.get<[number]>(nextValue(counter, count))
    if (!row) throw new Error(`there is no counter ${counter}`)
    const first = row[0] - count + 1
    return Array.from({ length: count }, (_, index) => first + index)
  }

  nextId(counter: Counter): number {
    return this.nextIds(counter, 1)[0]!
  }

  /** There is one writer: what was given before is written or never will be. */
  settledId(counter: Counter): number {
    return this.get<[number]>(sql`SELECT value FROM counter WHERE name = ${counter}`)?.[0] ?? 0
  }

  /** There is one writer: it is always its turn. */
  takeTurn(): void {}

  /** Runs text that holds no values, once. */
  execute(text: string): void {
    this.#database.exec(text)
  }

  /** Runs what begins and ends transactions, prepared once: each operation is between two of them. */
  control(text: TransactionControl): void {
    let prepared = this.#controls.get(text)
    if (!prepared) this.#controls.set(text, (prepared = this.#database.prepare(text)))
    prepared.run()
  }

  /** The first column of what a PRAGMA answers. */
  pragma(text: string): SQLOutputValue[] {
    return this.#database
      .prepare(`PRAGMA ${text}`)
      .all()
      .map(row => (row as unknown as SQLOutputValue[])[0] ?? null)
  }

  /** False too where SQLite ended the transaction by itself, as it does when the disk is full. */
  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  /** Writes the log back into the database as far as readers allow, without waiting for them. */
  checkpoint(): void {
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  }

  /** Pages of the log that are not in the database yet. */
  pagesToCheckpoint(): number {
    this.#logLength ??= this.#database.prepare('PRAGMA wal_checkpoint(NOOP)')
    const [, log, done] = this.#logLength.get() as unknown as [busy: number, log: number, done: number]
    return log - done
  }

  /** Whether the disk answers for its file; not whether the file is whole. */
  isReadable(): boolean {
    if (this.#path === ':memory:') return true
    // Through SQLite, which reads the file's header anew: the first descriptor of it that is closed in another way takes all locks of this
    // process along (POSIX), and whoever else opens the database then removes the log that is being written.
    try {
      const other = new DatabaseSync(this.#path, { readOnly: true })
      try {
        other.prepare('PRAGMA schema_version').get()
      } finally {
        other.close()
      }
      return true
    } catch (error) {
      return !(error instanceof Error && 'errcode' in error && unreadable.has(Number(error.errcode) & 0xff))
    }
  }

  /** An image of the whole database. */
  serialize(): Uint8Array {
    return this.#database.serialize()
  }

  deserialize(image: Uint8Array): void {
    this.#database.deserialize(image)
  }

  /** Leaves an empty log, so that the database's file alone is the whole of it. */
  finish(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#database.close()
  }

  close(): void {
    this.#database.close()
  }

  #prepare(statement: Statement): StatementSync {
    let prepared = this.#statements.get(statement.parts)
    if (!prepared) {
      prepared = this.#database.prepare(textOf(statement, dialect).replaceAll(boundLimit, '$& + 0'))
      this.#statements.set(statement.parts, prepared)
    }
    return prepared
  }
}

function nextValue(counter: Counter, count: number): Statement {
  return sql`UPDATE counter SET value = value + ${count} WHERE name = ${counter} RETURNING value`
}

function parametersOf(statement: Statement): SQLInputValue[] {
  const parameters: SQLInputValue[] = []
  for (const value of statement.values) {
    if (value instanceof List) parameters.push(JSON.stringify(value.members))
    else if (value instanceof Row) parameters.push(...value.values)
    else if (value instanceof Rows) for (const tuple of value.tuples) parameters.push(...tuple)
    else if (!(value instanceof Fragment)) parameters.push(value)
  }
  return parameters
}
