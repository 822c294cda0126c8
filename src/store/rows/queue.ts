/** Rows of the queue: the columns asked for and what is made of them. */
import { Fragment } from '../sql.ts'
import type { NotifyCondition, QueueMessageRow, QueueRecipientRow, RecipientStatus } from '../types.ts'

/** Of `queue_message AS q`. */
export const queueMessageColumns = new Fragment(
  `q.queue_id, q.reverse_path, q.blob_hash, q.size_bytes, q.account_id, q.ret, q.envelope_id, q.smtp_utf8, q.eight_bit,
   q.created_at`,
)
export type QueueMessageTuple = [
  number,
  string,
  string,
  number,
  number | null,
  'FULL' | 'HDRS' | null,
  string | null,
  number,
  number,
  number,
]

export function queueMessageRow(tuple: QueueMessageTuple): QueueMessageRow {
  const [queueId, reversePath, blobHash, sizeBytes, accountId, ret, envelopeId, smtpUtf8, eightBit, createdAt] = tuple
  return {
    queueId,
    reversePath,
    blobHash,
    sizeBytes,
    accountId,
    ret,
    envelopeId,
    smtpUtf8: smtpUtf8 === 1,
    eightBit: eightBit === 1,
    createdAt,
  }
}

/** Of `queue_recipient AS r`. */
export const queueRecipientColumns = new Fragment(
  `r.recipient_id, r.queue_id, r.address, r.destination, r.status, r.attempts, r.next_attempt_at, r.notify,
   r.original_recipient, r.delay_notified_at, r.lease_owner, r.lease_until, r.last_at, r.last_status, r.last_text,
   r.last_remote_host, r.last_remote_address, r.held_for, r.released_at`,
)
export type QueueRecipientTuple = [
  number,
  number,
  string,
  string,
  RecipientStatus,
  number,
  number,
  string | null,
  string | null,
  number | null,
  string | null,
  number | null,
  number | null,
  string | null,
  string | null,
  string | null,
  string | null,
  number | null,
  number | null,
]

export function queueRecipientRow(tuple: QueueRecipientTuple): QueueRecipientRow {
  const [recipientId, queueId, address, destination, status, attempts, nextAttemptAt, notify] = tuple
  const [, , , , , , , , originalRecipient, delayNotifiedAt, leaseOwner, leaseUntil] = tuple
  const [at, lastStatus, text, remoteHost, remoteAddress] = [tuple[12], tuple[13], tuple[14], tuple[15], tuple[16]]
  return {
    recipientId,
    queueId,
    address,
    destination,
    status,
    attempts,
    nextAttemptAt,
    notify: unpackNotify(notify),
    originalRecipient,
    delayNotifiedAt,
    leaseOwner,
    leaseUntil,
    last: at === null ? null : { at, status: lastStatus ?? '', text: text ?? '', remoteHost, remoteAddress },
    heldFor: tuple[17],
    releasedAt: tuple[18],
  }
}

export function packNotify(notify: readonly NotifyCondition[] | null): string | null {
  return notify && JSON.stringify(notify)
}

function unpackNotify(notify: string | null): NotifyCondition[] | null {
  return notify === null ? null : JSON.parse(notify)
}
