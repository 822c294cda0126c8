/** The room that is left on the disks of folders. */
import { statfs } from 'node:fs/promises'

export interface FreeSpace {
  folder: string
  /** For users other than root, for whom file systems keep some back. */
  bytes: number
}

/** Rejects where one of the folders is missing, or its disk doesn't answer. */
export function freeSpaceOf(folders: readonly string[]): Promise<FreeSpace[]> {
  return Promise.all(
    folders.map(async folder => {
      const { bavail, bsize } = await statfs(folder)
      return { folder, bytes: bavail * bsize }
    }),
  )
}
