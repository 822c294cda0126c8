/** The well-behaved clients beside an attack: how long their answers took meanwhile, and what the service's memory grew by. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { expect } from 'vitest'

/** What they do, each on a connection of its own. */
export const kinds = ['reads', 'stores', 'deliveries'] as const
export type Kind = (typeof kinds)[number]

export interface NeighbourData {
  ports: { imap: number; smtp: number }
  pid: number
  user: string
  password: string
}

export interface Wait {
  answers: number
  /** Of one pair of questions, on the clock. */
  slowestMs: number
  /** And how long the service's main thread was at work meanwhile: what the neighbour waited for, on any machine. */
  slowestBusyMs: number
}

export interface Measured {
  waits: Record<Kind, Wait>
  /** At the beginning, and the most there was. */
  residentBytes: number
  peakBytes: number
}

export interface Effect extends Measured {
  grownBytes: number
  /** Processor time of the whole service. */
  cpuMs: number
  ms: number
}

export interface Bounds {
  busyMs?: number
  grownMB?: number
  cpuMs?: number
}

/** An answer that takes so long was forgotten; a machine at its limit still gives one. */
const SLOWEST_MS = 10_000
/** Of the main thread at work while a neighbour waits: no step of ours is to take longer, and few share a turn. */
const BUSY_MS = 600
const GROWN_MB = 200

export class Neighbour {
  readonly #worker: Worker
  readonly #pid: number
  #failed: string | null = null

  private constructor(worker: Worker, pid: number) {
    this.#worker = worker
    this.#pid = pid
    worker.on('message', message => {
      if (message.failed) this.#failed = message.failed
    })
    worker.on('error', error => (this.#failed = String(error)))
  }

  static async start(data: NeighbourData): Promise<Neighbour> {
    const worker = new Worker(new URL('./neighbour-thread.ts', import.meta.url), { workerData: data })
    const neighbour = new Neighbour(worker, data.pid)
    await neighbour.#next()
    return neighbour
  }

  async #next(): Promise<Measured> {
    // Rejects where the thread fails, and then listens to it no more.
    const [message] = await once(this.#worker, 'message')
    if (message.failed) throw new Error(message.failed)
    return message
  }

  async #take(): Promise<Measured> {
    if (this.#failed !== null) throw new Error(this.#failed)
    const next = this.#next()
    this.#worker.postMessage('take')
    return next
  }

  /** What the work did to the neighbour; holds it to the bounds. */
  async during(work: () => Promise<void>, bounds: Bounds = {}): Promise<Effect> {
    await this.#take()
    const [cpuBefore, before] = [cpuMs(this.#pid), performance.now()]
    await work()
    const measured = await this.#take()
    const effect = {
      ...measured,
      grownBytes: measured.peakBytes - measured.residentBytes,
      cpuMs: cpuMs(this.#pid) - cpuBefore,
      ms: performance.now() - before,
    }
    if (process.env.FACTEUR_HOSTILE_FIGURES) tell(effect)
    for (const kind of kinds) {
      const { answers, slowestMs, slowestBusyMs } = effect.waits[kind]
      expect(answers, `answers to the neighbour, ${kind}`).toBeGreaterThan(0)
      expect(slowestMs, `the slowest answer of ${kind}`).toBeLessThan(SLOWEST_MS)
      expect(slowestBusyMs, `work before the neighbour had his turn, ${kind}`).toBeLessThan(bounds.busyMs ?? BUSY_MS)
    }
    expect(effect.grownBytes, 'memory').toBeLessThan((bounds.grownMB ?? GROWN_MB) * 1_000_000)
    if (bounds.cpuMs) expect(effect.cpuMs, 'processor time').toBeLessThan(bounds.cpuMs)
    return effect
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** User and system time of all threads; the clock's ticks are hundredths of a second. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function tell({ waits, grownBytes, cpuMs, ms }: Effect): void {
  const { currentTestName } = expect.getState()
  const slowest = kinds.map(kind => {
    const { answers, slowestMs, slowestBusyMs } = waits[kind]
    return `${kind} ${slowestMs.toFixed(0)} ms (busy ${slowestBusyMs.toFixed(0)}) of ${answers}`
  })
  const figures = `slowest ${slowest.join(', ')}; +${(grownBytes / 1e6).toFixed(0)} MB, cpu ${cpuMs} ms in ${ms.toFixed(0)} ms`
  process.stderr.write(`${currentTestName}: ${figures}\n`)
}
