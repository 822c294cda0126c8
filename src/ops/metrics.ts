/**
 * What the service counts and measures, for Prometheus. The parts that do the work know nothing of it: the store and the
 * door are watched from outside, connections and commands are told by those who put the parts together.
 */
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import type { Operations, Store } from '../store/store.ts'
import { StoreError } from '../store/store.ts'
import type { RecipientStatus } from '../store/types.ts'
import type { FreeSpaces } from './disk-space.ts'

interface Activity {
  opened(): void
  closed(): void
  command(name: string): void
}

/** What one process has measured, as values. */
export type Measured = MetricObjectWithValues<MetricValue<string>>[]

export interface Metrics {
  /** The exposition text. */
  render(): Promise<string>
  /** To be put together with that of other processes of the service. */
  measured(): Promise<Measured>
  readonly contentType: string
  /** What the servers of one protocol tell. */
  activity(protocol: string): Activity
  /** `outcome`: `ok`, or why not. */
  signIn(protocol: string, outcome: string): void
  /** Operations that one commit made durable. */
  committed(operations: number): void
  /** The same store, its writes timed and what becomes of messages counted. */
  watch(store: Store): Store
}

const LATENCY_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const BATCH_OPERATIONS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
/** The exposition text of several processes: sums, but where the metric says otherwise. */
export const shownTogether = (all: Measured[]): Promise<string> => AggregatorRegistry.aggregate(all).metrics()

/** Every status has a line, also when nothing has it. */
const STATUSES: RecipientStatus[] = ['queued', 'held', 'delivered', 'failed', 'expired', 'removed']

/** `freeSpaces`: of the store's folders on disks of this machine. */
export function createMetrics({ version, freeSpaces }: { version: string; freeSpaces?: FreeSpaces }): Metrics {
  let counted: Store | null = null
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  collectDefaultMetrics({ register: registry, prefix: 'facteur_' })
  new Gauge({
    name: 'facteur_info',
    help: 'The version that runs',
    labelNames: ['version'],
    registers,
    aggregator: 'first',
  }).set({ version }, 1)

  const open = new Gauge({
    name: 'facteur_connections',
    help: 'Open connections',
    labelNames: ['protocol'],
    registers,
  })
  const opened = new Counter({
    name: 'facteur_connections_total',
    help: 'Connections since the start',
    labelNames: ['protocol'],
    registers,
  })
  const commands = new Counter({
    name: 'facteur_commands_total',
    help: 'Commands of clients',
    labelNames: ['protocol', 'command'],
    registers,
  })
  const signIns = new Counter({
    name: 'facteur_sign_ins_total',
    help: 'Attempts to sign in',
    labelNames: ['protocol', 'outcome'],
    registers,
  })
  const accepted = new Counter({
    name: 'facteur_messages_accepted_total',
    help: 'Messages that came in and are on disk',
    registers,
  })
  const delivered = new Counter({
    name: 'facteur_deliveries_total',
    help: 'Recipients that a message was delivered to, here or by another server',
    labelNames: ['to'],
    registers,
  })
  const bounced = new Counter({
    name: 'facteur_bounced_total',
    help: 'Recipients given up, refused for good or out of time',
    labelNames: ['status'],
    registers,
  })
  new Gauge({
    name: 'facteur_queue_recipients',
    help: 'Recipients in the queue by status, settled ones until they are forgotten',
    labelNames: ['status'],
    registers,
    // All processes of a service ask the same store.
    aggregator: 'first',
    async collect() {
      const rows = (await counted?.read('queue.counts', {})) ?? []
      const counts = new Map(rows.map(row => [row.status, row.recipients]))
      for (const status of STATUSES) this.set({ status }, counts.get(status) ?? 0)
    },
  })
  new Gauge({
    name: 'facteur_disk_free_bytes',
    help: 'Room left on the disks of the store, by folder',
    labelNames: ['folder'],
    registers,
    aggregator: 'first',
    async collect() {
      this.reset()
      for (const answer of await Promise.allSettled(freeSpaces?.ask() ?? []))
        if (answer.status === 'fulfilled') this.set({ folder: answer.value.folder }, answer.value.bytes)
    },
  })
  const writeSeconds = new Histogram({
    name: 'facteur_store_write_seconds',
    help: 'From asking for an operation to its being on disk',
    labelNames: ['operation'],
    buckets: LATENCY_SECONDS,
    registers,
  })
  const writeFailures = new Counter({
    name: 'facteur_store_write_failures_total',
    help: 'Operations of the store that were refused or failed',
    labelNames: ['operation', 'code'],
    registers,
  })
  const batch = new Histogram({
    name: 'facteur_store_commit_operations',
    help: 'Operations made durable by one commit',
    buckets: BATCH_OPERATIONS,
    registers,
  })

  /** What the result of an operation says about mail. */
  function count<K extends keyof Operations>(
    operation: K,
    args: Operations[K]['args'],
    result: Operations[K]['result'],
  ): void {
    // Operation, arguments and result belong together by the caller's signature, which a union can't express.
    if (operation === 'message.accept') {
      accepted.inc()
      delivered.inc({ to: 'here' }, (result as Operations['message.accept']['result']).delivered.length)
    } else if (operation === 'queue.settle') {
      for (const { status } of (args as Operations['queue.settle']['args']).results)
        if (status === 'delivered') delivered.inc({ to: 'elsewhere' })
        else if (status === 'failed' || status === 'expired') bounced.inc({ status })
    }
  }

  return {
    render: () => registry.metrics(),
    measured: () => registry.getMetricsAsJSON(),
    contentType: registry.contentType,
    activity: protocol => ({
      opened() {
        opened.inc({ protocol })
        open.inc({ protocol })
      },
      closed: () => open.dec({ protocol }),
      command: command => commands.inc({ protocol, command }),
    }),
    signIn: (protocol, outcome) => signIns.inc({ protocol, outcome }),
    committed: operations => batch.observe(operations),
    watch(watched) {
      counted = watched
      return {
        blobs: watched.blobs,
        read: (query, args) => watched.read(query, args),
        async write(operation, args) {
          const from = performance.now()
          try {
            const result = await watched.write(operation, args)
            writeSeconds.observe({ operation }, (performance.now() - from) / 1000)
            count(operation, args, result)
            return result
          } catch (error) {
            writeFailures.inc({ operation, code: error instanceof StoreError ? error.code : 'internal' })
            throw error
          }
        },
        verify: progress => watched.verify(progress),
        close: () => watched.close(),
      }
    },
  }
}
