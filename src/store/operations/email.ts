import { packReferences } from '../rows/message.ts'
import { sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, EmailId, NewEmail, ThreadId } from '../types.ts'
import { findThread } from './thread.ts'

/** Adds the immutable rows of an email whose blob is taken. */
export async function insertEmail(
  tx: Transaction,
  accountId: AccountId,
  emailId: EmailId,
  blobSeq: number,
  email: NewEmail,
): Promise<ThreadId> {
  const { index } = email
  const threadId = await findThread(tx, accountId, index, emailId)
  await tx.run(sql`
    INSERT INTO email (email_id, account_id, thread_id, blob_seq, blob_hash, size_bytes, envelope, body_structure, preview)
    VALUES (${emailId}, ${accountId}, ${threadId}, ${blobSeq}, ${email.blob.hash}, ${email.sizeBytes}, ${email.envelope},
      ${email.bodyStructure}, ${email.preview})`)
  await tx.run(sql`
    INSERT INTO email_index (email_id, account_id, sent_at, message_id, message_references, subject, base_subject,
      is_reply_or_forward, address_from, address_to, address_cc, address_bcc, sort_from, sort_to, sort_cc, display_from,
      display_to)
    VALUES (${emailId}, ${accountId}, ${index.sentAt}, ${index.messageId}, ${packReferences(index.references)},
      ${index.subject}, ${index.baseSubject}, ${index.isReplyOrForward ? 1 : 0}, ${index.from}, ${index.to}, ${index.cc},
      ${index.bcc}, ${index.sortFrom}, ${index.sortTo}, ${index.sortCc}, ${index.displayFrom}, ${index.displayTo})`)
  return threadId
}

export interface MessageValues {
  accountId: AccountId
  mailboxId: number
  uid: number
  flags: number
  keywords: string
  modseq: number
  internalDate: number
  saveDate: number
  sizeBytes: number
  emailId: EmailId
  threadId: ThreadId
}

export async function insertMessage(tx: Transaction, row: MessageValues): Promise<void> {
  await tx.run(sql`
    INSERT INTO message (account_id, mailbox_id, uid, flags, keywords, modseq, internal_date, save_date, size_bytes,
      email_id, thread_id)
    VALUES (${row.accountId}, ${row.mailboxId}, ${row.uid}, ${row.flags}, ${row.keywords}, ${row.modseq},
      ${row.internalDate}, ${row.saveDate}, ${row.sizeBytes}, ${row.emailId}, ${row.threadId})`)
}
