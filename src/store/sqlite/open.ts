/** Opens a store on SQLite: the whole of it for the service, or for reading alone beside a running one. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock } from '../../ops/clock.ts'
import { blobReader } from '../blobs/blobs.ts'
import type { LargeBlobs } from '../blobs/large.ts'
import { type Mark, refuseTaken, requireOwn } from '../blobs/mark.ts'
import { packFolderOf, packMark, preparePacks, sweepPacks } from '../blobs/packs.ts'
import { type BlobPlace, largeBlobReader, lockBlobs, markOf, openLargeBlobs } from '../blobs/place.ts'
import { makeFolder } from '../make-folder.ts'
import { answer } from '../queries/index.ts'
import { type ReadOnlyStore, StoreError } from '../store.ts'
import { SqliteConnection } from './connection.ts'
import { isLogCut } from './cut-log.ts'
import { openReadOnly, openUntouched, openWritable, syncFolderOf } from './database.ts'
import { errorOf, failureOf } from './failure.ts'
import { LocalWriter } from './local-writer.ts'
import { type Lock, waitForStore } from './lock.ts'
import { idOf, isStore, migrate, ownId, refuseUnfinishedCopy, requireNotNewer, requireWhole } from './migrate.ts'
import { incompletePacks } from './pack-rows.ts'
import { SnapshotReader, TurnReader } from './reader.ts'
import { RemoteWriter, type WriterLine } from './remote-writer.ts'
import { SqliteStore } from './sqlite-store.ts'
import { ThreadWriter } from './thread-writer.ts'
import { Turns } from './turns.ts'
import { type Progress, verifyFile, verifyMemory } from './verifier.ts'
import type { Writer } from './writer.ts'

export interface SqliteStoreOptions {
  /** The database's file, or `:memory:` for one that ends with the store. Its folder is made where it is missing. */
  path: string
  /** Where large blobs are kept. By default `blobs` beside the database; a temporary folder for one in memory. */
  blobs?: BlobPlace
  clock: Clock
  /** Told after each commit how many operations it made durable. Not for a store in memory. */
  onCommit?: (operations: number) => void
  /** Told once, where packs are missing or not whole that rows name. */
  onIncomplete?: (packs: number[]) => void
  /** Told once, where the log lacks commits that were made. */
  onCut?: () => void
}

export interface SharedSqliteStore {
  store: SqliteStore
  writer: Pick<ThreadWriter, 'connect'>
}

/** Rejects with `unavailable` where another process writes to it, or where it is of a newer version. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  return options.path === ':memory:' ? openInMemory(options) : (await openFile(options)).store
}

/** The same for the process whose writer others use as well: each comes by its `connect`. */
export async function openSharedSqliteStore(options: SqliteStoreOptions): Promise<SharedSqliteStore> {
  return openFile(options)
}

/**
 * For one of those others: it reads the file itself, and what it writes goes over the line. Whoever is at its other end has opened the
 * store, and has it open for as long as this one.
 */
export async function openSqliteOver(
  line: WriterLine,
  { path: file, blobs = blobFolderOf(file), clock }: Pick<SqliteStoreOptions, 'path' | 'blobs' | 'clock'>,
): Promise<SqliteStore> {
  return expectFailures(() => {
    const reader = openReadOnly(file)
    const large = openLargeBlobs(blobs, { clock, use: 'shared' })
    const id = idOf(reader) ?? ''
    return fileStore({ file, blobs, clock, reader, large, id, writer: new RemoteWriter(line), onClosed: () => {} })
  })
}

function openInMemory({ blobs, clock }: SqliteStoreOptions): SqliteStore {
  const connection = new SqliteConnection(':memory:', { readOnly: false })
  migrate(connection, clock.now())
  const turns = new Turns()
  const place = blobs ?? mkdtempSync(path.join(tmpdir(), 'facteur-blobs-'))
  return new SqliteStore({
    connection,
    snapshots: new TurnReader(connection, turns),
    writer: new LocalWriter(connection, turns),
    large: openLargeBlobs(place, { clock, use: 'alone' }),
    requireOwn: async () => {},
    sweepPacks: () => {},
    verify: progress => verifyMemory(connection, turns, place, progress),
    onClosed: () => {
      connection.close()
      if (blobs === undefined && typeof place === 'string') rmSync(place, { recursive: true, force: true })
    },
  })
}

