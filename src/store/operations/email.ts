import { checksumOf, storedEmail, storedEmailColumns } from '../rows/email.ts'
import { row, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, EmailId, NewEmail, ThreadId } from '../types.ts'

/** Adds the immutable row of an email whose blob is taken. */
export function insertEmail(
  tx: Transaction,
  ids: { accountId: AccountId; emailId: EmailId; threadId: ThreadId; blobSeq: number },
  email: NewEmail,
): void {
  const stored = storedEmail(ids, email)
  tx.send(sql`INSERT INTO email (${storedEmailColumns}, checksum) VALUES (${row(stored)}, ${checksumOf(stored)})`)
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

export function insertMessage(tx: Transaction, values: MessageValues): void {
  tx.send(sql`
    INSERT INTO message (account_id, mailbox_id, uid, flags, keywords, modseq, internal_date, save_date, size_bytes,
      email_id, thread_id)
    VALUES (${values.accountId}, ${values.mailboxId}, ${values.uid}, ${values.flags}, ${values.keywords}, ${values.modseq},
      ${values.internalDate}, ${values.saveDate}, ${values.sizeBytes}, ${values.emailId}, ${values.threadId})`)
}
