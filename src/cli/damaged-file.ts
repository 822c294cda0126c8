import type { Config } from '../ops/config.ts'
import { storePath } from '../ops/data-folder.ts'

/** To be put behind what SQLite answers, which names no file: which one it is, and what is to be done. Empty for any other error. */
export function damagedFile(error: Error, { store, data }: Config): string {
  if (store !== null || !('code' in error) || error.code !== 'damaged') return ''
  return `; ${storePath({ data })} is damaged: docs/operate/backup.md says how a backup is put back`
}
