import { list, sql } from '../sql.ts'
import type { RecipientStatus } from '../types.ts'
import type { Operation } from './operation.ts'
import { insertQueueMessage, noteSettled } from './queue-message.ts'

export const settleRecipients: Operation<'queue.settle'> = async (tx, { results, reports, at }) => {
  const queueIds = new Set<number>()
  for (const { recipientId, status, nextAttemptAt, result, delayNotified, countAttempt } of results) {
    const before = await tx.get<[number, RecipientStatus]>(sql`
      SELECT queue_id, status FROM queue_recipient WHERE recipient_id = ${recipientId}`)
    if (!before) continue
    const [queueId, statusBefore] = before
    queueIds.add(queueId)
    // An operator may have held or removed it while the attempt was under way: that stands, unless the attempt ended it.
    const after = status === 'queued' ? statusBefore : status
    await tx.run(sql`
      UPDATE queue_recipient SET
        status = ${after}, attempts = attempts + ${countAttempt ? 1 : 0},
        next_attempt_at = ${nextAttemptAt}, available_at = ${after === 'queued' ? nextAttemptAt : null},
        delay_notified_at = COALESCE(delay_notified_at, ${delayNotified ? at : null}),
        lease_owner = ${null}, lease_until = ${null},
        last_at = ${result.at}, last_status = ${result.status}, last_text = ${result.text},
        last_remote_host = ${result.remoteHost}, last_remote_address = ${result.remoteAddress}
      WHERE recipient_id = ${recipientId}`)
  }
  await noteSettled(tx, [...queueIds], at)
  for (const report of reports) await insertQueueMessage(tx, report, at)
}

export const releaseLeases: Operation<'queue.release'> = async (tx, { owner }) => {
  await tx.run(sql`
    UPDATE queue_recipient SET lease_owner = ${null}, lease_until = ${null},
      available_at = CASE WHEN available_at IS NULL THEN NULL ELSE next_attempt_at END
    WHERE lease_owner = ${owner}`)
}

export const controlQueue: Operation<'queue.control'> = async (tx, { queueId, recipientId, action, at }) => {
  const rows = await tx.all<[number, RecipientStatus]>(sql`
    SELECT recipient_id, status FROM queue_recipient WHERE queue_id = ${queueId} ORDER BY recipient_id`)
  const named = recipientId === null ? rows : rows.filter(([id]) => id === recipientId)
  const { from, to } = controls[action]
  const ids = named.filter(([, status]) => from.includes(status)).map(([id]) => id)
  if (ids.length === 0) return { recipients: 0 }
  // For one that is leased, the attempt under way is the retry.
  await tx.run(sql`
    UPDATE queue_recipient SET
      status = ${to},
      next_attempt_at = CASE WHEN ${action} = 'retry' THEN ${at} ELSE next_attempt_at END
    WHERE recipient_id IN ${list(ids)}`)
  await tx.run(sql`
    UPDATE queue_recipient SET
      available_at = CASE WHEN status = 'queued' THEN COALESCE(lease_until, next_attempt_at) ELSE NULL END
    WHERE recipient_id IN ${list(ids)}`)
  await noteSettled(tx, [queueId], at)
  return { recipients: ids.length }
}

const controls: Record<'retry' | 'hold' | 'unhold' | 'remove', { from: RecipientStatus[]; to: RecipientStatus }> = {
  retry: { from: ['queued', 'held'], to: 'queued' },
  hold: { from: ['queued'], to: 'held' },
  unhold: { from: ['held'], to: 'queued' },
  remove: { from: ['queued', 'held'], to: 'removed' },
}
