/** One worker, as the process that started it sees it. */
import type { ChildProcess } from 'node:child_process'
import cluster, { type Worker as Process } from 'node:cluster'
import { getCompileCacheDir } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Line } from '../../ops/line.ts'
import type { ThreadWriter } from '../../store/sqlite/thread-writer.ts'
import { LINE_FD } from './line-fd.ts'
import { type FromWorker, kinds, packed, type ToWorker, unpacked } from './messages.ts'

/** Beside this file, and compiled where this one is. */
const processFile = fileURLToPath(new URL(`./worker-process${path.extname(import.meta.filename)}`, import.meta.url))

export interface WorkerSees {
  heard(message: FromWorker): void
  /** With its end of line. */
  logged(line: string): void
  /** It is gone, and all it had open. */
  ended(how: { code: number | null; signal: string | null }): void
}

/** Once, before the first is started: connections are taken here and given to the workers in turn, each when it has taken the one before. */
export function prepareWorkers(): void {
  cluster.schedulingPolicy = cluster.SCHED_RR
  cluster.setupPrimary({ exec: processFile, args: [], stdio: ['ignore', 'inherit', 'pipe', 'ipc', 'pipe'] })
}

/**
 * A connection is handed over with a message that the worker answers. Node keeps its own end of one that a worker died before it
 * took, for ever: its client would wait for a greeting that nobody sends. So it is closed here, and the client comes again.
 */
function closeUntaken(process: ChildProcess): void {
  const untaken = new Map<unknown, { close(): void }>()
  const send = process.send.bind(process) as (...given: unknown[]) => boolean
  process.send = (...given: unknown[]): boolean => {
    const [message, handle] = given as [{ act?: unknown; seq?: unknown } | null, { close(): void } | undefined]
    if (handle && message?.act === 'newconn') untaken.set(message.seq, handle)
    return send(...given)
  }
  process.on('internalMessage', (message: { ack?: unknown }) => untaken.delete(message.ack))
  process.once('exit', () => {
    for (const handle of untaken.values()) handle.close()
  })
}

export class WorkerProcess {
  readonly startedAt = performance.now()
  readonly #process: Process
  readonly #line: Line
  readonly #writer: ReturnType<ThreadWriter['connect']> | null

  constructor(writer: Pick<ThreadWriter, 'connect'> | null, sees: WorkerSees) {
    const compiled = getCompileCacheDir()
    this.#process = cluster.fork(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled })
    const { stdio, stderr } = this.#process.process
    const pipe = stdio[LINE_FD]
    if (!(pipe instanceof Duplex) || stderr === null) throw new Error('a worker was started without its pipes')
    this.#line = new Line(pipe, {
      heard: (kind, bytes) => {
        if (kind === kinds.write) this.#writer?.relay(bytes)
        else sees.heard(unpacked<FromWorker>(bytes))
      },
      closed: () => this.#writer?.disconnect(),
    })
    this.#writer =
      writer?.connect({
        answered: bytes => this.#line.send(kinds.written, bytes),
        lost: message => this.#line.send(kinds.lost, Buffer.from(message)),
      }) ?? null
    createInterface({ input: stderr }).on('line', line => sees.logged(`${line}\n`))
    // A message that can't be brought to a process that is gone: its exit tells. One that could not be started has none.
    this.#process.on('error', () => {
      if (this.#process.process.pid === undefined) sees.ended({ code: null, signal: null })
    })
    this.#process.process.once('exit', (code, signal) => sees.ended({ code, signal }))
    closeUntaken(this.#process.process)
  }

  get pid(): number {
    return this.#process.process.pid ?? 0
  }

  tell(message: ToWorker): void {
    this.#line.send(kinds.message, packed(message))
  }

  /** It ends as soon as it hears of it. */
  hangUp(): void {
    this.#line.close()
  }

  kill(): void {
    this.#process.process.kill('SIGKILL')
  }
}
