/** The store that the settings name, on either engine. */
import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import { blobCacheFolder, blobFolder, nodeIdPath, nodeLockPath, storePath } from '../ops/data-folder.ts'
import { parseS3Url } from '../ops/s3-url.ts'
import { newestPackOf, packFolderOf } from '../store/blobs/packs.ts'
import { type BlobPlace, lockOfBlobs } from '../store/blobs/place.ts'
import { makeFolder } from '../store/make-folder.ts'
import { type Lock, waitForStore } from '../store/sqlite/lock.ts'
import {
  openSharedSqliteStore,
  openSqliteOver,
  openSqliteReader,
  openSqliteStore,
  type SharedSqliteStore,
} from '../store/sqlite/open.ts'
import type { WriterLine } from '../store/sqlite/remote-writer.ts'
import { type ReadOnlyStore, type Store, StoreError } from '../store/store.ts'

/** Where the store is on SQLite, the driver for PostgreSQL is not even read. */
const postgres = () => import('../store/postgres/open.ts')

export interface StoreOptions {
  onCommit?: (operations: number) => void
  /** Told once of packs of the embedded store that are missing or not whole. */
  onIncomplete?: (packs: number[]) => void
  /** Told once where the log of the embedded store lacks commits that were made. */
  onCut?: () => void
  /** Told once where others keep it from bringing a shared one up to date, while it goes on trying. */
  onHeldUp?: (inTheWay: string[]) => void
  /** Told where a shared one lacks what this process has committed. */
  onWentBack?: () => void
  clock?: Clock
  /** Of one of several processes of a service: the way to the writer of the embedded store. */
  over?: { writer: WriterLine } | undefined
  /** The service has opened the store before: a node of a newer version may have widened it since. */
  isOpened?: boolean
}

/** Makes the data folder where it is missing. Rejects with StoreError where the store can't be had, or another process has it. */
export async function openStore(
  config: Config,
  {
    onCommit,
    onIncomplete,
    onCut,
    onHeldUp,
    onWentBack,
    clock = systemClock,
    over,
    isOpened = false,
  }: StoreOptions = {},
): Promise<Store> {
  const options = { blobs: blobPlace(config), clock, ...(onCommit && { onCommit }) }
  if (config.store !== null) {
    expectUsable(config.data)
    const processes = over?.writer.processes ?? 1
    const { openPostgresStore } = await postgres()
    const more = { processes, takesNewer: isOpened, onHeldUp, onWentBack }
    return openPostgresStore({ url: config.store, ...more, ...options }).catch(error => {
      throw ofSetting(error)
    })
  }
  return over
    ? openSqliteOver(over.writer, { path: storePath(config), ...options })
    : openSqliteStore({
        path: usablePath(config),
        ...options,
        ...(onIncomplete && { onIncomplete }),
        ...(onCut && { onCut }),
      })
}

/** For the first process of a service of several, which has the writer of them all; null where the store isn't in the data folder. Rejects as `openStore`. */
export async function openSharedStore(
  config: Config,
  {
    onCommit,
    onIncomplete,
    onCut,
    clock = systemClock,
  }: Pick<StoreOptions, 'onCommit' | 'onIncomplete' | 'onCut' | 'clock'> = {},
): Promise<SharedSqliteStore | null> {
  if (config.store !== null) {
    expectUsable(config.data)
    return null
  }
  return openSharedSqliteStore({
    path: usablePath(config),
    blobs: blobPlace(config),
    clock,
    ...(onCommit && { onCommit }),
    ...(onIncomplete && { onIncomplete }),
    ...(onCut && { onCut }),
  })
}

/**
 * For the service, before it writes anything: a second one on the same data folder would take itself for the same node, and give
 * back what the first is sending. Null on the embedded store, which is locked by whoever opens it. Rejects as `openStore`.
 */
export async function lockNode({ data, store }: Pick<Config, 'data' | 'store'>): Promise<Lock | null> {
  if (store === null) return null
  const path = nodeLockPath({ data })
  for (const each of existsSync(path) ? [data, path] : [data]) expectUsable(each)
  return waitForStore(path, process.pid, { what: `the data folder ${data}` })
}

/** On the embedded store the message names the file. */
function ofSetting(error: unknown): unknown {
  return error instanceof StoreError ? new StoreError(error.code, `store: ${error.message}`) : error
}

function usablePath(config: Config): string {
  expectUsable(config.data)
  const path = storePath(config)
  const blobs = blobPlace(config)
  // A command that root ran on the stopped service may have left files that the service's user can't write.
  const files = [path, `${path}-wal`, `${path}-shm`, `${path}.lock`, packFolderOf(path)]
  if (typeof blobs === 'string') files.push(blobs, join(blobs, 'unfinished'), lockOfBlobs(blobs))
  for (const file of files) if (existsSync(file)) expectUsable(file)
  const pack = newestPackOf(path)
  if (pack !== null) expectUsable(pack)
  return path
}

