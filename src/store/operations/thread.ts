import { hash } from 'node:crypto'
import { sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, EmailIndex, ThreadId } from '../types.ts'

/** References are listed by strangers: the first names the thread's start, the last ones its neighbours; more add nothing. */
const maxReferences = 32

/**
 * The thread a new email belongs to: that of the nearest message-id known in the account, else a new one. All its own
 * message-ids are then known as of that thread, so that a reply which comes before its original meets it later.
 */
export async function findThread(
  tx: Transaction,
  accountId: AccountId,
  { messageId, references }: Pick<EmailIndex, 'messageId' | 'references'>,
  newThread: ThreadId,
): Promise<ThreadId> {
  const nearest = [messageId, ...references.toReversed()].filter(id => id !== '')
  const named =
    nearest.length <= maxReferences ? nearest : [...nearest.slice(0, maxReferences - 1), ...nearest.slice(-1)]
  const hashes = [...new Set(named.map(threadHash))]
  let threadId: ThreadId | null = null
  for (const each of hashes) {
    const known = await tx.get<[ThreadId]>(sql`
      SELECT thread_id FROM thread_reference WHERE account_id = ${accountId} AND hash = ${each}`)
    if (known) {
      threadId = known[0]
      break
    }
  }
  threadId ??= newThread
  for (const each of hashes)
    await tx.run(sql`
      INSERT INTO thread_reference (account_id, hash, thread_id) VALUES (${accountId}, ${each}, ${threadId})
      ON CONFLICT (account_id, hash) DO NOTHING`)
  return threadId
}

/** 48 bits: few enough for a number, and two of an account's message-ids that meet by chance would only share a thread. */
function threadHash(messageId: string): number {
  return hash('sha256', messageId, 'buffer').readUIntBE(0, 6)
}
