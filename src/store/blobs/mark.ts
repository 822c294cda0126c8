/**
 * Which store the messages in a place belong to: its mark there is that store's id. To any other database they would all be
 * orphans, which its sweep removes; so what has another's mark is left alone, and a database that was just made takes over nothing.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder } from '../make-folder.ts'
import { StoreError } from '../store.ts'
import { syncFolder } from '../sync-folder.ts'
import type { Awaitable } from '../transaction.ts'
import { isMissing } from './missing.ts'

/** Of the file, or the object. */
export const markName = 'store-id'

/** The setting that keeps a store's id. */
export const idSetting = 'store.id'

export const newStoreId = (): string => randomBytes(16).toString('hex')

export interface Mark {
  /** What it marks, as messages name it. */
  readonly place: string
  /** Whether it may be out of reach for a while. */
  readonly isRemote: boolean
  /** Null where there is none. */
  read(): Awaitable<string | null>
  /** Returns when it is durable. */
  write(id: string): Awaitable<void>
  /** Whether messages lie there. */
  hasMessages(): Awaitable<boolean>
}

export function folderMark(folder: string, hasMessages: (folder: string) => boolean): Mark {
  const file = path.join(folder, markName)
  return {
    place: folder,
    isRemote: false,
    read: () => expectFailures(file, () => (existsSync(file) ? readFileSync(file, 'utf8').trim() : null)),
    write: id =>
      expectFailures(file, () => {
        makeFolder(folder)
        const unfinished = `${file}.${randomBytes(8).toString('hex')}`
        writeFileSync(unfinished, `${id}\n`, { flush: true })
        renameSync(unfinished, file)
        syncFolder(folder)
      }),
    hasMessages: () => expectFailures(folder, () => hasMessages(folder)),
  }
}

function expectFailures<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError('unavailable', `${file}: ${error instanceof Error ? error.message : error}`)
  }
}

export function hasBlobFiles(folder: string): boolean {
  for (const first of foldersIn(folder))
    for (const second of foldersIn(path.join(folder, first)))
      if (readdirSync(path.join(folder, first, second)).length > 0) return true
  return false
}

/** For a database that was never a store. Rejects with `unavailable` where one of the places is another's. */
export async function refuseTaken(marks: readonly Mark[], database: string): Promise<void> {
  for (const mark of marks) {
    if ((await mark.read()) === null && !(await mark.hasMessages())) continue
    throw new StoreError(
      'unavailable',
      `${database} is missing or empty, but ${mark.place} is a store's, whose messages a new one would remove: put back the database that belongs to it. To begin anew, move it away, or name another place`,
    )
  }
}

/**
 * Marks places that have no mark yet. Rejects with `unavailable` where one has another's; then nothing is changed. `isOpening`: what is
 * out of reach, or can't be written, doesn't matter yet.
 */
export async function requireOwn(marks: readonly Mark[], id: string, { isOpening = false } = {}): Promise<void> {
  const unmarked: Mark[] = []
  const unless = async (mayWait: boolean, action: () => Promise<void>): Promise<void> => {
    try {
      await action()
    } catch (error) {
      if (!mayWait || error instanceof TakenError) throw error
    }
  }
  for (const mark of marks)
    await unless(isOpening && mark.isRemote, async () => {
      if (!(await isMarked(mark, id))) unmarked.push(mark)
    })
  // On a full disk mail can still be read: a place without a mark gets it later on, and is not swept until then.
  for (const mark of unmarked)
    await unless(isOpening, async () => {
      await mark.write(id)
      // Another store may have done the same.
      await isMarked(mark, id)
    })
}

/** For a copy that is to take over what is `target`'s in the end. Rejects with `not-empty` where it belongs to none of `ids`. */
export async function refuseOthers(target: Mark, ids: readonly (string | null | undefined)[]): Promise<void> {
  const found = await target.read()
  if (found === null || ids.includes(found)) return
  throw new StoreError(
    'not-empty',
    `${target.place} belongs to another store: name another place. Where nothing else uses it, remove ${markName} there`,
  )
}

class TakenError extends StoreError {}

async function isMarked(mark: Mark, id: string): Promise<boolean> {
  const found = await mark.read()
  if (found === null || found === id) return found === id
  throw new TakenError(
    'unavailable',
    `the messages in ${mark.place} belong to another store, or to a copy of this one that took them over: name another place. Where nothing else uses them, remove ${markName} there, and they are this store's`,
  )
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => /^[0-9a-f]{2}$/.test(name))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
