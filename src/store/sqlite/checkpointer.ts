/**
 * Writes the log back into the database beside the writer, in a thread of its own: in the commit that finds the log long it
 * took a tenth of a second and more, in which nobody was answered.
 *
 * What the writer adds meanwhile is left over, and a log begins anew only where nothing is left; so the last few pages, which
 * take a few milliseconds, are the writer's to write back. Where the other thread falls far behind, or fails, SQLite does
 * it all within a commit (see `database.ts`).
 */
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { checkpointing, idle, over } from './checkpoint-state.ts'
import type { CheckpointThread } from './checkpoint-thread.ts'
import type { SqliteConnection } from './connection.ts'

/** Pages of the log: from how many on it is written back, and of how many the writer does it itself. */
export interface CheckpointPages {
  first: number
  last: number
}

const threadFile = new URL(`./checkpoint-thread${path.extname(import.meta.filename)}`, import.meta.url)

export class Checkpointer {
  readonly #connection: SqliteConnection
  readonly #path: string
  readonly #pages: CheckpointPages
  readonly #state = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | null = null
  /** The log was written back by the other thread, but for what came meanwhile. */
  #begun = false

  constructor(connection: SqliteConnection, path: string, pages: CheckpointPages) {
    this.#connection = connection
    this.#path = path
    this.#pages = pages
  }

  /** To be called behind each commit; takes some microseconds. Never throws. */
  committed(): void {
    if (Atomics.load(this.#state, 0) !== idle) return
    const waiting = this.#waiting()
    if (this.#begun && waiting <= this.#pages.last) {
      this.#begun = false
      this.writeBack()
    } else if (this.#begun || waiting >= this.#pages.first) {
      this.#begun = true
      this.#worker ??= this.#start()
      Atomics.store(this.#state, 0, checkpointing)
      Atomics.notify(this.#state, 0)
    }
  }

  /** Writes all of the log back at once, for when nobody waits. Never throws. */
  writeBack(): void {
    try {
      this.#connection.checkpoint()
    } catch {
      // A disk that is full or fails: the log keeps what is committed, and the next commit tells whoever waits for it.
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    const ended = new Promise(resolve => worker.once('exit', resolve))
    // What it is at may end first: it looks again then.
    Atomics.store(this.#state, 0, over)
    Atomics.notify(this.#state, 0)
    await ended
  }

  #waiting(): number {
    try {
      return this.#connection.pagesToCheckpoint()
    } catch {
      // As above: not known for now.
      return 0
    }
  }

  #start(): Worker {
    const workerData: CheckpointThread = { path: this.#path, state: this.#state }
    const worker = new Worker(threadFile, { workerData })
    // It stays at its work for ever then, and the log is written back in commits.
    worker.on('error', () => {})
    worker.on('exit', () => {
      this.#worker = null
    })
    return worker
  }
}
