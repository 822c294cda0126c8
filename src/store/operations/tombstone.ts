import { sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, MailboxId, Modseq, Uid, UidRange } from '../types.ts'
import { normaliseRanges, rangesOf } from '../uid-ranges.ts'

/** Expunges of a mailbox that stay told apart, and from how many on the older are folded. */
const toldApart = 256
const foldedFrom = 2 * toldApart

/** Ranges of a mailbox that one sweep folds: each is a statement or two by itself. */
const rangesAtOnce = 5000

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

/**
 * Takes the older expunges of each mailbox for one, at the modseq of its last: so there are no more ranges than gaps between
 * the messages that are left, however many came and went. A client that knows of some is told of all of them again, as one that
 * has been away for longer than a server remembers must be (RFC 7162 §3.2.6). The number of ranges it looked at.
 */
export async function foldTombstones(tx: Transaction, accountId: AccountId): Promise<number> {
  const mailboxes = await tx.all<[MailboxId]>(sql`
    SELECT mailbox_id FROM expunged WHERE account_id = ${accountId}
    GROUP BY mailbox_id HAVING COUNT(DISTINCT modseq) > ${foldedFrom}`)
  let looked = 0
  for (const [mailboxId] of mailboxes) looked += await fold(tx, accountId, mailboxId)
  return looked
}

async function fold(tx: Transaction, accountId: AccountId, mailboxId: MailboxId): Promise<number> {
  const newest = await tx.get<[Modseq]>(sql`
    SELECT DISTINCT modseq FROM expunged WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}
    ORDER BY modseq DESC LIMIT 1 OFFSET ${toldApart}`)
  const found = await tx.all<[Modseq, Uid, Uid]>(sql`
    SELECT modseq, from_uid, to_uid FROM expunged
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq <= ${newest?.[0] ?? 0}
    ORDER BY modseq LIMIT ${rangesAtOnce}`)
  // Of the last one that was looked at, others may follow.
  const last = found.at(-1)?.[0] ?? 0
  const whole = found.length < rangesAtOnce ? found : found.filter(([modseq]) => modseq < last)
  const modseq = whole.at(-1)?.[0]
  if (modseq === undefined) return found.length
  const ranges: UidRange[] = whole.map(([, from, to]) => ({ from, to }))
  await tx.run(sql`
    DELETE FROM expunged
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq <= ${modseq}`)
  for (const { from, to } of normaliseRanges(ranges))
    tx.send(sql`
      INSERT INTO expunged (account_id, mailbox_id, modseq, from_uid, to_uid)
      VALUES (${accountId}, ${mailboxId}, ${modseq}, ${from}, ${to})`)
  return found.length
}
