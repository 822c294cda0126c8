/** The room that is left on the disks of folders. */
import { statfs } from 'node:fs/promises'
import { inTime } from './in-time.ts'

/** A disk that takes longer is as good as gone, and whoever asks wants to say so. */
const answerMs = 1000

export interface FreeSpace {
  folder: string
  /** For users other than root, for whom file systems keep some back. */
  bytes: number
}

export class FreeSpaces {
  readonly #folders: readonly string[]
  readonly #ask: (folder: string) => Promise<FreeSpace>
  /** Those that have not answered yet. */
  readonly #asked = new Map<string, Promise<FreeSpace>>()

  constructor(folders: readonly string[], ask = freeSpaceOf) {
    this.#folders = folders
    this.#ask = ask
  }

  /** Of each folder; rejects where it is missing, or its disk doesn't answer. That is not asked again: each would hold a thread. */
  ask(): Promise<FreeSpace>[] {
    return this.#folders.map(folder => {
      const asked = this.#asked.get(folder) ?? this.#ask(folder).finally(() => this.#asked.delete(folder))
      this.#asked.set(folder, asked)
      return inTime(answerMs, asked, () => {
        throw new Error(`the disk of ${folder} does not answer`)
      })
    })
  }
}

async function freeSpaceOf(folder: string): Promise<FreeSpace> {
  const { bavail, bsize } = await statfs(folder)
  return { folder, bytes: bavail * bsize }
}
