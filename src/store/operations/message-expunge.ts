import { MESSAGES_AT_ONCE } from '../limits.ts'
import { list, sql } from '../sql.ts'
import { type EmailId, Flag, type Uid } from '../types.ts'
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
  const gone: Uid[] = []
  const emailIds: EmailId[] = []
  let unseen = 0
  let deleted = 0
  let sizeBytes = 0
  let room = MESSAGES_AT_ONCE
  for (const { from, to } of normaliseRanges(uids)) {
    const rows = await tx.all<[Uid, number, number, EmailId]>(sql`
      SELECT uid, flags, size_bytes, email_id FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}
        AND (flags & ${needed}) = ${needed}
      ORDER BY uid LIMIT ${room}`)
    for (const [uid, flags, size, emailId] of rows) {
      gone.push(uid)
      emailIds.push(emailId)
      sizeBytes += size
      if (!(flags & Flag.Seen)) unseen++
      if (flags & Flag.Deleted) deleted++
    }
    room -= rows.length
    if (room === 0) break
  }
  const upTo = room === 0 ? gone.at(-1)! : null
  if (gone.length === 0) return { uids: gone, upTo, modseq: await currentModseq(tx, accountId) }

  const modseq = await nextModseq(tx, accountId)
  await tx.run(sql`
    DELETE FROM message WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid IN ${list(gone)}`)
  await leaveTombstones(tx, { accountId, mailboxId, modseq }, gone)
  await forgetRetrieved(tx, { accountId, mailboxId }, gone)
  await releaseEmails(tx, accountId, emailIds)
  const change = { messages: -gone.length, unseen: -unseen, deleted: -deleted, sizeBytes: -sizeBytes }
  await countChange(tx, { accountId, mailboxId, modseq }, change)
  await tx.run(sql`
    UPDATE account SET used_bytes = used_bytes - ${sizeBytes}, messages = messages - ${gone.length}
    WHERE account_id = ${accountId}`)
  return { uids: gone, upTo, modseq }
}