/**
 * Throws `unavailable` where root would write into another user's store: the service could not open what he made. The folder
 * may be root's and the service in its group, or another's and the service root's, in a container: what a service made
 * there tells whose it is, before the folder does. Other users hear from `openStore` of what they may not write.
 */
export function refuseOthersStore({ data, store }: Pick<Config, 'data' | 'store'>): void {
  if (process.geteuid?.() !== 0) return
  const database = storePath({ data })
  const files = store === null ? [database, newestPackOf(database)] : [nodeIdPath({ data })]
  const made = files.filter(file => file !== null).filter(file => existsSync(file))
  for (const path of made.length > 0 ? made : [data]) {
    const owner = statSync(path, { throwIfNoEntry: false })?.uid ?? 0
    if (owner !== 0)
      throw new StoreError(
        'unavailable',
        `${path} belongs to the user with the id ${owner}, and no service runs: what root makes there the service could not open. Run the command as that user: sudo -u '#${owner}'`,
      )
  }
}

/** What of the settings says where the store is. */
export type StoreLocation = Pick<
  Config,
  'data' | 'store' | 'blobs' | 's3AccessKeyId' | 's3SecretAccessKey' | 's3CacheSize'
>

/** For a thread, which is given no more than it needs. */
export function locationOf(config: Config): StoreLocation {
  const { data, store, blobs, s3AccessKeyId, s3SecretAccessKey, s3CacheSize } = config
  return { data, store, blobs, s3AccessKeyId, s3SecretAccessKey, s3CacheSize }
}

export function blobPlace(location: StoreLocation): BlobPlace {
  const { blobs, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey, s3CacheSize: maxBytes } = location
  if (blobs === null) return blobFolder(location)
  if (!blobs.startsWith('s3://')) return blobs
  const url = parseS3Url(blobs)
  // The settings were read with both; whoever makes a location by hand hears of it here.
  if (typeof url === 'string' || accessKeyId === null || secretAccessKey === null)
    throw new StoreError('unavailable', `the object store ${blobs} lacks its keys, or is no address`)
  const cache = maxBytes === 0 ? null : { folder: blobCacheFolder(location), maxBytes }
  return { ...url, accessKeyId, secretAccessKey, cache }
}

/** Those on disks of this machine that have to have room for what comes in. */
export function storeFolders(location: StoreLocation): string[] {
  const blobs = blobPlace(location)
  return [...(location.store === null ? [location.data] : []), ...(typeof blobs === 'string' ? [blobs] : [])]
}

/**
 * To be read alone, beside a running service too. Rejects with StoreError `not-found` where there is none yet. `cacheKib`: of
 * the embedded one's pages, to be kept in memory. `isOpened`: as of StoreOptions.
 */
export async function openStoreReader(
  location: StoreLocation,
  { cacheKib, isOpened = false }: { cacheKib?: number; isOpened?: boolean } = {},
): Promise<ReadOnlyStore> {
  const options = { blobs: blobPlace(location), clock: systemClock }
  if (location.store !== null)
    return (await postgres()).openPostgresReader({ url: location.store, takesNewer: isOpened, ...options })
  return openSqliteReader({ path: storePath(location), ...options, ...(cacheKib !== undefined && { cacheKib }) })
}

/** Whether this node was never started before. */
export function isFirstStart(config: Config): boolean {
  return !existsSync(config.store === null ? storePath(config) : nodeIdPath(config))
}

/**
 * Who leases what is to be sent. One service at a time has the embedded store, so that what it finds leased is its own of a
 * former life. On a shared one it is a node: its name stays, so that it finds its own again, and is not another's even where
 * the data folder was copied to another machine. Each worker is one by itself.
 */
export function leaseOwner(config: Config, worker: number | null = null): string {
  if (worker !== null) return config.store === null ? `worker ${worker}` : `${leaseOwner(config)} ${worker}`
  if (config.store === null) return 'service'
  const path = nodeIdPath(config)
  // At the first start nothing else may have needed the folder yet.
  makeFolder(config.data)
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(8).toString('hex')}\n`, { mode: 0o600 })
  return `${hostname()} ${readFileSync(path, 'utf8').trim()}`
}

function expectUsable(fileOrFolder: string): void {
  try {
    if (!existsSync(fileOrFolder)) makeFolder(fileOrFolder)
    const isFolder = statSync(fileOrFolder).isDirectory()
    accessSync(fileOrFolder, constants.R_OK | constants.W_OK | (isFolder ? constants.X_OK : 0))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreError('unavailable', `${fileOrFolder} must be readable and writable for this user: ${reason}`)
  }
}
