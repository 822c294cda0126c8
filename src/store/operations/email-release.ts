import { list, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, EmailId } from '../types.ts'
import { stayReleased } from '../words.ts'
import { outdateTexts } from './texts.ts'

/** Forgets those of the emails that no message names any more; their blobs and threads are left for the sweep to judge. */
export async function releaseEmails(
  tx: Transaction,
  accountId: AccountId,
  emailIds: readonly EmailId[],
): Promise<void> {
  const unnamed = await tx.all<[EmailId, number]>(sql`
    SELECT e.email_id, e.blob_seq FROM email AS e
    WHERE e.account_id = ${accountId} AND e.email_id IN ${list(emailIds)}
      AND NOT EXISTS (SELECT 1 FROM message AS m WHERE m.account_id = ${accountId} AND m.email_id = e.email_id)`)
  if (unnamed.length === 0) return
  const ids = unnamed.map(([emailId]) => emailId)
  await tx.run(sql`DELETE FROM email WHERE account_id = ${accountId} AND email_id IN ${list(ids)}`)
  await outdateTexts(tx, accountId, ids)
  for (const blobSeq of new Set(unnamed.map(([, seq]) => seq)))
    await tx.run(sql`
      INSERT INTO blob_released (blob_seq, account_id) VALUES (${blobSeq}, ${accountId})
      ${stayReleased}`)
}
