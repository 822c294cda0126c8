/**
 * Small blobs one behind the other in files that only grow, beside the database: `packs/1`, `packs/2`, …. Where each lies stands
 * in its row.
 *
 * The writer's thread alone writes them: all that a transaction takes at once, synced before the rows that name it are
 * committed. What it wrote for one that failed is named by nothing, nor are the zeros that a killed process leaves at the end.
 * A file of which half is no longer named is emptied into the newest by sweeps, and removed an hour later; the newest never
 * is, so that no number is given twice. Nor is one that rows name while its file is missing, or a backup may have: they may be
 * put back.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import type { Clock } from '../../ops/clock.ts'
import { StoreError } from '../store.ts'
import { syncFolder } from '../sync-folder.ts'
import type { PackPlace, Packs } from '../transaction.ts'
import { folderMark, type Mark } from './mark.ts'
import { isMissing } from './missing.ts'

/** From so many bytes on a file gets no more: large enough that there are few, and soon emptied. */
const packBytes = 64 * 1024 * 1024

/**
 * A file grows by so many zeros at once, which are then written over. What a file grew by takes twice as long to sync as what
 * was there: the file system's journal has to be on disk as well.
 */
const growthBytes = 1024 * 1024
const zeros = new Uint8Array(growthBytes)

/** Numbers that are left out where files are missing: those that a backup has beside its database were begun while it was made. */
const packsBeside = 1000

/** How long a file that nothing names is kept: for those who copy the folder after the database. */
const unnamedMs = 60 * 60 * 1000

export class PackFiles implements Packs {
  readonly #folder: string
  readonly #clock: Clock
  readonly #atBytes: number
  /** The newest; 0 until bytes are put, which whoever only reads never does. */
  #pack = 0
  /** Of the newest: bytes that are on disk, and with what waits to be written. */
  #synced = 0
  #end = 0
  #waiting: Uint8Array[] = []
  #file: number | null = null
  /** Bytes of the newest with its zeros; 0 where nothing was written yet. */
  #grown = 0
  look: PackPlace | null = null
  readonly leftOut = new Set<string>()
  /** The end of the last bytes that rows name; the connection to them says it. */
  lastNamed: () => { pack: number; end: number } | null = () => null

  constructor(folder: string, clock: Clock, atBytes = packBytes) {
    this.#folder = folder
    this.#clock = clock
    this.#atBytes = atBytes
  }

