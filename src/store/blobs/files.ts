/**
 * Large blobs as files: `ab/cd/<hash>` with the ending of their encoding. A file has its final name only once it is whole
 * and on disk. It is written before the operation that takes it, so files may be there that no row names: the sweep
 * removes them when they are older than an hour. Whatever is about to be taken is touched first, and what was just let go of
 * as well: a copy of the database that names it finds the file for an hour. The sweep puts a file aside before it removes it,
 * and looks at its time again then: who touched it before has it back, who comes later finds none.
 */
import { randomBytes } from 'node:crypto'
import { readdirSync, renameSync, rmSync, statSync, unlinkSync, utimesSync } from 'node:fs'
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isMarkedAsUntransferable } from 'node:worker_threads'
import type { Clock } from '../../ops/clock.ts'
import { makeFolder } from '../make-folder.ts'
import type { StagedBlob } from '../types.ts'
import { type Encoding, endings, isWhole } from './encoding.ts'
import { Failures } from './failures.ts'
import { fileWriter } from './file-writer.ts'
import {
  type BlobName,
  type EncodedBlob,
  type LargeBlobRowOf,
  type LargeBlobs,
  type LargeSwept,
  type ReadLargeBlob,
  stagedMs,
} from './large.ts'
import { maxReleased } from './limits.ts'
import { isMissing } from './missing.ts'

/** Of a file that is about to be removed. */
const aside = '.gone'

