import { packNotify } from '../rows/queue.ts'
import { HELD_MS, holdOf } from '../rows/sending.ts'
import { list, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { NewQueueMessage } from '../types.ts'
import { takeBlob } from './blob.ts'
import { insertTrace, insertTraceEvent, newTraceId } from './rules/trace.ts'

/** `traceId`: of what it came with; where the message has a trace of its own, that is written. */
export async function insertQueueMessage(
  tx: Transaction,
  message: NewQueueMessage,
  at: number,
  traceId: number | null,
): Promise<number> {
  const queueId = await tx.nextId('queue_message')
  const blobSeq = await takeBlob(tx, message.blob)
  const ownTraceId = message.trace ? await newTraceId(tx) : traceId
  tx.send(sql`
    INSERT INTO queue_message (queue_id, reverse_path, blob_seq, blob_hash, size_bytes, account_id, ret, envelope_id,
      smtp_utf8, eight_bit, created_at, settled_at, trace_id)
    VALUES (${queueId}, ${message.reversePath}, ${blobSeq}, ${message.blob.hash}, ${message.sizeBytes},
      ${message.accountId}, ${message.ret}, ${message.envelopeId}, ${message.smtpUtf8 ? 1 : 0},
      ${message.eightBit ? 1 : 0}, ${at}, ${message.recipients.length === 0 ? at : null},
      ${ownTraceId})`)
  const recipientIds = await tx.nextIds('queue_recipient', message.recipients.length)
  // Of what an account sends while its mail is held.
  const hold = message.accountId === null ? null : await holdOf(tx, message.accountId)
  for (const [index, recipient] of message.recipients.entries()) {
    const { address, destination, notify, originalRecipient } = recipient
    const due = hold ? at + HELD_MS : recipient.nextAttemptAt
    tx.send(sql`
      INSERT INTO queue_recipient (recipient_id, queue_id, address, destination, status, attempts, next_attempt_at,
        available_at, notify, original_recipient, held_for)
      VALUES (${recipientIds[index]!}, ${queueId}, ${address}, ${destination}, ${hold ? 'held' : 'queued'}, 0, ${due}, ${due},
        ${packNotify(notify)}, ${originalRecipient}, ${hold && message.accountId})`)
    if (hold && ownTraceId !== null)
      await insertTraceEvent(tx, {
        traceId: ownTraceId,
        at,
        recipient: address,
        kind: 'held',
        detail: { hold: hold.reason },
      })
  }
  if (message.trace && ownTraceId !== null)
    insertTrace(tx, { ...message.trace, traceId: ownTraceId, queueIds: [queueId] })
  return queueId
}

/** Notes of each message whether it is settled: none of its recipients waits any more. */
export async function noteSettled(tx: Transaction, queueIds: readonly number[], at: number): Promise<void> {
  await tx.run(sql`
    UPDATE queue_message SET settled_at = ${at}
    WHERE queue_id IN ${list(queueIds)} AND settled_at IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM queue_recipient AS r
        WHERE r.queue_id = queue_message.queue_id AND r.status IN ('queued', 'held'))`)
}
