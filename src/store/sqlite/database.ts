/** How databases are opened, and the settings durability and speed rest on. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import path from 'node:path'
import { SqliteConnection } from './connection.ts'

/** One page holds a message's row of structure whole, and a small blob in a few. */
const pageBytes = 8192

/** Pages in the log after which a commit writes it back into the database: 32 MiB. */
const checkpointPages = 4096

export function openWritable(file: string): SqliteConnection {
  const connection = new SqliteConnection(file, { readOnly: false })
  connection.execute(`PRAGMA page_size = ${pageBytes}`)
  connection.execute('PRAGMA journal_mode = WAL')
  // Each commit is on disk before it is answered.
  connection.execute('PRAGMA synchronous = FULL')
  connection.execute(`PRAGMA wal_autocheckpoint = ${checkpointPages}`)
  // A log that a long reader let grow shrinks again.
  connection.execute(`PRAGMA journal_size_limit = ${2 * checkpointPages * pageBytes}`)
  return connection
}

export function openReadOnly(file: string): SqliteConnection {
  return new SqliteConnection(file, { readOnly: true })
}

/** Makes a new file's entry in its folder durable. */
export function syncFolderOf(file: string): void {
  const folder = openSync(path.dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
