import { list, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, EmailId } from '../types.ts'

/** Forgets those of the emails that no message names any more; their blobs are left for the sweep to judge. */
export async function releaseEmails(
  tx: Transaction,
  accountId: AccountId,
  emailIds: readonly EmailId[],
): Promise<void> {
  const gone = await tx.all<[EmailId, number]>(sql`
    SELECT e.email_id, e.thread_id FROM email AS e
    WHERE e.account_id = ${accountId} AND e.email_id IN ${list(emailIds)}
      AND NOT EXISTS (SELECT 1 FROM message AS m WHERE m.account_id = ${accountId} AND m.email_id = e.email_id)`)
  if (gone.length === 0) return
  const ids = gone.map(([emailId]) => emailId)
  const threads = [...new Set(gone.map(([, threadId]) => threadId))]
  await tx.run(sql`
    INSERT INTO blob_released (blob_seq, account_id)
    SELECT DISTINCT blob_seq, account_id FROM email WHERE account_id = ${accountId} AND email_id IN ${list(ids)}
    ON CONFLICT (blob_seq, account_id) DO NOTHING`)
  await tx.run(sql`DELETE FROM email WHERE account_id = ${accountId} AND email_id IN ${list(ids)}`)
  await tx.run(sql`DELETE FROM email_index WHERE account_id = ${accountId} AND email_id IN ${list(ids)}`)
  // A thread is forgotten with its last email.
  await tx.run(sql`
    DELETE FROM thread_reference
    WHERE account_id = ${accountId} AND thread_id IN ${list(threads)}
      AND NOT EXISTS (
        SELECT 1 FROM email AS e WHERE e.account_id = ${accountId} AND e.thread_id = thread_reference.thread_id)`)
}
