/** The outbound side put together: what is queued in the store is routed, delivered, tried again, and bounced when it must be. */
import type { Door } from '../mail/accept.ts'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import type { Resolver } from '../ops/resolver.ts'
import type { Store } from '../store/store.ts'
import { LocalDeliverer } from './local.ts'
import { ConnectionPool } from './pool.ts'
import { RemoteDeliverer } from './remote.ts'
import type { Reporter } from './report.ts'
import { Scheduler } from './scheduler.ts'
import type { QueueSettings } from './settings.ts'
import { Settler, type WatchesFailures } from './settling.ts'
import { systemTimers, type Timers } from './timers.ts'

export interface QueueOptions {
  store: Store
  /** Where recipients of this service are delivered. */
  door: Door
  /** Writes what senders are told. */
  reporter: Reporter
  resolver: Resolver
  settings: QueueSettings
  /** This server's name: in EHLO, and met in an MX list a loop. */
  hostname: string
  clock: Clock
  log: Log
  /** Looks at what accounts send in vain. */
  watch?: WatchesFailures
  /** Names this process's leases; the same after a restart. The host name where there is one process. */
  owner?: string
  timers?: Timers
  random?: () => number
}

export interface Queue {
  /** Returns the leases of a former life, then begins. */
  start(): Promise<void>
  /** Something was queued or changed. */
  wake(): void
  /** What is leased may be another node's by now: nothing begins, and what has not been handed over whole is broken off. */
  suspend(): void
  resume(): void
  /** Takes nothing new, gives deliveries under way `graceMs` to end, then breaks them off. */
  stop(graceMs: number): Promise<void>
}

export function createQueue(options: QueueOptions): Queue {
  const { store, door, reporter, resolver, settings, hostname, clock, log } = options
  const random = options.random ?? Math.random
  const owner = options.owner ?? hostname
  const timers = options.timers ?? systemTimers
  const pool = new ConnectionPool(settings)
  const local = new LocalDeliverer({ door, clock, log })
  const scheduler = new Scheduler({
    store,
    local,
    remote: new RemoteDeliverer({ store, local, resolver, pool, settings, hostname, clock, random }),
    settler: new Settler({
      store,
      reporter,
      settings,
      clock,
      timers,
      log,
      random,
      owner,
      watch: options.watch ?? null,
    }),
    settings,
    clock,
    timers,
    log,
    owner,
  })
  return {
    start: () => scheduler.start(),
    wake: () => scheduler.wake(),
    suspend: () => scheduler.suspend(),
    resume: () => scheduler.resume(),
    async stop(graceMs) {
      await scheduler.stop(graceMs)
      pool.close()
    },
  }
}
