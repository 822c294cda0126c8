import { sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, MailboxId, Modseq, Uid } from '../types.ts'
import { rangesOf } from '../uid-ranges.ts'

/** Remembers which UIDs went, for VANISHED (RFC 7162 §3.2.10). */
export async function leaveTombstones(
  tx: Transaction,
  { accountId, mailboxId, modseq }: { accountId: AccountId; mailboxId: MailboxId; modseq: Modseq },
  uids: readonly Uid[],
): Promise<void> {
  for (const { from, to } of rangesOf(uids))
    await tx.run(sql`
      INSERT INTO expunged (account_id, mailbox_id, modseq, from_uid, to_uid)
      VALUES (${accountId}, ${mailboxId}, ${modseq}, ${from}, ${to})`)
}
