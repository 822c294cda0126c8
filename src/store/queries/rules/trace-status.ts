/** Which of the traces that a search has read have the status it asks for: what was known at once, and the events since. */
import { list, sql } from '../../sql.ts'
import type { Reader } from '../../transaction.ts'
import type { TraceEventKind, TraceFirstStep, TraceRow, TraceStatus } from '../../types/trace.ts'

/** By trace, then recipient: what each came to. null: taken out of the queue. */
export type Statuses = ReadonlyMap<number, ReadonlyMap<string, TraceStatus | null>>

const first: Record<TraceFirstStep['kind'], TraceStatus> = {
  stored: 'delivered',
  discarded: 'delivered',
  refused: 'refused',
  queued: 'waiting',
}

const after: Partial<Record<TraceEventKind, TraceStatus | null>> = {
  delivered: 'delivered',
  stored: 'delivered',
  discarded: 'delivered',
  deferred: 'waiting',
  bounced: 'refused',
  expired: 'refused',
  held: 'held',
  released: 'waiting',
  retried: 'waiting',
  dropped: null,
  gone: null,
}

/** Only what was queued came to anything later. */
export async function statusesOf(reader: Reader, rows: readonly TraceRow[]): Promise<Statuses> {
  const ids = rows.filter(row => row.recipients.some(isQueued)).map(({ traceId }) => traceId)
  const statuses = new Map<number, Map<string, TraceStatus | null>>()
  if (ids.length === 0) return statuses
  const events = await reader.all<[number, string, TraceEventKind]>(sql`
    SELECT e.trace_id, e.recipient, e.kind FROM trace_event AS e WHERE e.trace_id IN ${list(ids)} ORDER BY e.event_id`)
  for (const [traceId, recipient, kind] of events) {
    const status = after[kind]
    if (status === undefined) continue
    let known = statuses.get(traceId)
    if (!known) statuses.set(traceId, (known = new Map()))
    // An attempt that was under way leaves what was held held.
    if (kind !== 'deferred' || known.get(recipient) !== 'held') known.set(recipient, status)
  }
  return statuses
}

export function hasStatus({ traceId, recipients }: TraceRow, wanted: TraceStatus, statuses: Statuses): boolean {
  const known = statuses.get(traceId)
  return recipients.some(({ address, first: { kind } }) => {
    const later = kind === 'queued' ? known?.get(address) : undefined
    return (later === undefined ? first[kind] : later) === wanted
  })
}

const isQueued = ({ first: { kind } }: TraceRow['recipients'][number]): boolean => kind === 'queued'

/** What waits or is held stands in the queue, which is short beside the traces. Latest first. */
export async function queuedTraces(
  reader: Reader,
  status: 'waiting' | 'held',
  { below, limit }: { below: number; limit: number },
): Promise<number[]> {
  const rows = await reader.all<[number]>(sql`
    SELECT DISTINCT q.trace_id FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
    WHERE r.status = ${status === 'held' ? 'held' : 'queued'} AND q.trace_id < ${below}
    ORDER BY q.trace_id DESC LIMIT ${limit}`)
  return rows.map(([id]) => id)
}
