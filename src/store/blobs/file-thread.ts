/**
 * The thread that makes files and their names durable; see `file-writer.ts`. What it does waits for the disk, one call after
 * the other: from the main thread each of them would be a way to the thread pool, and back at the end of a turn of the loop.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, utimesSync, writeSync } from 'node:fs'
import path from 'node:path'
import { parentPort } from 'node:worker_threads'
import { freeWholeMemory } from '../../wire/memory.ts'

export interface FileJob {
  id: number
  /** Whose it is: what was made durable for another may have been removed and made again since. */
  owner: number
  /** The folder of all blobs: those below it are made. */
  root: string
  file: string
  /**
   * What is to be its content: the file `unfinished`, which has it already where `data` is null. Null where the file is there,
   * and its name alone may not be on disk yet.
   */
  content: { unfinished: string; data: Uint8Array | null; seconds: number } | null
}

export interface FileDone {
  id: number
  failure: { message: string; code: unknown } | null
}

/** By owner, folders that are durable in those above them. What a former life of this process made may not be: each is looked after once. */
const durableOf = new Map<number, Set<string>>()

/** `content`: written and synced under another name first, and given the time. */
function make({ owner, root, file, content }: FileJob): void {
  const durable = durableOf.get(owner) ?? new Set()
  durableOf.set(owner, durable)
  const folder = path.dirname(file)
  try {
    if (content?.data) writeSynced(content.unfinished, content.data)
    makeFolder(durable, root, folder)
    if (content) {
      utimesSync(content.unfinished, content.seconds, content.seconds)
      renameSync(content.unfinished, file)
    }
    syncFolder(folder)
  } catch (error) {
    // Whatever is wrong, what was there before may not be there any more.
    durable.clear()
    if (content) removeQuietly(content.unfinished)
    throw error
  }
}

function makeFolder(durable: Set<string>, root: string, folder: string): void {
  if (durable.has(folder)) return
  const above = path.dirname(folder)
  if (folder !== root) makeFolder(durable, root, above)
  mkdirSync(folder, { recursive: true })
  syncFolder(above)
  durable.add(folder)
}

function writeSynced(file: string, data: Uint8Array): void {
  withFile(file, 'wx', descriptor => {
    for (let at = 0; at < data.byteLength; ) at += writeSync(descriptor, data, at)
    fsyncSync(descriptor)
  })
}

function syncFolder(folder: string): void {
  withFile(folder, 'r', fsyncSync)
}

function withFile(name: string, flags: string, use: (descriptor: number) => void): void {
  const descriptor = openSync(name, flags)
  try {
    use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // The next start removes it.
  }
}

parentPort?.on('message', (job: FileJob) => {
  let failure: FileDone['failure'] = null
  try {
    make(job)
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    failure = { message, code }
  }
  if (job.content?.data) freeWholeMemory(job.content.data)
  const done: FileDone = { id: job.id, failure }
  parentPort?.postMessage(done)
})
