import { KEYWORDS_OF_MAILBOX } from '../limits.ts'
import { foldKeyword } from '../rows/keywords.ts'
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, MailboxId } from '../types.ts'

/**
 * The keywords as this mailbox spells them: as the first message that had them did. New ones are learnt as long as there is
 * room for them. Beyond, `too-many` where a client asks for them; a message that brings them comes without.
 */
export async function spellKeywords(
  tx: Transaction,
  accountId: AccountId,
  mailboxId: MailboxId,
  keywords: readonly string[],
  beyond: 'refuse' | 'leave-out',
): Promise<string[]> {
  const spelt: string[] = []
  let room: number | null = null
  for (const keyword of keywords) {
    const folded = foldKeyword(keyword)
    const known = await tx.get<[string]>(sql`
      SELECT spelling FROM mailbox_keyword
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND folded = ${folded}`)
    if (known) {
      spelt.push(known[0])
      continue
    }
    room ??= await roomForKeywords(tx, accountId, mailboxId)
    if (room > 0) {
      await tx.run(sql`
        INSERT INTO mailbox_keyword (account_id, mailbox_id, folded, spelling)
        VALUES (${accountId}, ${mailboxId}, ${folded}, ${keyword})`)
      spelt.push(keyword)
      room--
    } else if (beyond === 'refuse')
      throw new StoreError('too-many', `mailbox ${mailboxId} has ${KEYWORDS_OF_MAILBOX} keywords already`)
  }
  return spelt
}

async function roomForKeywords(tx: Transaction, accountId: AccountId, mailboxId: MailboxId): Promise<number> {
  const counted = await tx.get<[number]>(sql`
    SELECT COUNT(*) FROM mailbox_keyword WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}`)
  return KEYWORDS_OF_MAILBOX - Number(counted?.[0] ?? 0)
}
