import { subjectKey } from '../../rows/sending.ts'
import { sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { AccountId } from '../../types.ts'
import { insertTraceEvent } from './trace.ts'

/** Of an account or a domain that goes. */
export async function forgetSending(tx: Transaction, key: string): Promise<void> {
  await tx.run(sql`DELETE FROM sending_charge WHERE subject = ${key}`)
  await tx.run(sql`DELETE FROM sending_state WHERE subject = ${key}`)
  await tx.run(sql`DELETE FROM sending_news WHERE subject = ${key}`)
}

/** What it sent and is held goes with the account: it was never looked at. */
export async function forgetSender(tx: Transaction, accountId: AccountId, at: number): Promise<void> {
  await forgetSending(tx, subjectKey({ kind: 'mailbox', accountId }))
  await tx.run(sql`DELETE FROM sending_habit WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM sending_failure WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM sending_cleared WHERE account_id = ${accountId}`)
  await tx.run(sql`DELETE FROM sending_hold WHERE account_id = ${accountId}`)
  const held = await tx.all<[string, number]>(sql`
    SELECT r.address, q.trace_id FROM queue_recipient AS r JOIN queue_message AS q ON q.queue_id = r.queue_id
    WHERE r.held_for = ${accountId} AND q.trace_id IS NOT NULL ORDER BY r.recipient_id`)
  for (const [recipient, traceId] of held)
    await insertTraceEvent(tx, { traceId, at, recipient, kind: 'gone', detail: {} })
  await tx.run(sql`
    UPDATE queue_message SET settled_at = ${at}
    WHERE queue_id IN (SELECT h.queue_id FROM queue_recipient AS h WHERE h.held_for = ${accountId})
      AND NOT EXISTS (
        SELECT 1 FROM queue_recipient AS r
        WHERE r.queue_id = queue_message.queue_id AND r.status IN ('queued', 'held') AND r.held_for IS NULL)`)
  await tx.run(sql`
    UPDATE queue_recipient SET status = 'removed', held_for = ${null}, available_at = ${null}
    WHERE held_for = ${accountId}`)
}
