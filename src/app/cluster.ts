/** The nodes that share a store, wired, each process one of them; of a store that one process has, what takes their place. */
import { createHmac } from 'node:crypto'
import { countedHere, type SharedCounts } from '../accounts/shared-counts.ts'
import { forgetFormerLives } from '../cluster/former-lives.ts'
import type { Link } from '../cluster/link.ts'
import { countsOver } from '../cluster/link-counts.ts'
import { Membership } from '../cluster/membership.ts'
import { RedisLink } from '../cluster/redis.ts'
import { SharedChanges } from '../cluster/shared-changes.ts'
import { type ClusterStatus, clusterStatus } from '../cluster/status.ts'
import { type NoticeListeners, NoticeReader } from '../cluster/store-notices.ts'
import { alone, type Work } from '../cluster/work.ts'
import { type AllChanges, LocalChanges } from '../mail/changes.ts'
import type { MaildropLocks } from '../mail/maildrop.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import { secretKeyPath } from '../ops/data-folder.ts'
import type { Log } from '../ops/log.ts'
import { loadSecretKey } from '../ops/secret-box.ts'
import type { Store } from '../store/store.ts'
import type { NoticesState } from '../store/types/cluster.ts'

export interface Cluster {
  changes: AllChanges
  work: Work
  counts: SharedCounts
  /** null: there are no other nodes. */
  maildropLocks: MaildropLocks | null
  /** Whether what this node leased is still its own. */
  isTrusted(): boolean
  /** How changes of others are heard of; null: there are no others. */
  notices(): NoticesState | null
  status(): Promise<ClusterStatus>
  /** `onBeat`: every few seconds; `onFreed`: what a dead node was to deliver is anyone's. */
  start(listeners: NoticeListeners, onBeat: () => void, onFreed: () => void): Promise<void>
  /** Lets others do what this node alone did. */
  drain(): Promise<void>
  stop(): Promise<void>
}

export interface ClusterParts {
  store: Store
  config: Config
  nodeId: string
  version: string
  startedAt: number
  roles: () => string[]
  /** Between the processes of this service; null: it is the only one. */
  workers: Link | null
  /** Whatever bore this name before: whoever started this process saw to it. */
  hasEnded: boolean
  /** Another process bears this node's name, and has what was its own. */
  onNamesake: (problem: string) => void
  clock: Clock
  log: Log
}

export function createCluster(parts: ClusterParts): Cluster {
  return parts.config.store === null && parts.workers === null ? single(parts) : several(parts)
}

function single({ store, clock }: ClusterParts): Cluster {
  return {
    changes: new LocalChanges(),
    work: alone,
    counts: countedHere,
    maildropLocks: null,
    isTrusted: () => true,
    notices: () => null,
    status: () => clusterStatus({ store, isShared: false, redis: 'none', self: null, clock }),
    start: () => forgetFormerLives(store, clock),
    drain: async () => {},
    stop: async () => {},
  }
}

function several({
  store,
  config,
  nodeId,
  version,
  startedAt,
  roles,
  workers,
  hasEnded,
  onNamesake,
  clock,
  log,
}: ClusterParts): Cluster {
  const key = loadSecretKey(secretKeyPath(config))
  // Tells keys apart, and gives nothing of them away.
  const keyPrint = createHmac('sha256', key).update('nodes that belong together').digest('hex').slice(0, 16)
  const redis =
    config.redis === null
      ? null
      : new RedisLink({
          url: config.redis,
          prefix: `facteur ${keyPrint} `,
          log,
          onState: isReady => {
            if (isReady) changes.tellToLook()
            void membership.round()
          },
        })
  const link = redis ?? workers
  const changes = new SharedChanges({ store, link, othersPoll: () => membership.othersPoll, nodeId, log })
  const notices = (): NoticesState => (link?.isReady ? (redis ? 'redis' : 'workers') : 'polling')
  let state: 'running' | 'draining' = 'running'
  const membership = new Membership({
    store,
    self: () => ({
      nodeId,
      hostname: config.hostname,
      version,
      pid: process.pid,
      roles: roles(),
      state,
      notices: notices(),
      keyPrint,
      startedAt,
    }),
    hasEnded,
    onNamesake,
    clock,
    log,
  })
  const ends: (() => void)[] = []
  return {
    changes,
    work: membership,
    counts: link === null ? countedHere : countsOver(link, nodeId),
    maildropLocks: {
      take: accountId => membership.hold(`maildrop ${accountId}`),
      release: accountId => membership.release(`maildrop ${accountId}`),
    },
    isTrusted: () => membership.isTrusted,
    notices,
    status: () =>
      clusterStatus({
        store,
        isShared: config.store !== null,
        redis: redis === null ? 'none' : redis.isReady ? 'reached' : 'gone',
        self: {
          nodeId,
          isDead: id => membership.livenessOf(id) === 'dead',
          clockAheadOf: id => membership.clockAheadOf(id),
          silence: membership.silence,
        },
        clock,
      }),
    async start(listeners, onBeat, onFreed) {
      const reader = new NoticeReader({
        store,
        nodeId,
        listeners,
        behindMs: () => membership.clocksBehindMs,
        clock,
        log,
      })
      ends.push(await reader.start())
      await membership.start()
      membership.onBeat = onBeat
      membership.onFreed = onFreed
      redis?.start()
      ends.push(changes.start())
    },
    async drain() {
      state = 'draining'
      await membership.letGo()
    },
    async stop() {
      for (const end of ends.splice(0).reverse()) end()
      await link?.close()
      await membership.stop()
    },
  }
}
