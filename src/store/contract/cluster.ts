/** Operations and queries of the nodes that share a store. */
import type { NodeBeat, NodeLife, NodeRow, WorkLeaseRow } from '../types/cluster.ts'
import type { AccountId, Modseq } from '../types.ts'
import type { Define } from './define.ts'

export interface ClusterOperations {
  /** A node lives, or begins to. False where another process bears its name: nothing is changed then. */
  'node.beat': Define<NodeBeat & { at: number }, boolean>
  /**
   * A node is gone for good, or was not seen since: what it leased of work is free. `life`: of whom alone; where another process bears
   * the name by now, what there is is that one's.
   */
  'node.leave': Define<{ nodeId: string; life?: NodeLife }, void>
  /** Gives back what a dead node had leased of the queue and of webhooks; null where it has given a sign since, or is gone. */
  'node.bury': Define<{ nodeId: string; startedAt: number; beats: number; at: number }, { recipients: number } | null>
  /** Takes, or keeps, what nobody has, or one of the dead. False where another has it. */
  'workLease.take': Define<{ name: string; nodeId: string; dead: readonly string[]; at: number }, boolean>
  'workLease.release': Define<{ name: string; nodeId: string }, void>
  /** Tells the other nodes; with what changed, in its transaction. */
  'notice.put': Define<{ topics: readonly string[]; stamp: string; at: number }, void>
  'notice.sweep': Define<{ before: number; limit: number }, { removed: number }>
}

export interface ClusterQueries {
  /** By name of the host, then id. */
  'node.list': Define<Record<never, never>, NodeRow[]>
  'workLease.list': Define<Record<never, never>, WorkLeaseRow[]>
  'notice.since': Define<{ since: number }, { topic: string; stamp: string }[]>
  /** Recipients of the queue that each owner has leased. */
  'queue.leases': Define<Record<never, never>, { owner: string; recipients: number }[]>
  /** Of those that are there. */
  'account.modseqs': Define<{ accountIds: readonly AccountId[] }, { accountId: AccountId; modseq: Modseq }[]>
}
