/**
 * Threads that run the jobs of texts. The first starts with the first job, or before; one more where jobs wait and all have been
 * at work for long; and all but one end when there was none for long.
 */
import { Worker } from 'node:worker_threads'
import { StoreError } from '../../store/store.ts'
import type { Job, JobName, JobResult, TextRunner } from './jobs.ts'
import { ANOTHER_AFTER_MS, END_MS, FAILED_START_PAUSE_MS, THREAD_IDLE_MS, THREADS } from './limits.ts'
import { errorOf, type FromTextThread, type ToTextThread } from './thread-messages.ts'

interface Waiting {
  message: ToTextThread
  resolve: (result: JobResult<JobName>) => void
  reject: (error: Error) => void
}

interface Thread {
  worker: Worker
  /** False while it starts, which takes longer than many a job: the others go on meanwhile. */
  isReady: boolean
  /** What it works on. */
  job: Waiting | null
  idle: NodeJS.Timeout | undefined
}

/** Jobs that nobody waits for: they take one thread at a time, and go behind all others. */
const background: readonly JobName[] = ['pack', 'earlier', 'renew']

export class TextThreads implements TextRunner {
  readonly #file: URL
  readonly #data: unknown
  readonly #threads = new Set<Thread>()
  #waiting: Waiting[] = []
  #inBackground: Waiting[] = []
  /** Starts one more where jobs wait for all there are. */
  #another: NodeJS.Timeout | null = null
  /** When the last one failed to start. */
  #failedAt = Number.NEGATIVE_INFINITY
  #closed = false

  /** `file`: a module that serves jobs (see serve.ts); `data`: what it is given, to find the store by. */
  constructor(file: URL, data: unknown) {
    this.#file = file
    this.#data = data
  }

  /** So that who searches first doesn't wait for a thread to start; where none can be started now, the first job tries again. */
  startFirst(): void {
    if (this.#threads.size > 0 || this.#closed) return
    try {
      this.#start()
    } catch {}
  }

  run<Name extends JobName>(name: Name, job: Job<Name>): Promise<JobResult<Name>> {
    if (this.#closed) return Promise.reject(closed())
    return new Promise((resolve, reject) => {
      // The answer to a job is of its name.
      const waiting = { message: { name, job } as ToTextThread, resolve: resolve as Waiting['resolve'], reject }
      ;(background.includes(name) ? this.#inBackground : this.#waiting).push(waiting)
      this.#assign()
    })
  }

  /** What is under way is given up: nothing is lost by it. */
  async close(): Promise<void> {
    this.#closed = true
    this.#startNoOther()
    const threads = [...this.#threads]
    for (const waiting of [...this.#waiting.splice(0), ...this.#inBackground.splice(0)]) waiting.reject(closed())
    await Promise.all(threads.map(ended))
  }

  #assign(startsAnother = false): void {
    for (;;) {
      const isBackgroundBusy = [...this.#threads].some(
        ({ job }) => job?.message && background.includes(job.message.name),
      )
      const from = this.#waiting.length > 0 ? this.#waiting : isBackgroundBusy ? [] : this.#inBackground
      if (from.length === 0) return
      const thread = [...this.#threads].find(({ isReady, job }) => isReady && job === null)
      if (!thread) {
        if (this.#threads.size === 0 || (startsAnother && this.#threads.size < THREADS)) this.#start()
        else if (this.#threads.size < THREADS) this.#startAnotherLater()
        return
      }
      clearTimeout(thread.idle)
      thread.job = from.shift()!
      thread.worker.postMessage(thread.job.message)
    }
  }

  /** Once all have been at work for long, and jobs wait still. */
  #startAnotherLater(): void {
    const delayMs = Math.max(ANOTHER_AFTER_MS, this.#failedAt + FAILED_START_PAUSE_MS - performance.now())
    this.#another ??= setTimeout(() => {
      this.#another = null
      try {
        this.#assign(true)
      } catch {
        // No thread is to be had now: those that there are go on.
      }
    }, delayMs).unref()
  }

  #startNoOther(): void {
    if (this.#another) clearTimeout(this.#another)
    this.#another = null
  }

  #start(): void {
    const worker = new Worker(this.#file, { workerData: this.#data })
    const thread: Thread = { worker, isReady: false, job: null, idle: undefined }
    this.#threads.add(thread)
    let failure = 'a thread of texts ended'
    thread.worker.unref()
    thread.worker.on('message', (message: FromTextThread) => {
      const { job } = thread
      thread.job = null
      if ('ready' in message) thread.isReady = true
      else if ('failure' in message) job?.reject(errorOf(message.failure))
      else job?.resolve(message.result)
      if (this.#closed) return
      this.#assign()
      if (thread.job !== null) return
      this.#startNoOther()
      thread.idle = setTimeout(() => this.#end(thread), THREAD_IDLE_MS).unref()
    })
    thread.worker.on('error', error => {
      failure = error instanceof Error ? error.message : String(error)
    })
    thread.worker.on('exit', () => {
      clearTimeout(thread.idle)
      this.#threads.delete(thread)
      if (!thread.isReady) this.#failedAt = performance.now()
      // One that could not start fails a job that waited for it; where there are others, they do it.
      const isLast = this.#threads.size === 0
      const job = thread.isReady ? thread.job : isLast ? (this.#waiting.shift() ?? this.#inBackground.shift()) : null
      job?.reject(this.#closed ? closed() : new Error(failure))
      if (!this.#closed) this.#assign()
    })
  }

  /** One stays for whoever asks next. */
  #end(thread: Thread): void {
    if (this.#threads.size < 2) return
    this.#threads.delete(thread)
    thread.worker.postMessage(null)
  }
}

/**
 * It ends by itself: where a thread is stopped at the moment in which it begins to unpack, Node ends the whole process
 * ("close before init"). Only one that doesn't answer is stopped; it waits for something then.
 */
async function ended({ worker }: Thread): Promise<void> {
  const hasEnded = new Promise<void>(resolve => worker.once('exit', () => resolve()))
  const late = setTimeout(() => void worker.terminate(), END_MS)
  // So that the process waits for it.
  worker.ref()
  worker.postMessage(null)
  await hasEnded
  clearTimeout(late)
}

const closed = (): StoreError => new StoreError('unavailable', 'the store is closing')
