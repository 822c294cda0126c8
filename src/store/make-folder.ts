import { mkdirSync, readlinkSync, statSync } from 'node:fs'
import path from 'node:path'
import { StoreError } from './store.ts'

/**
 * Makes a folder, and those above it that are missing. Throws `unavailable` where that can't be.
 *
 * Node's own `recursive` tries for ever where a folder can't be made in one that is there, as in /proc.
 */
export function makeFolder(folder: string): void {
  try {
    makeMissing(path.resolve(folder))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreError('unavailable', `the folder ${folder} can't be made: ${reason}`)
  }
}

function makeMissing(folder: string): void {
  if (isFolder(folder)) return
  const above = path.dirname(folder)
  if (above !== folder) makeMissing(above)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it just now.
    if (isFolder(folder)) return
    const target = linkTarget(folder)
    throw target === null ? error : new Error(`${folder} is a link to ${target}, which is not there, or no folder`)
  }
}

/** Null where it is no link. */
function linkTarget(file: string): string | null {
  try {
    return readlinkSync(file)
  } catch {
    return null
  }
}

const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false
