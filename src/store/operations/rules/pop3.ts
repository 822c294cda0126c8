import { list, sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { AccountId, MailboxId, Uid } from '../../types.ts'
import { normaliseRanges } from '../../uid-ranges.ts'
import { unknownAccount } from '../account.ts'
import type { Operation } from '../operation.ts'

export const setKeepDays: Operation<'pop3.setKeepDays'> = async (tx, { accountId, keepDays }) => {
  const changed = await tx.run(sql`
    UPDATE account SET pop3_keep_days = ${keepDays} WHERE account_id = ${accountId} AND removed_at IS NULL`)
  if (changed === 0) throw unknownAccount(accountId)
  if (keepDays === null) await tx.run(sql`DELETE FROM pop3_retrieved WHERE account_id = ${accountId}`)
}

export const noteRetrieved: Operation<'pop3.retrieved'> = async (tx, { accountId, mailboxId, uids, at }) => {
  for (const { from, to } of normaliseRanges(uids))
    await tx.run(sql`
      INSERT INTO pop3_retrieved (account_id, mailbox_id, uid, at)
      SELECT m.account_id, m.mailbox_id, m.uid, ${at} FROM message AS m
      JOIN account AS a ON a.account_id = m.account_id
      WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
        AND a.pop3_keep_days IS NOT NULL
      ON CONFLICT (account_id, mailbox_id, uid) DO NOTHING`)
}

/** With the messages that leave the mailbox. */
export async function forgetRetrieved(
  tx: Transaction,
  { accountId, mailboxId }: { accountId: AccountId; mailboxId: MailboxId },
  uids: readonly Uid[],
): Promise<void> {
  await tx.run(sql`
    DELETE FROM pop3_retrieved
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid IN ${list([...uids])}`)
}
