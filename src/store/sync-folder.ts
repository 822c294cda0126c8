import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Returns when the names in it are on disk. */
export function syncFolder(folder: string): void {
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
