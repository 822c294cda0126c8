import { list, sql } from '../sql.ts'
import { type Operations, StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, MailboxId, Modseq, NewEmail, RecipientStatus, Uid } from '../types.ts'
import { takeBlob } from './blob.ts'
import { insertEmail, insertMessage } from './email.ts'
import { emailIdOf } from './email-id.ts'
import { takeRoom } from './mailbox-rows.ts'
import type { Operation } from './operation.ts'
import { insertQueueMessage } from './queue-message.ts'
import { settleRecipients } from './queue-settle.ts'

type Delivered = Operations['message.accept']['result']['delivered'][number]

export const acceptMessage: Operation<'message.accept'> = async (tx, { email, deliveries, queue, settles, at }) => {
  // One message a person, however many of its addresses were given: the first mailbox named takes it.
  const mailboxes = new Map<AccountId, string>()
  for (const { accountId, mailbox } of deliveries) if (!mailboxes.has(accountId)) mailboxes.set(accountId, mailbox)
  const delivered: Delivered[] = []
  if (mailboxes.size > 0) {
    if (!email) throw new StoreError('not-allowed', 'a delivery needs a message')
    const accountIds = [...mailboxes.keys()]
    const overQuota = accountIds.length > 1 ? await withoutRoom(tx, accountIds, email.sizeBytes) : []
    if (overQuota.length > 0) return { delivered, overQuota, queueId: null }
    let blobSeq: number | null = null
    for (const [accountId, mailbox] of mailboxes) {
      const room = await takeRoom(tx, accountId, { bytes: email.sizeBytes, messages: 1, emails: 1 })
      // Only of a single account is it not known before: then nothing was done yet.
      if (!room) return { delivered, overQuota: [accountId], queueId: null }
      blobSeq ??= await takeBlob(tx, email.blob)
      delivered.push(await deliver(tx, { accountId, mailbox, email, blobSeq, at }, room))
    }
  }
  if (settles) await settle(tx, settles, at)
  return { delivered, overQuota: [], queueId: queue ? await insertQueueMessage(tx, queue, at) : null }
}

async function withoutRoom(tx: Transaction, accountIds: AccountId[], bytes: number): Promise<AccountId[]> {
  const full = await tx.all<[AccountId]>(sql`
    SELECT account_id FROM account
    WHERE account_id IN ${list(accountIds)} AND quota_bytes IS NOT NULL AND used_bytes + ${bytes} > quota_bytes
    ORDER BY account_id`)
  return full.map(([accountId]) => accountId)
}

/** Whoever settled it before has delivered it, or an operator took it out of the queue. */
async function settle(
  tx: Transaction,
  { recipientId, result }: NonNullable<Operations['message.accept']['args']['settles']>,
  at: number,
): Promise<void> {
  const recipient = await tx.get<[RecipientStatus]>(sql`
    SELECT status FROM queue_recipient WHERE recipient_id = ${recipientId}`)
  if (recipient?.[0] !== 'queued') throw new StoreError('not-found', `recipient ${recipientId} is not queued`)
  const settled = { nextAttemptAt: at, result, delayNotified: false, countAttempt: true }
  await settleRecipients(tx, { results: [{ recipientId, status: 'delivered', ...settled }], reports: [], at })
}

async function deliver(
  tx: Transaction,
  args: { accountId: AccountId; mailbox: string; email: NewEmail; blobSeq: number; at: number },
  { modseq, firstEmail }: { modseq: Modseq; firstEmail: number },
): Promise<Delivered> {
  const { accountId, email, at } = args
  const place =
    (await takeUid(tx, accountId, args.mailbox, email.sizeBytes, modseq)) ??
    // A filter may name a mailbox that is gone; the message must arrive all the same.
    (await takeUid(tx, accountId, 'INBOX', email.sizeBytes, modseq))
  if (!place) throw new StoreError('damaged', `account ${accountId} has no INBOX`)
  const { mailboxId, uid } = place
  const emailId = emailIdOf(accountId, firstEmail)
  const threadId = await insertEmail(tx, accountId, emailId, args.blobSeq, email)
  await insertMessage(tx, {
    accountId,
    mailboxId,
    uid,
    flags: 0,
    keywords: '',
    modseq,
    internalDate: at,
    saveDate: at,
    sizeBytes: email.sizeBytes,
    emailId,
    threadId,
  })
  return { accountId, mailboxId, uid, modseq }
}

async function takeUid(
  tx: Transaction,
  accountId: AccountId,
  name: string,
  sizeBytes: number,
  modseq: Modseq,
): Promise<{ mailboxId: MailboxId; uid: Uid } | null> {
  const taken = await tx.get<[MailboxId, Uid]>(sql`
    UPDATE mailbox SET
      uid_next = uid_next + 1, messages = messages + 1, unseen = unseen + 1, size_bytes = size_bytes + ${sizeBytes},
      highest_modseq = ${modseq}
    WHERE account_id = ${accountId} AND name = ${name}
    RETURNING mailbox_id, uid_next`)
  return taken ? { mailboxId: taken[0], uid: taken[1] - 1 } : null
}
