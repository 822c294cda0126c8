/** What there is to know of the nodes: for `facteur cluster status`. */
import type { Clock } from '../ops/clock.ts'
import { inTime } from '../ops/in-time.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { NodeRow, NodeState, NoticesState } from '../store/types/cluster.ts'
import { BEAT_MS, MISSED_BEATS, STATUS_MS, SURELY_DEAD_MS } from './limits.ts'
import { works } from './work.ts'

const isWork: ReadonlySet<string> = new Set(works)

export interface NodeStatus {
  nodeId: string
  /** The one that was asked. */
  isSelf: boolean
  hostname: string
  version: string
  pid: number
  roles: string[]
  state: NodeState | 'dead'
  notices: NoticesState
  /** By the time of the one that was asked. */
  startedAt: number
  /** Since its last beat, which comes every five seconds. */
  seenMs: number
  /** How long the store took for the beat before. */
  writeMs: number
  /** Recipients of the queue that it is delivering to. */
  leasedRecipients: number
  /** What it alone does. */
  work: string[]
}

export interface ClusterStatus {
  store: 'embedded' | 'postgresql'
  /** `none`: not set. */
  redis: 'none' | 'reached' | 'gone'
  nodes: NodeStatus[]
  /** In one line each; empty where all is well. */
  problems: string[]
}

export interface StatusParts {
  store: Pick<Store, 'read'>
  isShared: boolean
  redis: ClusterStatus['redis']
  /** The one that is asked; null where none runs here. */
  self: {
    nodeId: string
    isDead(nodeId: string): boolean
    clockAheadOf(nodeId: string): number | null
    silence: { ms: number; reason: string | null } | null
  } | null
  clock: Clock
}

export async function clusterStatus({ store, isShared, redis, self, clock }: StatusParts): Promise<ClusterStatus> {
  const asked = Promise.all([
    store.read('node.list', {}),
    store.read('workLease.list', {}),
    store.read('queue.leases', {}),
  ])
  const [rows, held, leases] = await inTime(STATUS_MS, asked, () => {
    throw new StoreError('unavailable', 'the store does not answer')
  })
  const now = clock.now()
  /** Of those whose beats this node counted, since it started; null of others. */
  const clockAheadOf = (nodeId: string): number | null => self?.clockAheadOf(nodeId) ?? null
  // Of others, by the clocks, which may differ, what is long ago is certain.
  const isDead = ({ nodeId, seenAt }: NodeRow): boolean =>
    self?.isDead(nodeId) ||
    (clockAheadOf(nodeId) === null && now - seenAt > (self ? SURELY_DEAD_MS : BEAT_MS * MISSED_BEATS))
  const nodes = rows.map(row => ({
    nodeId: row.nodeId,
    isSelf: row.nodeId === self?.nodeId,
    hostname: row.hostname,
    version: row.version,
    pid: row.pid,
    roles: row.roles,
    state: isDead(row) ? ('dead' as const) : row.state,
    notices: row.notices,
    startedAt: row.startedAt - (clockAheadOf(row.nodeId) ?? 0),
    seenMs: Math.max(0, now - row.seenAt + (clockAheadOf(row.nodeId) ?? 0)),
    writeMs: row.writeMs,
    leasedRecipients: leases.find(({ owner }) => owner === row.nodeId)?.recipients ?? 0,
    work: held.filter(({ name, nodeId }) => nodeId === row.nodeId && isWork.has(name)).map(({ name }) => name),
  }))
  // What it knows of the others is as old.
  const silence = self?.silence ? [silenceOf(self.silence)] : []
  const problems = [...silence, ...problemsOf(rows, nodes, redis), ...clockProblems(nodes, clockAheadOf)]
  return { store: isShared ? 'postgresql' : 'embedded', redis, nodes, problems }
}

function silenceOf({ ms, reason }: { ms: number; reason: string | null }): string {
  const since = `the store has taken no heartbeat of this node for ${Math.round(ms / 1000)} s`
  return reason === null ? since : `${since}: ${reason}`
}

function clockProblems(nodes: readonly NodeStatus[], clockAheadOf: (nodeId: string) => number | null): string[] {
  return nodes
    .filter(({ state }) => state !== 'dead')
    .flatMap(({ hostname, nodeId }) => {
      const aheadMs = clockAheadOf(nodeId) ?? 0
      if (aheadMs === 0) return []
      const differs = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`
      return [`the clock of ${hostname} (${nodeId}) is ${differs} this node's: set both by a time server`]
    })
}

function problemsOf(rows: readonly NodeRow[], nodes: readonly NodeStatus[], redis: ClusterStatus['redis']): string[] {
  const living = nodes.filter(({ state }) => state !== 'dead')
  const keyOf = (nodeId: string): string | undefined => rows.find(row => row.nodeId === nodeId)?.keyPrint
  const keys = new Set(living.map(({ nodeId }) => keyOf(nodeId)))
  const polling = living.filter(({ notices }) => notices === 'polling')
  return [
    ...nodes
      .filter(({ state }) => state === 'dead')
      .map(({ hostname, nodeId }) => `${hostname} (${nodeId}) is dead: the others take over its work`),
    ...(keys.size > 1 ? ['the nodes have different files secret.key: copy one of them to all'] : []),
    ...(redis === 'gone' ? ["Redis can't be reached from here: changes are polled"] : []),
    ...(polling.length > 0 && polling.length < living.length
      ? [`no Redis on ${polling.map(({ hostname }) => hostname).join(', ')}: changes are polled on all nodes`]
      : []),
  ]
}
