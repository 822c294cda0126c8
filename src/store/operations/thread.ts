import { hash } from 'node:crypto'
import { THREAD_REFERENCES } from '../limits.ts'
import { list, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, EmailId, EmailIndex, ThreadId } from '../types.ts'

/** What an account knows of a new email's message-ids. */
export interface KnownThread {
  threadId: ThreadId | null
  /** Of those that are not known yet. */
  newHashes: number[]
}

/** Looks for the nearest message-id that is known in the account. */
export async function findThread(
  tx: Transaction,
  accountId: AccountId,
  { messageId, references }: Pick<EmailIndex, 'messageId' | 'references'>,
): Promise<KnownThread> {
  const nearest = [messageId, ...references.toReversed()].filter(id => id !== '')
  const named =
    nearest.length <= THREAD_REFERENCES ? nearest : [...nearest.slice(0, THREAD_REFERENCES - 1), ...nearest.slice(-1)]
  const hashes = [...new Set(named.map(threadHash))]
  if (hashes.length === 0) return { threadId: null, newHashes: [] }
  const rows = await tx.all<[number, ThreadId]>(sql`
    SELECT hash, thread_id FROM thread_reference WHERE account_id = ${accountId} AND hash IN ${list(hashes)}`)
  const known = new Map(rows)
  const found = hashes.find(each => known.has(each))
  return {
    threadId: found === undefined ? null : (known.get(found) ?? null),
    newHashes: hashes.filter(each => !known.has(each)),
  }
}

/** The thread a new email belongs to: the one that was found, else a new one, named after it. */
export const threadOf = ({ threadId }: KnownThread, emailId: EmailId): ThreadId => threadId ?? emailId

/** All message-ids of a new email are known as of its thread, so that a reply which comes before its original meets it later. */
export function joinThread(
  tx: Transaction,
  { accountId, threadId }: { accountId: AccountId; threadId: ThreadId },
  { newHashes }: KnownThread,
): void {
  for (const each of newHashes)
    tx.send(sql`
      INSERT INTO thread_reference (account_id, hash, thread_id) VALUES (${accountId}, ${each}, ${threadId})
      ON CONFLICT (account_id, hash) DO NOTHING`)
}

/** 48 bits: few enough for a number, and two of an account's message-ids that meet by chance would only share a thread. */
function threadHash(messageId: string): number {
  return hash('sha256', messageId, 'buffer').readUIntBE(0, 6)
}
