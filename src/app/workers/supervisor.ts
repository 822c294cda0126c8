/**
 * The first process of a service of several: it has the ports, and on the embedded store the writer; starts the workers, carries
 * what they tell each other, and starts again those that end. It speaks no protocol and reads nothing that strangers send.
 */
import { rmSync } from 'node:fs'
import { forgetFormerLives } from '../../cluster/former-lives.ts'
import { LEAVING_MS } from '../../cluster/limits.ts'
import { systemClock } from '../../ops/clock.ts'
import type { LoadedConfig } from '../../ops/config.ts'
import { settingNames } from '../../ops/config-settings.ts'
import { controlSocketPath } from '../../ops/control.ts'
import type { Log } from '../../ops/log.ts'
import { createMetrics } from '../../ops/metrics.ts'
import { packageVersion } from '../../ops/version.ts'
import type { Lock } from '../../store/sqlite/lock.ts'
import type { SharedSqliteStore } from '../../store/sqlite/open.ts'
import { tellCut, tellIncomplete } from '../incomplete-store.ts'
import { lockNode, openSharedStore } from '../store.ts'
import { Heartbeat } from './heartbeat.ts'
import { BEAT_MS, STOP_MS } from './limits.ts'
import { Measuring } from './measuring.ts'
import type { FromWorker, ToWorker, WorkerReady, WorkerStart } from './messages.ts'
import { Restarts } from './restarts.ts'
import { Switchboard } from './switchboard.ts'
import { prepareWorkers, WorkerProcess } from './worker.ts'

export interface SupervisorOptions {
  loaded: LoadedConfig
  count: number
  log: Log
  logFormat: 'json' | 'text'
  /** Takes what workers log, line by line. */
  logged: (line: string) => void
}

/** The service as a whole. */
export interface Workers extends WorkerReady {
  /** Rejects where no worker may go on. */
  readonly drained: Promise<number>
  reload(): void
  /** Each lets what is under way end for `graceMs`; then the store is closed. */
  stop(graceMs: number): Promise<void>
}

/** What a worker couldn't start for, by the name it has in the process where it can be expected. */
class WorkerError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

interface Seated {
  process: WorkerProcess
  isReady: boolean
  heartbeat: Heartbeat
}

/** Rejects where the service can't start, with nothing left running, as `startApp` does. */
export async function startWorkers(options: SupervisorOptions): Promise<Workers> {
  const supervisor = new Supervisor(options)
  try {
    return await supervisor.start()
  } catch (error) {
    await supervisor.stop(0)
    throw error
  }
}