  /** In this turn of the loop, so that no sweep comes between a row and its bytes. */
  read({ pack, offset }: PackPlace, bytes: number): Uint8Array | null {
    let file: number
    try {
      file = openSync(fileOf(this.#folder, pack), 'r')
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
    try {
      const piece = Buffer.allocUnsafeSlow(bytes)
      for (let at = 0; at < bytes; ) {
        const read = readSync(file, piece, at, bytes - at, offset + at)
        if (read === 0) return null
        at += read
      }
      return piece
    } finally {
      closeSync(file)
    }
  }

  next(): PackPlace {
    if (this.#pack === 0) this.#goOn()
    return { pack: this.#pack, offset: this.#end }
  }

  put(data: Uint8Array): void {
    this.#waiting.push(data)
    this.#end += data.byteLength
  }

  /** What `rollback` leaves of what waits. */
  get mark(): number {
    return this.#waiting.length
  }

  rollback(mark = 0): void {
    for (const { byteLength } of this.#waiting.splice(mark)) this.#end -= byteLength
  }

  /** Returns when all that was put is on disk. Throws `unavailable` where it can't be; nothing waits then. */
  flush(): void {
    if (this.#waiting.length === 0) return
    try {
      const file = (this.#file ??= this.#open())
      let at = this.#synced
      for (const data of this.#waiting) at += writeAll(file, data, at)
      if (at > this.#grown) this.#grow(file, at)
    } catch (error) {
      this.#giveUp()
      throw unavailable(error)
    }
    try {
      fdatasyncSync(this.#file)
    } catch (error) {
      // What became of its pages nobody can tell: nothing is written behind them.
      this.#giveUp()
      this.#beginNext()
      throw unavailable(error)
    }
    this.#waiting = []
    this.#synced = this.#end
    if (this.#end >= this.#atBytes) this.#beginNext()
  }

  sizeOf(pack: number): number {
    try {
      return statSync(fileOf(this.#folder, pack)).size
    } catch (error) {
      if (isMissing(error)) return 0
      throw error
    }
  }

  older(from: number, count: number): number[] {
    return numbersIn(this.#folder)
      .slice(0, -1)
      .filter(pack => pack >= from)
      .slice(0, count)
  }

  touch(pack: number): void {
    const seconds = this.#clock.now() / 1000
    try {
      utimesSync(fileOf(this.#folder, pack), seconds, seconds)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  close(): void {
    if (this.#file === null) return
    this.#cutOff()
    closeSync(this.#file)
    this.#file = null
  }

  /** Behind what an earlier process wrote, and behind all that rows name. Throws `unavailable`. */
  #goOn(): void {
    const named = this.lastNamed()
    try {
      const newest = numbersIn(this.#folder).at(-1) ?? 1
      const bytes = this.sizeOf(newest)
      const lacks = named !== null && this.sizeOf(named.pack) < named.end
      this.#synced = this.#end = lacks ? 0 : bytes
      this.#pack = lacks ? Math.max(named.pack, newest) + packsBeside : newest
    } catch (error) {
      throw unavailable(error)
    }
    if (this.#end >= this.#atBytes) this.#beginNext()
  }

  #open(): number {
    const name = fileOf(this.#folder, this.#pack)
    const file = openSync(name, this.#synced === 0 ? 'w' : 'r+')
    try {
      if (this.#synced === 0) syncFolder(path.dirname(name))
    } catch (error) {
      closeSync(file)
      throw error
    }
    return file
  }

  #grow(file: number, from: number): void {
    this.#grown = Math.ceil(from / growthBytes) * growthBytes
    try {
      writeAll(file, zeros.subarray(0, this.#grown - from), from)
    } catch {
      // Where they find no room, the bytes themselves have found theirs.
    }
  }

  #giveUp(): void {
    this.rollback()
    this.#cutOff()
  }

  #cutOff(): void {
    this.#grown = 0
    try {
      if (this.#file !== null) ftruncateSync(this.#file, this.#synced)
    } catch {
      // It is written over by what comes next, or stays as bytes that nothing names.
    }
  }

  #beginNext(): void {
    this.close()
    this.#pack++
    this.#synced = this.#end = 0
  }
}

/** Of a database. */
export const packFolderOf = (database: string): string => path.join(path.dirname(database), 'packs')

/** The file that goes on growing, of a database's packs; null where there is none yet. */
export function newestPackOf(database: string): string | null {
  const folder = packFolderOf(database)
  const newest = existsSync(folder) ? numbersIn(folder).at(-1) : undefined
  return newest === undefined ? null : fileOf(folder, newest)
}

export const hasPacks = (folder: string): boolean => existsSync(folder) && numbersIn(folder).length > 0

export const packMark = (database: string): Mark => folderMark(packFolderOf(database), hasPacks)

/** Makes the folder, and its name durable. */
export function preparePacks(folder: string): void {
  const made = mkdirSync(folder, { recursive: true })
  if (made === undefined) return
  for (let at = folder; at.length >= path.dirname(made).length; at = path.dirname(at)) syncFolder(at)
}

/** Removes files that nothing has named for an hour; where some can't be, throws why the first of them can't, behind the others. */
export function sweepPacks(folder: string, clock: Clock, isNamed: (pack: number) => boolean): void {
  const failures: unknown[] = []
  for (const pack of numbersIn(folder).slice(0, -1)) {
    const file = fileOf(folder, pack)
    try {
      if (statSync(file).mtimeMs <= clock.now() - unnamedMs && !isNamed(pack)) unlinkSync(file)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

const fileOf = (folder: string, pack: number): string => path.join(folder, String(pack))

/** Ascending. */
function numbersIn(folder: string): number[] {
  const names = readdirSync(folder).filter(name => /^[1-9]\d*$/.test(name))
  return names.map(Number).sort((a, b) => a - b)
}

function writeAll(file: number, data: Uint8Array, at: number): number {
  for (let done = 0; done < data.byteLength; ) done += writeSync(file, data, done, data.byteLength - done, at + done)
  return data.byteLength
}

function unavailable(error: unknown): StoreError {
  return new StoreError('unavailable', `a blob can't be written: ${error instanceof Error ? error.message : error}`)
}
