import { MESSAGES_AT_ONCE } from '../limits.ts'
import { list, sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import { type AccountId, type EmailId, Flag, type MailboxId, type Modseq, type Uid } from '../types.ts'
import { normaliseRanges } from '../uid-ranges.ts'
import { releaseEmails } from './email-release.ts'
import { countChange, currentModseq, nextModseq, requireMailbox } from './mailbox-rows.ts'
import type { Operation } from './operation.ts'
import { forgetRetrieved } from './rules/pop3.ts'
import { leaveTombstones } from './tombstone.ts'

export const expungeMessages: Operation<'message.expunge'> = async (
  tx,
  { accountId, mailboxId, uids, onlyDeleted },
) => {
  await requireMailbox(tx, accountId, mailboxId)
  // Flags of which at least one must be there; 0 asks for none.
  const needed = onlyDeleted ? Flag.Deleted : 0
  const found = nothing()
  const gone = found.uids
  let room = MESSAGES_AT_ONCE
  for (const { from, to } of normaliseRanges(uids)) {
    const rows = await tx.all<MessageTuple>(sql`
      SELECT uid, flags, size_bytes, email_id FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}
        AND (flags & ${needed}) = ${needed}
      ORDER BY uid LIMIT ${room}`)
    for (const row of rows) count(found, row)
    room -= rows.length
    if (room === 0) break
  }
  const upTo = room === 0 ? gone.at(-1)! : null
  if (gone.length === 0) return { uids: gone, upTo, modseq: await currentModseq(tx, accountId) }

  const modseq = await nextModseq(tx, accountId)
  await removeFound(tx, { accountId, mailboxId, modseq }, found)
  await tx.run(sql`
    UPDATE account SET used_bytes = used_bytes - ${found.sizeBytes}, messages = messages - ${gone.length}
    WHERE account_id = ${accountId}`)
  return { uids: gone, upTo, modseq }
}

/** Messages of a mailbox that are to go, and what they count for. */
export interface Found {
  uids: Uid[]
  emailIds: EmailId[]
  unseen: number
  deleted: number
  sizeBytes: number
}

type MessageTuple = [uid: Uid, flags: number, sizeBytes: number, emailId: EmailId]

const nothing = (): Found => ({ uids: [], emailIds: [], unseen: 0, deleted: 0, sizeBytes: 0 })

function count(found: Found, [uid, flags, sizeBytes, emailId]: MessageTuple): void {
  found.uids.push(uid)
  found.emailIds.push(emailId)
  found.sizeBytes += sizeBytes
  if (!(flags & Flag.Seen)) found.unseen++
  if (flags & Flag.Deleted) found.deleted++
}

/** The one that another takes the place of. */
export async function requireMessage(
  tx: Transaction,
  { accountId, mailboxId, uid }: { accountId: AccountId; mailboxId: MailboxId; uid: Uid },
): Promise<Found> {
  await requireMailbox(tx, accountId, mailboxId)
  const message = await tx.get<MessageTuple>(sql`
    SELECT uid, flags, size_bytes, email_id FROM message
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid = ${uid}`)
  if (!message) throw new StoreError('conflict', `message ${uid} is gone`)
  const found = nothing()
  count(found, message)
  return found
}

/** The account's own counters are left to who calls. */
export async function removeFound(
  tx: Transaction,
  { accountId, mailboxId, modseq }: { accountId: AccountId; mailboxId: MailboxId; modseq: Modseq },
  { uids, emailIds, unseen, deleted, sizeBytes }: Found,
): Promise<void> {
  await tx.run(sql`
    DELETE FROM message WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid IN ${list(uids)}`)
  await leaveTombstones(tx, { accountId, mailboxId, modseq }, uids)
  await forgetRetrieved(tx, { accountId, mailboxId }, uids)
  await releaseEmails(tx, accountId, emailIds)
  const change = { messages: -uids.length, unseen: -unseen, deleted: -deleted, sizeBytes: -sizeBytes }
  await countChange(tx, { accountId, mailboxId, modseq }, change)
}
