import { sql } from '../../sql.ts'
import { unknownAccount } from '../account.ts'
import type { Operation } from '../operation.ts'

export const setSendingRules: Operation<'sendingRules.set'> = async (tx, row) => {
  const { accountId, copiesCc, copiesBcc, filesSentCopy, updatedAt } = row
  if (!(await tx.get(sql`SELECT 1 FROM account WHERE account_id = ${accountId}`))) throw unknownAccount(accountId)
  await tx.run(sql`
    INSERT INTO sending_rules (account_id, copies_cc, copies_bcc, files_sent_copy, updated_at)
    VALUES (${accountId}, ${JSON.stringify(copiesCc)}, ${JSON.stringify(copiesBcc)}, ${filesSentCopy ? 1 : 0}, ${updatedAt})
    ON CONFLICT (account_id) DO UPDATE SET copies_cc = excluded.copies_cc, copies_bcc = excluded.copies_bcc,
      files_sent_copy = excluded.files_sent_copy, updated_at = excluded.updated_at`)
}
