/** With workers that are no processes: they answer as told. */
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LEAVING_MS } from '../../cluster/limits.ts'
import type { LoadedConfig } from '../../ops/config.ts'
import { BEAT_MS, BEATS_STARTING } from './limits.ts'
import type { FromWorker, ToWorker, WorkerReady } from './messages.ts'
import { startWorkers, type Workers } from './supervisor.ts'
import type { WorkerSees } from './worker.ts'

const ready: WorkerReady = {
  listeners: [],
  certificate: {} as WorkerReady['certificate'],
  firstStaff: null,
}

const { FakeWorker, started, next } = vi.hoisted(() => {
  const next = { hangs: false, tells: null as FromWorker | null }

  class FakeWorker {
    readonly startedAt = performance.now()
    readonly pid = 0
    readonly told: ToWorker[] = []
    readonly hears = (message: FromWorker): void => this.#sees.heard(message)
    hangs = next.hangs
    wasKilled = false
    readonly #sees: WorkerSees

    constructor(_writer: null, sees: WorkerSees) {
      this.#sees = sees
      started.push(this)
    }

    tell(message: ToWorker): void {
      this.told.push(message)
      if (this.hangs) return
      queueMicrotask(() => {
        if (message.do === 'start') {
          if (next.tells) this.#sees.heard(next.tells)
          this.#sees.heard({ told: 'ready', ready })
        }
        if (message.do === 'beat') this.#sees.heard({ told: 'beat' })
        if (message.do === 'stop') this.#sees.ended({ code: 0, signal: null })
      })
    }

    kill(): void {
      this.wasKilled = true
      this.#sees.ended({ code: null, signal: 'SIGKILL' })
    }
  }

  const started: FakeWorker[] = []
  return { FakeWorker, started, next }
})
type FakeWorker = InstanceType<typeof FakeWorker>

vi.mock('./worker.ts', () => ({ prepareWorkers: () => {}, WorkerProcess: FakeWorker }))
vi.mock('../store.ts', () => ({ lockNode: async () => null, openSharedStore: async () => null }))

let service: Workers

const start = (): Promise<Workers> =>
  startWorkers({
    loaded: {
      config: { data: path.join(tmpdir(), 'no-such-folder') },
      isDefault: () => true,
    } as unknown as LoadedConfig,
    count: 2,
    log: pino({ enabled: false }),
    logFormat: 'json',
    logged: () => {},
  })

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  started.length = 0
  Object.assign(next, { hangs: false, tells: null })
  service = await start()
})
afterEach(() => vi.useRealTimers())

/** So many times all are asked whether they do anything. */
const beats = (count: number) => vi.advanceTimersByTimeAsync(BEAT_MS * count)
const counts = (worker: FakeWorker) =>
  worker.told.flatMap(message => (message.do === 'count' ? [message.workers.up] : []))

it('tells how many are up where it differs from what was told', async () => {
  const [one, other] = started as [FakeWorker, FakeWorker]
  await beats(10)
  expect(counts(one)).toEqual([1, 2])
  other.hangs = true
  await beats(4)
  expect(counts(one)).toEqual([1, 2, 1])
  other.hangs = false
  await beats(4)
  expect([counts(one), counts(other)]).toEqual([
    [1, 2, 1, 2],
    [2, 1, 2],
  ])
  await service.stop(0)
})

it('replaces a worker that never answers since it was started', async () => {
  next.hangs = true
  started[0]?.kill()
  await beats(1)
  next.hangs = false
  const hung = started[2]
  expect(hung).toMatchObject({ hangs: true, wasKilled: false })
  await beats(BEATS_STARTING + 2)
  expect(hung?.wasKilled).toBe(true)
  expect(started).toHaveLength(4)
  expect(counts(started[3]!)).toEqual([2])
  await service.stop(0)
})

it('waits for a worker that hangs no longer while it stops than else', async () => {
  await beats(1)
  started[1]!.hangs = true
  let isStopped = false
  void service.stop(60 * 60_000).then(() => (isStopped = true))
  await beats(10)
  expect({ isStopped, timers: vi.getTimerCount() }).toEqual({ isStopped: true, timers: 0 })
})

it('drains once it is up, where it was asked to while it started', async () => {
  await service.stop(0)
  next.tells = { told: 'drain', graceMs: 7 }
  service = await start()
  const workers = started.slice(2)
  expect(workers.map(({ told }) => told.some(message => message.do === 'leave'))).toEqual([true, true])
  let graceMs: number | null = null
  void service.drained.then(ms => (graceMs = ms))
  await vi.advanceTimersByTimeAsync(LEAVING_MS)
  expect(graceMs).toBe(7)
  await service.stop(0)
})

it('ends all at once where one may not go on, and starts none again', async () => {
  const [one, other] = started as [FakeWorker, FakeWorker]
  const drained = expect(service.drained).rejects.toMatchObject({ name: 'StoreError', message: 'another has its name' })
  one.hears({ told: 'failed', name: 'StoreError', message: 'another has its name' })
  await drained
  expect([one.wasKilled, other.wasKilled]).toEqual([true, true])
  expect([one, other].flatMap(({ told }) => told).some(message => message.do === 'stop')).toBe(false)
  await beats(10)
  expect(started).toHaveLength(2)
  await service.stop(0)
})
