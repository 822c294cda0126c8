import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../ops/clock.ts'
import type { Request } from '../operations/request.ts'
import { failureOf, type Outcome } from './failure.ts'
import { unpack } from './packed-outcome.ts'
import { PendingWrites, unavailable } from './pending-writes.ts'
import type { Writer } from './writer.ts'
import type { FromWriter, NumberedRequest, ToWriter, WriterSettings } from './writer-messages.ts'

/** A thread that ends sooner than this after its start is not started again at once. */
const restartMs = 1000

/** Beside this file, and compiled where this one is. */
const threadFile = new URL(`./writer-thread${path.extname(import.meta.filename)}`, import.meta.url)

/** Another process whose operations come to this one's writer, and go back, as bytes that only the two ends understand. */
export interface WritingProcess {
  answered(bytes: Uint8Array): void
  /** Whatever it sent before and was not answered is not acknowledged. */
  lost(message: string): void
}

/** Sends operations to the writer's thread: those of one turn of the loop together. */
export class ThreadWriter implements Writer {
  readonly #settings: WriterSettings
  readonly #clock: Clock
  readonly #onCommit: ((operations: number) => void) | undefined
  #worker: Worker | null = null
  #startedAt = Number.NEGATIVE_INFINITY
  #lastFailure = 'it has ended'
  readonly #pending = new PendingWrites(requests => this.#send(requests))
  readonly #others = new Map<number, WritingProcess>()
  #nextOther = 1

  constructor(settings: WriterSettings, clock: Clock, onCommit?: (operations: number) => void) {
    this.#settings = settings
    this.#clock = clock
    this.#onCommit = onCommit
    this.#start()
  }

  write(request: Request): Promise<Outcome> {
    return this.#pending.write(request)
  }

  /** `relay`: what it sends, in memory of its own. */
  connect(other: WritingProcess): { relay(bytes: Uint8Array<ArrayBuffer>): void; disconnect(): void } {
    const number = this.#nextOther++
    this.#others.set(number, other)
    return {
      relay: bytes => {
        const worker = this.#running()
        if (worker) worker.postMessage({ from: number, bytes } satisfies ToWriter, [bytes.buffer])
        else other.lost(`the writer is not running: ${this.#lastFailure}`)
      },
      disconnect: () => this.#others.delete(number),
    }
  }

  async close(): Promise<void> {
    this.#pending.close()
    const worker = this.#worker
    if (!worker) return
    await new Promise<void>(resolve => {
      worker.once('exit', () => resolve())
      worker.postMessage({ close: true } satisfies ToWriter)
    })
  }

  /** The thread, started again where it ended; null where that was just now. */
  #running(): Worker | null {
    // A clock that was put back since must not keep it away.
    if (!this.#worker && Math.abs(this.#clock.now() - this.#startedAt) > restartMs) this.#start()
    return this.#worker
  }

  #send(requests: NumberedRequest[]): void {
    const worker = this.#running()
    if (!worker) {
      for (const { id } of requests)
        this.#pending.answer(id, unavailable(`the writer is not running: ${this.#lastFailure}`))
      return
    }
    try {
      worker.postMessage({ requests } satisfies ToWriter)
    } catch (error) {
      // Something that can't be copied to another thread is a defect of one caller; the others' operations go alone.
      if (requests.length === 1) this.#pending.answer(requests[0]!.id, { failure: failureOf(error) })
      else for (const request of requests) this.#send([request])
    }
  }

  #start(): void {
    this.#startedAt = this.#clock.now()
    const worker = new Worker(threadFile, { workerData: this.#settings })
    this.#worker = worker
    worker.on('message', (message: FromWriter) => {
      if ('failed' in message) {
        this.#lastFailure = message.failed.message
        return
      }
      if (message.committed > 0) this.#onCommit?.(message.committed)
      if ('to' in message) this.#others.get(message.to)?.answered(message.bytes)
      else for (const { id, outcome } of message.answers) this.#pending.answer(id, unpack(outcome))
    })
    worker.on('error', error => {
      this.#lastFailure = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', () => {
      this.#worker = null
      const message = `the writer stopped: ${this.#lastFailure}`
      this.#pending.lost(message)
      for (const other of this.#others.values()) other.lost(message)
    })
  }
}
