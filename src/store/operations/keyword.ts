import { foldKeyword } from '../rows/keywords.ts'
import { sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, MailboxId } from '../types.ts'

/** The keywords as this mailbox spells them: as the first message that had them did. New ones are learnt. */
export async function spellKeywords(
  tx: Transaction,
  accountId: AccountId,
  mailboxId: MailboxId,
  keywords: readonly string[],
): Promise<string[]> {
  const spelt: string[] = []
  for (const keyword of keywords) {
    const folded = foldKeyword(keyword)
    const known = await tx.get<[string]>(sql`
      SELECT spelling FROM mailbox_keyword
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND folded = ${folded}`)
    if (!known)
      await tx.run(sql`
        INSERT INTO mailbox_keyword (account_id, mailbox_id, folded, spelling)
        VALUES (${accountId}, ${mailboxId}, ${folded}, ${keyword})`)
    spelt.push(known?.[0] ?? keyword)
  }
  return spelt
}
