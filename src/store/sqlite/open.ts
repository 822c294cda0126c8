/** Opens a store on SQLite: the whole of it for the service, or for reading alone beside a running one. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock } from '../../ops/clock.ts'
import { BlobFiles } from '../blobs/files.ts'
import { SqliteConnection } from './connection.ts'
import { openReadOnly, openWritable, syncFolderOf } from './database.ts'
import { LocalWriter } from './local-writer.ts'
import { lockStore } from './lock.ts'
import { migrate } from './migrate.ts'
import { SnapshotReader, TurnReader } from './reader.ts'
import { SqliteStore } from './sqlite-store.ts'
import { ThreadWriter } from './thread-writer.ts'
import { Turns } from './turns.ts'

export interface SqliteStoreOptions {
  /** The database's file, or `:memory:` for one that ends with the store. Its folder is made where it is missing. */
  path: string
  /** Where large blobs are kept. By default `blobs` beside the database; a temporary folder for one in memory. */
  blobFolder?: string
  clock: Clock
}

/** Rejects with `unavailable` where another process writes to it, or where it is of a newer version. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  return options.path === ':memory:' ? openInMemory(options) : openFile(options)
}

function openInMemory({ blobFolder, clock }: SqliteStoreOptions): SqliteStore {
  const connection = new SqliteConnection(':memory:', { readOnly: false })
  migrate(connection, clock.now())
  const turns = new Turns()
  const folder = blobFolder ?? mkdtempSync(path.join(tmpdir(), 'facteur-blobs-'))
  const files = new BlobFiles(folder, clock)
  files.prepare()
  return new SqliteStore({
    connection,
    snapshots: new TurnReader(connection, turns),
    writer: new LocalWriter(connection, turns),
    files,
    verify: async function* () {},
    onClosed: () => {
      connection.close()
      if (blobFolder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  })
}

function openFile({ path: file, blobFolder, clock }: SqliteStoreOptions): SqliteStore {
  mkdirSync(path.dirname(file), { recursive: true })
  const lock = lockStore(`${file}.lock`, process.pid)
  try {
    const connection = openWritable(file)
    try {
      migrate(connection, clock.now())
    } finally {
      connection.close()
    }
    syncFolderOf(file)
    const files = new BlobFiles(blobFolder ?? path.join(path.dirname(file), 'blobs'), clock)
    files.prepare()
    const reader = openReadOnly(file)
    return new SqliteStore({
      connection: reader,
      snapshots: new SnapshotReader(reader),
      writer: new ThreadWriter({ path: file }),
      files,
      verify: async function* () {},
      onClosed: () => {
        reader.close()
        lock.release()
      },
    })
  } catch (error) {
    lock.release()
    throw error
  }
}
