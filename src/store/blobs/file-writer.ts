/** Makes files and their names durable in a thread of its own, one for the process: it starts with the first. */
import path from 'node:path'
import { isMarkedAsUntransferable, Worker } from 'node:worker_threads'
import type { FileDone, FileJob } from './file-thread.ts'

const threadFile = new URL(`./file-thread${path.extname(import.meta.filename)}`, import.meta.url)

interface Waiting {
  resolve: () => void
  reject: (error: Error) => void
}

class FileWriter {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #lastId = 0

  /** Rejects with what the file system says. `isAlone`: nobody else has the memory of the content, which is given away. */
  make(job: Omit<FileJob, 'id'>, isAlone = false): Promise<void> {
    const { content } = job
    const own = content && { ...content, data: isAlone ? content.data : new Uint8Array(content.data) }
    const given = own && isTransferable(own.data.buffer) ? [own.data.buffer] : []
    return new Promise((resolve, reject) => {
      const worker = (this.#worker ??= this.#start())
      const id = ++this.#lastId
      const message: FileJob = { ...job, id, content: own }
      worker.postMessage(message, given)
      this.#waiting.set(id, { resolve, reject })
      worker.ref()
    })
  }

  #start(): Worker {
    const worker = new Worker(threadFile)
    let failure = 'the thread that writes files ended'
    worker.on('message', ({ id, failure }: FileDone) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      // Nobody waits: it doesn't keep the process alive.
      if (this.#waiting.size === 0) worker.unref()
      if (failure) waiting?.reject(Object.assign(new Error(failure.message), { code: failure.code }))
      else waiting?.resolve()
    })
    worker.on('error', error => {
      failure = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', () => {
      this.#worker = null
      for (const { reject } of this.#waiting.values()) reject(new Error(failure))
      this.#waiting.clear()
    })
    return worker
  }
}

/** Node keeps the memory that small buffers share. */
function isTransferable(memory: ArrayBufferLike): memory is ArrayBuffer {
  return memory instanceof ArrayBuffer && !isMarkedAsUntransferable(memory)
}

export const fileWriter = new FileWriter()
