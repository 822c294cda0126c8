/** Operations and queries on what became of messages. Traces of what enters are written by `message.accept`, attempts by `queue.settle`. */
import type {
  LinkedRecipient,
  NewTrace,
  TraceEvent,
  TraceEventDetail,
  TraceEventKind,
  TraceRow,
  TraceScope,
  TraceSearch,
} from '../types/trace.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

export interface TraceLinkRow {
  traceId: number
  /** The recipients that whoever made it may see, and how much of each; null for all, as staff see them. */
  recipients: LinkedRecipient[] | null
  createdBy: string
  createdAt: number
  expiresAt: number
}

/** So much as holds the writer for some milliseconds. */
export interface TraceIndexStep {
  size: number
  /** It ends with the trace that brings it to so many hashes, as those with many recipients do. */
  keys: number
  before: number
  /** It ends too where the segment does: after so many ids of traces and events, or so long after its first trace. */
  segmentIds: number
  segmentMs: number
}

export interface TraceOperations {
  /** What no transaction of its own tells of: refusals, and what was read. Events of traces that are gone are left out. */
  'trace.record': Define<
    {
      traces: NewTrace[]
      events: { traceId: number; at: number; recipient: string; kind: TraceEventKind; detail: TraceEventDetail }[]
    },
    void
  >
  /** Takes the first `size` traces that are not in the index into it, or fewer where the first is older than `before`. */
  'trace.index': Define<TraceIndexStep, { indexed: number }>
  /** Forgets segments that ended before; at most `limit` rows of each kind. Links that have expired go as well. */
  'trace.sweep': Define<{ before: number; at: number; limit: number }, { more: boolean }>
  'trace.link': Define<{ tokenHash: string } & TraceLinkRow, void>
}

export interface TraceQueries {
  /** Latest first. `next`: where to go on below; null when all was looked at. */
  'trace.search': Define<TraceSearch, { rows: TraceRow[]; next: number | null }>
  /** null too where none of it may be seen. */
  'trace.byId': Define<{ traceId: number; scope: TraceScope }, TraceRow | null>
  /** Ascending, of each trace at most `limit`; of these recipients, or of all. */
  'trace.events': Define<{ traceIds: number[]; recipients: string[] | null; limit: number }, TraceEvent[]>
  /** What came behind `after`, ascending; null: nothing, but where the end is now. */
  'trace.tail': Define<
    { after: number | null; limit: number },
    { traces: TraceRow[]; events: (TraceEvent & { trace: TraceRow })[]; last: number }
  >
  /** The trace told as `id` that the account got or sent, among those of about that time. */
  'trace.ofMessage': Define<{ id: string; accountId: AccountId; from: number; before: number }, TraceRow | null>
  /** Traces that are not in the index yet. */
  'trace.unindexed': Define<{ limit: number }, number>
  /** The id by which it was told to whoever sent what the queue has; null: it has no trace, or none any more. */
  'trace.idOfQueued': Define<{ queueId: number }, string | null>
  /** When each of these domains was added. */
  'trace.domainsSince': Define<{ domains: readonly string[] }, Map<string, number>>
  /** null: it was removed. */
  'trace.appPasswordLabel': Define<{ appPasswordId: string }, string | null>
  'trace.byLink': Define<{ tokenHash: string; at: number }, TraceLinkRow | null>
}
