/** How databases are opened, and the settings durability and speed rest on. */
import { accessSync, closeSync, constants, existsSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '../../ops/clock.ts'
import { PackFiles, packFolderOf } from '../blobs/packs.ts'
import { syncFolder } from '../sync-folder.ts'
import { SqliteConnection } from './connection.ts'
import { checkpointPages, longestLogPages } from './limits.ts'

/** A delivery changes one page of each of a dozen tables and indexes: measured, 4 KiB take a quarter less writing than 8 KiB. */
const pageBytes = 4096

export function openWritable(file: string): SqliteConnection {
  const connection = new SqliteConnection(file, { readOnly: false, packs: packsOf(file) })
  connection.execute(`PRAGMA page_size = ${pageBytes}`)
  connection.execute('PRAGMA journal_mode = WAL')
  // Each commit is on disk before it is answered.
  connection.execute('PRAGMA synchronous = FULL')
  connection.execute(`PRAGMA wal_autocheckpoint = ${longestLogPages}`)
  // A log that a long reader let grow shrinks again.
  connection.execute(`PRAGMA journal_size_limit = ${2 * checkpointPages * pageBytes}`)
  return connection
}

export function openReadOnly(file: string, cacheKib?: number): SqliteConnection {
  const packs = packsOf(file)
  return new SqliteConnection(readableAt(file), {
    readOnly: true,
    packs,
    ...(cacheKib === undefined ? {} : { cacheKib }),
  })
}

/** How it is named to SQLite, which would make the log and its index anew: in a snapshot or a backup that can't be written there are none. */
export function readableAt(file: string): string {
  if (writingFails(file) === null || existsSync(`${file}-shm`) || holdsCommit(`${file}-wal`)) return file
  const url = pathToFileURL(file)
  url.search = 'immutable=1'
  return url.href
}

/** Whether nobody can write beside it: then no process has it open that a lock would keep out. */
export const isOnReadOnlySystem = (file: string): boolean => writingFails(file) === 'EROFS'

/** Why nothing can be made beside it; null where it can. */
function writingFails(file: string): string | null {
  try {
    accessSync(path.dirname(file), constants.W_OK)
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  }
}

/**
 * Reads the database as it lies there and leaves no trace: nothing written back, no log and no index of the log made anew. For
 * deciding whether it is ours to open; what a process that runs writes meanwhile may be missed.
 */
export function openUntouched(file: string): SqliteConnection {
  const url = pathToFileURL(file)
  // Without a log the file alone is the whole. Else the log's index is taken as it is, or made in memory.
  if (!holdsCommit(`${file}-wal`)) url.search = 'immutable=1'
  else if (existsSync(`${file}-shm`)) url.search = 'readonly_shm=1'
  return new SqliteConnection(url.href, { readOnly: true })
}

const packsOf = (file: string): PackFiles => new PackFiles(packFolderOf(file), systemClock)

/**
 * Whether a log holds a transaction (sqlite.org/fileformat2.html §4.1). In one that ends before its first, without an index that
 * may be written, SQLite waits ten seconds for who isn't there.
 */
function holdsCommit(log: string): boolean {
  if (!existsSync(log)) return false
  const file = openSync(log, 'r')
  try {
    const header = Buffer.alloc(32)
    if (readSync(file, header, 0, header.length, 0) < header.length) return false
    const salts = header.subarray(16, 24)
    const frame = Buffer.alloc(24)
    const frameBytes = frame.length + header.readUInt32BE(8)
    for (let at = header.length; readSync(file, frame, 0, frame.length, at) === frame.length; at += frameBytes) {
      if (!frame.subarray(8, 16).equals(salts)) return false
      const pagesAfterCommit = frame.readUInt32BE(4)
      if (pagesAfterCommit > 0) return true
    }
    return false
  } finally {
    closeSync(file)
  }
}

/** Makes a new file's entry in its folder durable. */
export function syncFolderOf(file: string): void {
  syncFolder(path.dirname(file))
}
