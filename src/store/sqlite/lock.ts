/**
 * One process writes to a store. The lock is a write transaction held open in a small database of its own: the system
 * lets go of it when the process ends, however it ends.
 */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreError } from '../store.ts'
import { lockTries, lockWaitMs } from './limits.ts'

export interface Lock {
  release(): void
}

export interface LockOptions {
  /** Stands behind the lock, as the message names it. */
  what?: string
  /** Locks on a full disk as well, without a name. */
  evenIfFull?: boolean
}

/** Throws `unavailable`, naming the process that holds it. */
export function lockStore(file: string, processId: number, options: LockOptions = {}): Lock {
  const { what = 'the store', evenIfFull = false } = options
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // Who holds it must be readable by those who are refused, so it is committed before the lock is taken for good.
    writeHolder(database, processId, evenIfFull)
    database.exec('BEGIN IMMEDIATE')
  } catch (error) {
    let holder: number | null = null
    try {
      if (isBusy(error)) holder = holderOf(database)
    } finally {
      database.close()
    }
    if (holder === null) throw error
    throw new StoreError('unavailable', `${what} is in use by process ${holder}`)
  }
  return { release: () => database.close() }
}

/** The same, but whoever is done within some seconds is waited for. */
export async function waitForStore(
  file: string,
  processId: number,
  { wait = sleep, ...options }: LockOptions & { wait?: (ms: number) => Promise<unknown> } = {},
): Promise<Lock> {
  for (let tries = 1; ; tries++) {
    try {
      return lockStore(file, processId, options)
    } catch (error) {
      const isHeld = error instanceof StoreError || isBusy(error)
      if (!isHeld || tries === lockTries) throw error
    }
    await wait(lockWaitMs)
  }
}

function writeHolder(database: DatabaseSync, processId: number, evenIfFull: boolean): void {
  try {
    database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${processId}; COMMIT`)
  } catch (error) {
    if (!evenIfFull || !isFull(error)) throw error
    if (database.isTransaction) database.exec('ROLLBACK')
  }
}

/** Null where he is writing it down at this moment. */
function holderOf(database: DatabaseSync): number | null {
  try {
    const holder = database.prepare('PRAGMA user_version').get()?.user_version
    return typeof holder === 'number' ? holder : null
  } catch (error) {
    if (isBusy(error)) return null
    throw error
  }
}

const hasCode = (error: unknown, code: number): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === code

/** SQLITE_BUSY. */
const isBusy = (error: unknown): boolean => hasCode(error, 5)

/** SQLITE_FULL. */
const isFull = (error: unknown): boolean => hasCode(error, 13)
