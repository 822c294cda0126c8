/**
 * Makes files and their names durable in threads of their own, which the process shares. The first starts with the first
 * file; one more where all have others waiting, since each waits for the disk.
 */
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { StoreError } from '../store.ts'
import type { FileDone, FileJob } from './file-thread.ts'
import { manyFiles, mostThreads } from './limits.ts'

const threadFile = new URL(`./file-thread${path.extname(import.meta.filename)}`, import.meta.url)

interface Waiting {
  resolve: () => void
  reject: (error: Error) => void
}

interface Thread {
  worker: Worker
  waiting: Map<number, Waiting>
}

class FileWriter {
  readonly #threads = new Set<Thread>()
  #lastId = 0
  #lastOwner = 0

  newOwner(): number {
    return ++this.#lastOwner
  }

  /** Rejects with what the file system says. The memory of the content is given away. */
  make(job: Omit<FileJob, 'id'>): Promise<void> {
    return new Promise((resolve, reject) => {
      const { worker, waiting } = this.#leastBusy()
      const id = ++this.#lastId
      const message: FileJob = { ...job, id }
      const memory = job.content?.data?.buffer
      worker.postMessage(message, memory instanceof ArrayBuffer ? [memory] : [])
      waiting.set(id, { resolve, reject })
      worker.ref()
    })
  }

  #leastBusy(): Thread {
    const [first, ...others] = this.#threads
    if (!first) return this.#start()
    const least = others.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a), first)
    return least.waiting.size >= manyFiles && this.#threads.size < mostThreads ? this.#start() : least
  }

  #start(): Thread {
    const worker = new Worker(threadFile)
    const waiting = new Map<number, Waiting>()
    const thread = { worker, waiting }
    this.#threads.add(thread)
    let failure = 'a thread that writes files ended'
    worker.on('message', ({ id, failure }: FileDone) => {
      const job = waiting.get(id)
      waiting.delete(id)
      // Where nobody waits it doesn't keep the process alive.
      if (waiting.size === 0) worker.unref()
      if (failure) job?.reject(Object.assign(new Error(failure.message), { code: failure.code }))
      else job?.resolve()
    })
    worker.on('error', error => {
      failure = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', () => {
      this.#threads.delete(thread)
      for (const { reject } of waiting.values()) reject(new StoreError('unavailable', failure))
    })
    return thread
  }
}

export const fileWriter = new FileWriter()