class Supervisor {
  readonly #options: SupervisorOptions
  readonly #service = { pid: process.pid, startedAt: systemClock.now() }
  readonly #seats = new Map<number, Seated>()
  readonly #restarts = new Map<number, Restarts>()
  readonly #switchboard = new Switchboard<WorkerProcess>()
  readonly #metrics = createMetrics({ version: packageVersion() })
  readonly #measuring = new Measuring<WorkerProcess>(this.#metrics)
  /** Of workers that are to be started again, and of the end. */
  readonly #timers = new Set<NodeJS.Timeout>()
  #beat: NodeJS.Timeout | undefined
  /** How many are up, as they know it. */
  #toldUp = 0
  #lock: Lock | null = null
  #shared: SharedSqliteStore | null = null
  #ready: WorkerReady | null = null
  #state: 'starting' | 'running' | 'leaving' | 'stopping' = 'starting'
  /** By a command that found the first worker up while the others were starting. */
  #drainAsked: number | null = null
  /** Why no worker may go on. */
  #failure: Error | null = null
  #drained = (_: number): void => {}
  #failed = (_: Error): void => {}
  readonly #untilDrained = new Promise<number>((resolve, reject) => {
    this.#drained = resolve
    this.#failed = reject
  })

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  async start(): Promise<Workers> {
    const { loaded, count, log } = this.#options
    const onIncomplete = tellIncomplete(log)
    const socket = controlSocketPath(loaded.config.data)
    this.#lock = await lockNode(loaded.config)
    const told = { onCommit: this.#metrics.committed, onIncomplete, onCut: tellCut(log) }
    this.#shared = await openSharedStore(loaded.config, told)
    if (this.#shared) await forgetFormerLives(this.#shared.store, systemClock)
    // Whoever left it there is gone: the workers bind it together.
    rmSync(socket, { force: true })
    prepareWorkers()
    this.#planBeat()
    // What a first start makes (key, certificate), and which ports can be had, the others find.
    const ready = await this.#startOne(1)
    this.#ready = ready
    for (const { service, address, port } of ready.listeners)
      this.#options.log.info({ service, address, port }, 'listening')
    await Promise.all(Array.from({ length: count - 1 }, (_, index) => this.#startOne(index + 2)))
    this.#state = 'running'
    if (this.#drainAsked !== null) this.#drain(this.#drainAsked)
    return {
      ...ready,
      drained: this.#untilDrained,
      reload: () => this.#tellAll({ do: 'reload' }),
      stop: graceMs => this.stop(graceMs),
    }
  }

  async stop(graceMs: number): Promise<void> {
    this.#state = 'stopping'
    for (const timer of this.#timers) clearTimeout(timer)
    this.#tellAll({ do: 'stop', graceMs })
    const cut = setTimeout(() => {
      for (const { process } of this.#seats.values()) process.kill()
    }, graceMs + STOP_MS)
    while (this.#seats.size > 0) await this.#oneEnded()
    clearTimeout(cut)
    clearTimeout(this.#beat)
    await this.#shared?.store.close()
    this.#lock?.release()
  }

  #whenOneEnds: (() => void)[] = []
  #oneEnded(): Promise<void> {
    return new Promise(resolve => this.#whenOneEnds.push(resolve))
  }

  /** Rejects with what it couldn't start for. */
  #startOne(number: number): Promise<WorkerReady> {
    const { log, logged } = this.#options
    return new Promise((resolve, reject) => {
      let failure: Error | null = null
      const process = new WorkerProcess(this.#shared?.writer ?? null, {
        heard: message => {
          if (message.told === 'ready') {
            seated.isReady = true
            if (this.#state === 'leaving') process.tell({ do: 'leave' })
            this.#tellCount()
            resolve(message.ready)
          } else if (message.told === 'failed') {
            failure = new WorkerError(message.name, message.message)
            if (seated.isReady) this.#fail(failure)
            else process.hangUp()
          } else if (message.told === 'beat') {
            const wasDoubted = seated.heartbeat.isDoubted
            seated.heartbeat.answered()
            if (wasDoubted) this.#tellCount()
          } else this.#heard(process, message)
        },
        logged,
        ended: how => {
          this.#seats.delete(number)
          this.#switchboard.forget(process)
          this.#measuring.forget(process)
          this.#tellCount()
          const lived = performance.now() - process.startedAt
          reject(
            failure ?? this.#failure ?? new Error(`worker ${number} ended while it started: ${how.signal ?? how.code}`),
          )
          const wasServing = seated.isReady && this.#state !== 'stopping'
          if (wasServing || this.#state === 'running')
            log.error({ worker: number, pid: process.pid, ...how }, 'a worker ended, and its sessions with it')
          if (this.#state === 'running' || (wasServing && this.#state === 'starting')) this.#startAgain(number, lived)
          for (const heard of this.#whenOneEnds.splice(0)) heard()
        },
      })
      const seated: Seated = { process, isReady: false, heartbeat: new Heartbeat() }
      this.#seats.set(number, seated)
      process.tell({ do: 'start', start: this.#startOf(number) })
    })
  }

  #startAgain(number: number, livedMs: number): void {
    const { log } = this.#options
    const restarts = this.#restarts.get(number) ?? new Restarts()
    this.#restarts.set(number, restarts)
    const delayMs = restarts.delayAfter(livedMs)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#startOne(number).then(
        () => log.info({ worker: number }, 'a worker is back'),
        // Said where it ended; it is tried again.
        () => {},
      )
    }, delayMs)
    this.#timers.add(timer)
  }

  #startOf(number: number): WorkerStart {
    const { loaded, count, logFormat } = this.#options
    return {
      number,
      of: count,
      config: loaded.config,
      defaults: settingNames.filter(name => loaded.isDefault(name)),
      logFormat,
      service: this.#service,
      ports: this.#ready?.listeners ?? null,
    }
  }

  /** Again and again, each time after the one before: what was missed while this process stood still is not made up for. */
  #planBeat(): void {
    this.#beat = setTimeout(() => {
      for (const [number, { process, heartbeat }] of this.#seats) {
        heartbeat.asked()
        if (heartbeat.isDead) {
          this.#options.log.error({ worker: number, pid: process.pid }, 'a worker does not answer, and is killed')
          process.kill()
        } else process.tell({ do: 'beat' })
      }
      this.#tellCount()
      this.#planBeat()
    }, BEAT_MS)
  }

  #heard(from: WorkerProcess, message: Exclude<FromWorker, { told: 'ready' | 'failed' | 'beat' }>): void {
    switch (message.told) {
      case 'say':
        for (const other of this.#switchboard.othersAt(message.channel, from))
          other.tell({ do: 'hear', channel: message.channel, text: message.text })
        break
      case 'listen':
        this.#switchboard.listen(from, message.channel)
        from.tell({ do: 'begin', channel: message.channel })
        break
      case 'deafen':
        this.#switchboard.deafen(from, message.channel)
        break
      case 'drain':
        this.#drain(message.graceMs)
        break
      case 'measured':
        this.#measuring.told(from, message.question, message.measured)
        break
      case 'ask': {
        void this.#measuring
          .ask(this.#up().map(({ process }) => process))
          .then(text => from.tell({ do: 'show', question: message.question, text }))
      }
    }
  }

  /** None of them may go on, nor end in good order. */
  #fail(failure: Error): void {
    this.#state = 'stopping'
    this.#failure = failure
    this.#options.log.error({ problem: failure.message }, 'this process can’t go on: it ends at once')
    // Nobody may wait for it yet.
    this.#untilDrained.catch(() => {})
    for (const { process } of this.#seats.values()) process.kill()
    this.#failed(failure)
  }

  #drain(graceMs: number): void {
    if (this.#state === 'starting') this.#drainAsked = graceMs
    if (this.#state !== 'running') return
    this.#state = 'leaving'
    this.#options.log.info({ graceMs }, 'draining: what is under way may end, nothing new is taken')
    this.#tellAll({ do: 'leave' })
    this.#timers.add(setTimeout(() => this.#drained(graceMs), LEAVING_MS))
  }

  #tellAll(message: ToWorker): void {
    for (const { process } of this.#seats.values()) process.tell(message)
  }

  #up(): Seated[] {
    return [...this.#seats.values()].filter(({ isReady, heartbeat }) => isReady && !heartbeat.isDoubted)
  }

  /** One that has come knows none; it makes them one more. */
  #tellCount(): void {
    const up = this.#up().length
    if (up === this.#toldUp) return
    this.#toldUp = up
    this.#tellAll({ do: 'count', workers: { up, of: this.#options.count } })
  }
}
