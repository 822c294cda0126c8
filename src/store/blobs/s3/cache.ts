/**
 * Copies of objects on the local disk, those used last. Processes and threads of one machine may share the folder: what it
 * holds is known by looking, and nothing is remembered. A copy has its name once it is whole; one that a power cut damaged
 * is noticed by who decodes it, and fetched again. Whatever fails here is as if there were no copy.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises'
import path from 'node:path'
import { cacheKeptShare, cacheLookShare, cacheObjectShare, unfinishedMs } from './limits.ts'

export interface DiskCacheOptions {
  folder: string
  maxBytes: number
}

export class DiskCache {
  readonly #folder: string
  readonly #maxBytes: number
  /** Since the last look; the first comes with the first copy. */
  #added = Number.POSITIVE_INFINITY
  #looking: Promise<void> | null = null

  constructor({ folder, maxBytes }: DiskCacheOptions) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  async get(key: string): Promise<Uint8Array | null> {
    const file = this.#fileOf(key)
    try {
      const data = await readFile(file)
      const now = Date.now() / 1000
      void utimes(file, now, now).catch(() => {})
      return data
    } catch {
      return null
    }
  }

  async put(key: string, data: Uint8Array): Promise<void> {
    if (data.byteLength > this.#maxBytes * cacheObjectShare) return
    const file = this.#fileOf(key)
    const unfinished = `${file}.${randomBytes(6).toString('hex')}.new`
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
      const handle = await open(unfinished, 'wx', 0o600)
      try {
        await handle.writeFile(data)
      } finally {
        await handle.close()
      }
      await rename(unfinished, file)
      this.#added += data.byteLength
    } catch {
      await unlink(unfinished).catch(() => {})
      // A full disk: what is here is the first that can go.
      this.#added = Number.POSITIVE_INFINITY
    }
    if (this.#added >= this.#maxBytes * cacheLookShare) {
      this.#looking ??= this.#makeRoom().finally(() => {
        this.#looking = null
      })
      await this.#looking
    }
  }

  async remove(key: string): Promise<void> {
    await unlink(this.#fileOf(key)).catch(() => {})
  }

  async #makeRoom(): Promise<void> {
    this.#added = 0
    const found: { file: string; bytes: number; usedAt: number }[] = []
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!/^[0-9a-f]{2}$/.test(name)) continue
      const folder = path.join(this.#folder, name)
      const names = await readdir(folder).catch(() => [])
      await Promise.all(
        names.map(async name => {
          const file = path.join(folder, name)
          const stats = await stat(file).catch(() => null)
          if (!stats) return
          // Goes first once it is old, and is not counted as used meanwhile.
          const isUnfinished = name.endsWith('.new') && Date.now() - stats.mtimeMs > unfinishedMs
          found.push({ file, bytes: stats.size, usedAt: isUnfinished ? 0 : stats.mtimeMs })
        }),
      )
    }
    let bytes = found.reduce((sum, one) => sum + one.bytes, 0)
    found.sort((a, b) => a.usedAt - b.usedAt)
    for (const one of found) {
      if (bytes <= this.#maxBytes * cacheKeptShare && one.usedAt > 0) break
      await unlink(one.file).catch(() => {})
      bytes -= one.bytes
    }
  }

  #fileOf(key: string): string {
    const name = path.posix.basename(key)
    return path.join(this.#folder, name.slice(0, 2), name)
  }
}
