/** Operations and queries on what became of messages. Traces of what enters are written by `message.accept`, attempts by `queue.settle`. */
import type {
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
  /** The recipients that whoever made it may see; null for all. */
  recipients: string[] | null
  createdBy: string
  createdAt: number
  expiresAt: number
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
  /** Makes one segment of the traces that have none, where there are `size` of them or the first is older than `before`. */
  'trace.index': Define<{ size: number; before: number }, { indexed: number }>
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
  /** Traces that have no segment yet. */
  'trace.unindexed': Define<{ limit: number }, number>
  'trace.byLink': Define<{ tokenHash: string; at: number }, TraceLinkRow | null>
}