async function openFile(options: SqliteStoreOptions): Promise<{ store: SqliteStore; writer: ThreadWriter }> {
  const { path: file, blobs = blobFolderOf(file), clock, onCommit, onIncomplete, onCut } = options
  makeFolder(path.dirname(file))
  refuseUntouched(file, requireNotNewer)
  if (isNew(file)) await refuseTaken(marksOf(file, blobs), file)
  const lock = await waitForStore(`${file}.lock`, process.pid).catch((error: unknown) => {
    throw errorOf(failureOf(error))
  })
  let blobLock: Lock | null = null
  const onClosed = (): void => {
    blobLock?.release()
    lock.release()
  }
  try {
    blobLock = await lockBlobs(blobs)
    if (isLogCut(file)) onCut?.()
    const id = expectFailures(() => prepare(file, clock))
    preparePacks(packFolderOf(file))
    await requireOwn(marksOf(file, blobs), id, { isOpening: true })
    // Only now: another's files are left alone.
    const large = openLargeBlobs(blobs, { clock, use: 'alone' })
    const reader = openReadOnly(file)
    const incomplete = onIncomplete ? expectFailures(() => incompletePacks(reader)) : []
    if (incomplete.length > 0) onIncomplete?.(incomplete)
    const writer = new ThreadWriter({ path: file }, clock, onCommit)
    return { store: fileStore({ file, blobs, clock, reader, large, id, writer, onClosed }), writer }
  } catch (error) {
    onClosed()
    throw error
  }
}

const marksOf = (file: string, blobs: BlobPlace): Mark[] => [packMark(file), markOf(blobs)]

function fileStore(parts: {
  file: string
  blobs: BlobPlace
  clock: Clock
  reader: SqliteConnection
  large: LargeBlobs
  id: string
  writer: Writer
  onClosed: () => void
}): SqliteStore {
  const { file, blobs, clock, reader, large, id, writer, onClosed } = parts
  const marks = marksOf(file, blobs)
  return new SqliteStore({
    connection: reader,
    snapshots: new SnapshotReader(reader),
    writer,
    large,
    requireOwn: () => requireOwn(marks, id),
    sweepPacks: isNamed => sweepPacks(packFolderOf(file), clock, isNamed),
    verify: progress => verifyFile({ path: file, blobs }, progress),
    onClosed: () => {
      reader.close()
      onClosed()
    },
  })
}

/** Rejects with `not-found` where there is no store, `unavailable` where it is not of this program's version. */
export async function openSqliteReader({
  path: file,
  blobs = blobFolderOf(file),
  cacheKib,
}: Pick<SqliteStoreOptions, 'path' | 'blobs'> & { cacheKib?: number }): Promise<ReadOnlyStore> {
  expectThere(file)
  refuseUntouched(file, requireWhole)
  const connection = expectFailures(() => openReadOnly(file, cacheKib))
  try {
    expectFailures(() => requireWhole(connection))
  } catch (error) {
    connection.close()
    throw error
  }
  const snapshots = new SnapshotReader(connection)
  return {
    blobs: { read: blobReader(query => snapshots.read(query), largeBlobReader(blobs)) },
    read: (query, args) => snapshots.read(reader => answer(reader, query, args)),
    verify: (progress?: Progress) => verifyFile({ path: file, blobs }, progress),
    close: async () => connection.close(),
  }
}

/** That it may not be looked at is not that there is none: whoever is told that would look for a lost store. */
function expectThere(file: string): void {
  try {
    if (statSync(file, { throwIfNoEntry: false })) return
  } catch (error) {
    throw new StoreError(
      'unavailable',
      `the store can't be looked at: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  throw new StoreError('not-found', `there is no store at ${file}`)
}

/** Throws what `check` says of the store's version, with not a byte changed in its folder. What else is wrong tells whoever opens it. */
function refuseUntouched(file: string, check: (connection: SqliteConnection) => void): void {
  if (!existsSync(file)) return
  let connection: SqliteConnection | null = null
  try {
    connection = openUntouched(file)
    check(connection)
  } catch (error) {
    if (error instanceof StoreError) throw error
  } finally {
    connection?.close()
  }
}

/** Whether a store would be made anew in it. What is damaged is none of these. */
function isNew(file: string): boolean {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return true
  let isFound = true
  refuseUntouched(file, connection => {
    isFound = isStore(connection)
  })
  return !isFound
}

/** The store's id. */
function prepare(file: string, clock: Clock): string {
  const connection = openWritable(file)
  try {
    refuseUnfinishedCopy(connection)
    migrate(connection, clock.now())
    const id = ownId(connection)
    syncFolderOf(file)
    return id
  } finally {
    connection.close()
  }
}

function blobFolderOf(file: string): string {
  return path.join(path.dirname(file), 'blobs')
}

/** Opening meets the world: what SQLite says of it is told in the store's terms. */
function expectFailures<T>(open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw errorOf(failureOf(error))
  }
}
