import path from 'node:path'
import { setImmediate } from 'node:timers'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../ops/clock.ts'
import { type Request, weightOf } from '../operations/request.ts'
import { failureOf, type Outcome } from './failure.ts'
import { maxWaitingBytes } from './limits.ts'
import { unpack } from './packed-outcome.ts'
import type { Writer } from './writer.ts'
import type { FromWriter, ToWriter, WriterSettings } from './writer-messages.ts'

/**
 * Operations that are sent without waiting for the end of the turn. A message between threads costs as much as several
 * operations in it; but callers that were answered together come back together, and the writer should not wait for the last.
 */
const sendAt = 16

/** A thread that ends sooner than this after its start is not started again at once. */
const restartMs = 1000

/** Beside this file, and compiled where this one is. */
const threadFile = new URL(`./writer-thread${path.extname(import.meta.filename)}`, import.meta.url)

interface Waiting {
  resolve: (outcome: Outcome) => void
  bytes: number
}

/** Sends operations to the writer's thread: those of one turn of the loop together. */
export class ThreadWriter implements Writer {
  readonly #settings: WriterSettings
  readonly #clock: Clock
  readonly #onCommit: ((operations: number) => void) | undefined
  #worker: Worker | null = null
  #startedAt = Number.NEGATIVE_INFINITY
  #lastFailure = 'it has ended'
  #nextId = 1
  #outgoing: { id: number; request: Request }[] = []
  readonly #waiting = new Map<number, Waiting>()
  #waitingBytes = 0
  #closing = false

  constructor(settings: WriterSettings, clock: Clock, onCommit?: (operations: number) => void) {
    this.#settings = settings
    this.#clock = clock
    this.#onCommit = onCommit
    this.#start()
  }

  write(request: Request): Promise<Outcome> {
    const bytes = weightOf(request)
    if (this.#closing) return Promise.resolve(unavailable('the store is closing'))
    if (this.#waitingBytes + bytes > maxWaitingBytes)
      return Promise.resolve(unavailable('too much waits to be written'))
    return new Promise(resolve => {
      const id = this.#nextId++
      this.#waiting.set(id, { resolve, bytes })
      this.#waitingBytes += bytes
      this.#outgoing.push({ id, request })
      if (this.#outgoing.length === 1) setImmediate(() => this.#send())
      if (this.#outgoing.length >= sendAt) this.#send()
    })
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#send()
    const worker = this.#worker
    if (!worker) return
    await new Promise<void>(resolve => {
      worker.once('exit', () => resolve())
      worker.postMessage({ close: true } satisfies ToWriter)
    })
  }

  #send(): void {
    const requests = this.#outgoing
    if (requests.length === 0) return
    this.#outgoing = []
    // A clock that was put back since must not keep it away.
    if (!this.#worker && Math.abs(this.#clock.now() - this.#startedAt) > restartMs) this.#start()
    const worker = this.#worker
    if (!worker) {
      for (const { id } of requests) this.#answer(id, unavailable(`the writer is not running: ${this.#lastFailure}`))
      return
    }
    try {
      worker.postMessage({ requests } satisfies ToWriter)
    } catch (error) {
      // Something that can't be copied to another thread is a defect of one caller; the others' operations go alone.
      if (requests.length === 1) this.#answer(requests[0]!.id, { failure: failureOf(error) })
      else
        for (const request of requests) {
          this.#outgoing = [request]
          this.#send()
        }
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
      this.#onCommit?.(message.answers.length)
      for (const { id, outcome } of message.answers) this.#answer(id, unpack(outcome))
    })
    worker.on('error', error => {
      this.#lastFailure = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', () => {
      this.#worker = null
      // What was sent and not answered may or may not be on disk; it is not acknowledged, and the caller tries again.
      const sent = new Set(this.#waiting.keys())
      for (const { id } of this.#outgoing) sent.delete(id)
      for (const id of sent) this.#answer(id, unavailable(`the writer stopped: ${this.#lastFailure}`))
    })
  }

  #answer(id: number, outcome: Outcome): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    this.#waitingBytes -= waiting.bytes
    waiting.resolve(outcome)
  }
}

function unavailable(message: string): Outcome {
  return { failure: { code: 'unavailable', message } }
}
