import { ANSWER_CHARACTERS } from '../limits.ts'
import { list, sql } from '../sql.ts'
import { type Operations, StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { TraceEventDetail, TraceEventKind } from '../types/trace.ts'
import type { RecipientStatus } from '../types.ts'
import { keepRows } from '../words.ts'
import type { Operation } from './operation.ts'
import { insertQueueMessage, noteSettled } from './queue-message.ts'
import { insertTraceEvent } from './rules/trace.ts'

export const settleRecipients: Operation<'queue.settle'> = async (tx, args) => {
  await settle(tx, args, true)
}

/**
 * Each message's row is kept before its recipients' are judged: of two that settle the last ones at once, one notes the
 * message as settled. `traced`: whether it becomes an event of each recipient's trace.
 */
export async function settle(
  tx: Transaction,
  { owner, results, reports, at }: Operations['queue.settle']['args'],
  traced: boolean,
): Promise<void> {
  const queueIds = new Set<number>()
  for (const settled of results) {
    const { recipientId, status, nextAttemptAt, result, delayNotified, countAttempt } = settled
    const before = await tx.get<[number, RecipientStatus, string, number | null, number | null, string | null]>(sql`
      SELECT r.queue_id, r.status, r.address, q.trace_id, r.held_for, r.lease_owner
      FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
      WHERE r.recipient_id = ${recipientId} ${keepRows}`)
    if (!before) continue
    const [queueId, statusBefore, recipient, traceId, heldForBefore, leaseOwner] = before
    if (owner !== undefined && leaseOwner !== owner) {
      if (status !== 'delivered') throw new StoreError('conflict', `recipient ${recipientId} is leased by another`)
      // It was sent twice, or it is out of the queue by now.
      if (statusBefore !== 'queued' && statusBefore !== 'held') continue
    }
    queueIds.add(queueId)
    // An operator may have held or removed it while the attempt was under way: that stands, unless the attempt ended it.
    const after = status === 'queued' ? statusBefore : status
    const heldFor = after === 'held' ? heldForBefore : null
    const isAvailable = after === 'queued' || heldFor !== null
    await tx.run(sql`
      UPDATE queue_recipient SET
        status = ${after}, attempts = attempts + ${countAttempt ? 1 : 0},
        next_attempt_at = ${nextAttemptAt}, available_at = ${isAvailable ? nextAttemptAt : null},
        held_for = ${heldFor},
        delay_notified_at = COALESCE(delay_notified_at, ${delayNotified ? at : null}),
        lease_owner = ${null}, lease_until = ${null},
        last_at = ${result.at}, last_status = ${result.status}, last_text = ${result.text},
        last_remote_host = ${result.remoteHost}, last_remote_address = ${result.remoteAddress}
      WHERE recipient_id = ${recipientId}`)
    const kind = attemptKinds[status]
    if (traced && countAttempt && kind && traceId !== null)
      await insertTraceEvent(tx, { traceId, at: result.at, recipient, kind, detail: attemptDetail(settled) })
  }
  await noteSettled(tx, [...queueIds], at)
  for (const report of reports) await insertQueueMessage(tx, report, at, null)
}

export const releaseLeases: Operation<'queue.release'> = async (tx, { owner }) => {
  const recipients = await tx.run(sql`
    UPDATE queue_recipient SET lease_owner = ${null}, lease_until = ${null},
      available_at = CASE WHEN available_at IS NULL THEN NULL ELSE next_attempt_at END
    WHERE lease_owner = ${owner}`)
  return { recipients }
}

/** What is held has its end there, not an attempt. */
export const recallRecipients: Operation<'queue.recall'> = async (tx, { now, after }) => {
  const recipients = await tx.run(sql`
    UPDATE queue_recipient SET next_attempt_at = ${now}, available_at = ${now}
    WHERE available_at > ${after} AND status = 'queued' AND lease_owner IS NULL`)
  return { recipients }
}

export const controlQueue: Operation<'queue.control'> = async (tx, { queueId, recipientIds, action, at }) => {
  const rows = await tx.all<[number, RecipientStatus, string]>(sql`
    SELECT r.recipient_id, r.status, r.address
    FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
    WHERE q.queue_id = ${queueId} ORDER BY r.recipient_id ${keepRows}`)
  const chosen = recipientIds && new Set(recipientIds)
  const named = chosen ? rows.filter(([id]) => chosen.has(id)) : rows
  const { from, to, event } = controls[action]
  const concerned = named.filter(([, status]) => from.includes(status))
  const ids = concerned.map(([id]) => id)
  if (ids.length === 0) return { recipients: 0 }
  // For one that is leased, the attempt under way is the retry.
  await tx.run(sql`
    UPDATE queue_recipient SET
      released_at = CASE WHEN status = 'held' THEN ${at} ELSE released_at END,
      next_attempt_at = CASE WHEN ${action} = 'retry' OR held_for IS NOT NULL THEN ${at} ELSE next_attempt_at END,
      status = ${to},
      held_for = ${null}
    WHERE recipient_id IN ${list(ids)}`)
  await tx.run(sql`
    UPDATE queue_recipient SET
      available_at = CASE WHEN status = 'queued' THEN COALESCE(lease_until, next_attempt_at) ELSE NULL END
    WHERE recipient_id IN ${list(ids)}`)
  await noteSettled(tx, [queueId], at)
  const message = await tx.get<[number | null]>(sql`SELECT trace_id FROM queue_message WHERE queue_id = ${queueId}`)
  const traceId = message?.[0] ?? null
  if (traceId !== null)
    for (const [, , recipient] of concerned)
      await insertTraceEvent(tx, { traceId, at, recipient, kind: event, detail: {} })
  return { recipients: ids.length }
}

type Control = { from: RecipientStatus[]; to: RecipientStatus; event: TraceEventKind }

const controls: Record<'retry' | 'hold' | 'unhold' | 'remove', Control> = {
  retry: { from: ['queued', 'held'], to: 'queued', event: 'retried' },
  hold: { from: ['queued'], to: 'held', event: 'held' },
  unhold: { from: ['held'], to: 'queued', event: 'released' },
  remove: { from: ['queued', 'held'], to: 'removed', event: 'dropped' },
}

const attemptKinds: Partial<Record<RecipientStatus, TraceEventKind>> = {
  delivered: 'delivered',
  queued: 'deferred',
  failed: 'bounced',
  expired: 'expired',
}

function attemptDetail({
  status,
  nextAttemptAt,
  result,
  tls = null,
}: Operations['queue.settle']['args']['results'][number]): TraceEventDetail {
  const { remoteHost: host, remoteAddress, status: code, text } = result
  return {
    host,
    remoteAddress,
    tls,
    status: code,
    answer: text.slice(0, ANSWER_CHARACTERS),
    ...(status === 'queued' && { nextAttemptAt }),
  }
}