export function blobFileReader(folder: string): ReadLargeBlob {
  return async ({ hash, encoding }) => {
    try {
      return await readFile(pathOf(folder, hash, encoding))
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }
}

export class BlobFiles implements LargeBlobs {
  readonly read: ReadLargeBlob
  readonly #folder: string
  readonly #clock: Clock
  /** To the threads that write. */
  readonly #owner = fileWriter.newOwner()
  /** By hash, how many operations are taking it: a clock that jumped makes no orphan of it. */
  readonly #kept = new Map<string, number>()
  /** Let go of within the last hour or so, the oldest first. */
  readonly #released: { name: BlobName; at: number }[] = []
  /** Where the last look for orphans ended. */
  #sweptTo = ''

  constructor(folder: string, clock: Clock) {
    this.#folder = folder
    this.read = blobFileReader(folder)
    this.#clock = clock
  }

  /** Removes what a former life of this process was writing: all there is, or where others write as well, what is old. */
  prepare({ isShared = false } = {}): void {
    // The folder itself stays: made again by a command of another user it would be kept from the service.
    makeFolder(this.#unfinished)
    for (const name of readdirSync(this.#unfinished)) {
      const file = path.join(this.#unfinished, name)
      if (!isShared || this.#isOld(file)) rmSync(file, { recursive: true, force: true })
    }
  }

  /**
   * The staged form of a blob whose file is there already; it is kept for another hour. One that is damaged or can't be read counts
   * as missing, so that it is written anew: to read it costs no more than to take in the same bytes did.
   */
  async find(hash: string, rawBytes: number): Promise<StagedBlob | null> {
    for (const encoding of ['zstd', 'identity'] as const) {
      const file = pathOf(this.#folder, hash, encoding)
      const data = await this.#readKept(file)
      if (!data) continue
      const storedBytes = data.byteLength
      if (!(await isWhole(hash, { encoding, rawBytes, data }))) continue
      // Its name may not be on disk yet: another is writing it, or was when the process ended or the disk failed.
      try {
        await fileWriter.make({ owner: this.#owner, root: this.#folder, file, content: null })
        return { hash, rawBytes, storedBytes, encoding, data: null, isFound: true }
      } catch (error) {
        if (!isMissing(error)) throw error
      }
    }
    return null
  }

  async #readKept(file: string): Promise<Uint8Array | null> {
    try {
      this.#touch(file)
      return await readFile(file)
    } catch {
      // Also where it is there: what the disk can't read it may be able to write.
      return null
    }
  }

  /** Resolves when the file and its name are on disk. */
  async write({ hash, rawBytes, encoding, data, isAlone = false }: EncodedBlob): Promise<StagedBlob> {
    const file = pathOf(this.#folder, hash, encoding)
    const unfinished = path.join(this.#unfinished, `${hash}.${randomBytes(8).toString('hex')}`)
    const storedBytes = data.byteLength
    // What others have would have to be copied for another thread.
    const given = isAlone && isTransferable(data)
    if (!given) await writeSynced(unfinished, data)
    const content = { unfinished, data: given ? data : null, seconds: this.#clock.now() / 1000 }
    await fileWriter.make({ owner: this.#owner, root: this.#folder, file, content })
    return { hash, rawBytes, storedBytes, encoding, data: null }
  }

  /** Keeps the file of a blob that is about to be taken; false where it is gone. */
  keep({ hash, encoding }: StagedBlob): boolean {
    try {
      this.#touch(pathOf(this.#folder, hash, encoding))
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
    this.#kept.set(hash, (this.#kept.get(hash) ?? 0) + 1)
    return true
  }

  letGo({ hash }: StagedBlob): void {
    const left = (this.#kept.get(hash) ?? 0) - 1
    if (left > 0) this.#kept.set(hash, left)
    else this.#kept.delete(hash)
  }

  async sweep(removed: readonly BlobName[], limit: number, rowOf: LargeBlobRowOf, goesOn = false): Promise<LargeSwept> {
    const failures = new Failures()
    const more = await this.#sweepReleased(limit, rowOf, failures)
    for (const name of removed) await failures.of(() => this.#release(name))
    if (!goesOn) await this.#walk(limit, rowOf, failures)
    return { more, failures: failures.texts }
  }

  /** From now on it is an hour until its file goes. */
  #release(name: BlobName): void {
    try {
      this.#touch(pathOf(this.#folder, name.hash, name.encoding))
    } catch (error) {
      if (isMissing(error)) return
      throw error
    }
    if (this.#released.length < maxReleased) this.#released.push({ name, at: this.#clock.now() })
  }

  /** Removes up to `limit` files whose hour is over; true where there are more. */
  async #sweepReleased(limit: number, rowOf: LargeBlobRowOf, failures: Failures): Promise<boolean> {
    const stays = this.#clock.now() - stagedMs
    const staying = this.#released.findIndex(({ at }) => at >= stays)
    const due = staying === -1 ? this.#released.length : staying
    for (const { name } of this.#released.splice(0, Math.min(limit, due)))
      await failures.of(() => this.#removeOrphan(pathOf(this.#folder, name.hash, name.encoding), name.hash, rowOf))
    return due > limit
  }

  /** Looks at up to `limit` of all files, or some more, going on where it last ended. */
  async #walk(limit: number, rowOf: LargeBlobRowOf, failures: Failures): Promise<void> {
    let looked = 0
    const namesIn = async (folder: string): Promise<string[]> => (await failures.of(() => namesOf(folder))) ?? []
    for (const first of foldersIn(await namesIn(this.#folder)).filter(name => name > this.#sweptTo)) {
      for (const second of foldersIn(await namesIn(path.join(this.#folder, first)))) {
        const folder = path.join(this.#folder, first, second)
        for (const name of await namesIn(folder)) {
          await failures.of(() => this.#removeOrphan(path.join(folder, name), name.slice(0, 64), rowOf))
          looked++
        }
      }
      this.#sweptTo = first
      if (looked >= limit) return
    }
    this.#sweptTo = ''
  }

  async #removeOrphan(file: string, hash: string, rowOf: LargeBlobRowOf): Promise<void> {
    if (!this.#isOld(file) || this.#kept.has(hash)) return
    const isWanted = (await rowOf(hash)) !== undefined || this.#kept.has(hash)
    try {
      if (file.endsWith(aside)) {
        // Left by a process that ended between the two.
        if (isWanted) renameSync(file, file.slice(0, -aside.length))
        else unlinkSync(file)
      } else if (!isWanted) {
        renameSync(file, file + aside)
        if (this.#isOld(file + aside)) unlinkSync(file + aside)
        else renameSync(file + aside, file)
      }
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  #isOld(file: string): boolean {
    try {
      return statSync(file).mtimeMs <= this.#clock.now() - stagedMs
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
  }

  #touch(file: string): void {
    const seconds = this.#clock.now() / 1000
    utimesSync(file, seconds, seconds)
  }

  get #unfinished(): string {
    return path.join(this.#folder, 'unfinished')
  }
}

async function namesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function foldersIn(names: readonly string[]): string[] {
  return names.filter(name => /^[0-9a-f]{2}$/.test(name)).sort()
}

function pathOf(folder: string, hash: string, encoding: Encoding): string {
  return path.join(folder, hash.slice(0, 2), hash.slice(2, 4), hash + endings[encoding])
}

/** Node keeps the memory that small buffers share. */
function isTransferable({ buffer }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)
}

async function writeSynced(file: string, data: Uint8Array): Promise<void> {
  try {
    await writeFile(file, data, { flag: 'wx', flush: true })
  } catch (error) {
    await unlink(file).catch(() => {})
    throw error
  }
}
