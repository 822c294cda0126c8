import { idSetting, newStoreId } from '../blobs/mark.ts'
import { notesTable, unfinished } from '../copy/notes.ts'
import { migrations } from '../schema/index.ts'
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { SqliteConnection } from './connection.ts'

const newest = migrations.at(-1)?.version ?? 0

/** Brings the schema up to date, in one transaction. A database of a newer version is left as it is. */
export function migrate(connection: SqliteConnection, at: number): void {
  connection.control('BEGIN IMMEDIATE')
  try {
    connection.execute(
      'CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT',
    )
    const version = schemaVersion(connection)
    refuseNewer(version)
    for (const migration of migrations) {
      if (migration.version <= version) continue
      for (const statement of migration.statements) connection.execute(statement)
      connection.run(sql`INSERT INTO schema_version (version, applied_at) VALUES (${migration.version}, ${at})`)
    }
    connection.control('COMMIT')
  } catch (error) {
    if (connection.inTransaction) connection.control('ROLLBACK')
    throw error
  }
}

/** The store's id; one is made where it has none. */
export function ownId(connection: SqliteConnection): string {
  const found = idOf(connection)
  if (found !== null) return found
  const id = newStoreId()
  connection.run(sql`INSERT INTO setting (name, value) VALUES (${idSetting}, ${id})`)
  return id
}

/** Null where it was made before stores had one. */
export function idOf(connection: SqliteConnection): string | null {
  return connection.get<[string]>(sql`SELECT value FROM setting WHERE name = ${idSetting}`)?.[0] ?? null
}

/** Whether a store was ever made in it. */
export function isStore(connection: SqliteConnection): boolean {
  return schemaVersion(connection) > 0
}

/** For those who bring it up to date, before they open it for that: one of a newer version is refused untouched. */
export function requireNotNewer(connection: SqliteConnection): void {
  refuseNewer(schemaVersion(connection))
}

/** For those who only read: they can't bring it up to date. */
export function requireCurrent(connection: SqliteConnection): void {
  const version = schemaVersion(connection)
  refuseNewer(version)
  if (version < newest)
    throw new StoreError(
      'unavailable',
      `the store is of version ${version}, this program reads version ${newest}: start the service once to bring it up to date`,
    )
}

/** For those who only read a whole store. */
export function requireWhole(connection: SqliteConnection): void {
  // First: what was ended early is of no version yet.
  refuseUnfinishedCopy(connection)
  requireCurrent(connection)
}

/** For those who want a whole store. */
export function refuseUnfinishedCopy(connection: SqliteConnection): void {
  const table = connection.get(sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${notesTable}`)
  if (table) throw unfinished()
}

function schemaVersion(connection: SqliteConnection): number {
  const table = connection.get(sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'`)
  if (!table) return 0
  return connection.get<[number | null]>(sql`SELECT MAX(version) FROM schema_version`)?.[0] ?? 0
}

function refuseNewer(version: number): void {
  if (version > newest)
    throw new StoreError(
      'unavailable',
      `the store is of version ${version}, newer than this program, which knows versions up to ${newest}: use a newer Facteur`,
    )
}
