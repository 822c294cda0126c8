import { list, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import type { AccountId, MailboxId, Modseq, Uid, UidRange } from '../types.ts'
import { normaliseRanges, rangesOf } from '../uid-ranges.ts'

/** Ranges of a mailbox that stay told apart, the newest; and from how many more on these are folded. */
const toldApart = 256

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
 * Takes the older expunges of a mailbox for one, at the modseq of its last: so there are hardly more ranges than gaps between
 * the messages that are left, however many came and went. A client that knows of some is told of all of them again, as one that
 * has been away for longer than a server remembers must be (RFC 7162 §3.2.6). Folds some `limit` ranges of the account's
 * mailboxes; returns how many.
 */
export async function foldTombstones(tx: Transaction, accountId: AccountId, limit: number): Promise<number> {
  const mailboxes = await tx.all<[MailboxId, Modseq | null]>(sql`
    SELECT b.mailbox_id, (
      SELECT x.modseq FROM expunged AS x WHERE x.account_id = b.account_id AND x.mailbox_id = b.mailbox_id
      ORDER BY x.modseq DESC LIMIT 1 OFFSET ${toldApart})
    FROM mailbox AS b WHERE b.account_id = ${accountId}`)
  let folded = 0
  for (const [mailboxId, newest] of mailboxes)
    if (newest !== null && folded < limit)
      folded += await fold(tx, { accountId, mailboxId }, newest, Math.max(toldApart, limit - folded))
  return folded
}

type TombstoneTuple = [modseq: Modseq, from: Uid, to: Uid]

async function fold(
  tx: Transaction,
  { accountId, mailboxId }: { accountId: AccountId; mailboxId: MailboxId },
  newest: Modseq,
  limit: number,
): Promise<number> {
  const lowest = await tx.get<[Modseq]>(sql`
    SELECT modseq FROM expunged WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId}
    ORDER BY modseq LIMIT 1`)
  const [base = newest] = lowest ?? []
  const after = await tx.all<TombstoneTuple>(sql`
    SELECT modseq, from_uid, to_uid FROM expunged
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq > ${base} AND modseq <= ${newest}
    ORDER BY modseq LIMIT ${limit}`)
  if (after.length < toldApart) return 0
  // Of the last, more may follow. What one expunge left is folded whole.
  const last = after.at(-1)![0]
  const modseq = after.length < limit ? last : (after.findLast(tuple => tuple[0] < last)?.[0] ?? last)
  const before = await tx.all<[Uid, Uid]>(sql`
    SELECT from_uid, to_uid FROM expunged
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq = ${base}`)
  // All that were folded take the new modseq: not for a few.
  if (after.length < Math.min(before.length, limit) / 2) return 0
  const added = await tx.all<[Uid, Uid]>(sql`
    DELETE FROM expunged
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq > ${base} AND modseq <= ${modseq}
    RETURNING from_uid, to_uid`)
  await tx.run(sql`
    UPDATE expunged SET modseq = ${modseq}
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq = ${base}`)
  const ranges = normaliseRanges([...before, ...added].map(([from, to]) => ({ from, to })))
  const endOf = new Map(before)
  const isThere = ({ from, to }: UidRange): boolean => endOf.get(from) === to
  const kept = new Set(ranges.filter(isThere).map(({ from }) => from))
  const joined = before.map(([from]) => from).filter(from => !kept.has(from))
  await tx.run(sql`
    DELETE FROM expunged
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq = ${modseq} AND from_uid IN ${list(joined)}`)
  for (const range of ranges)
    if (!kept.has(range.from))
      tx.send(sql`
        INSERT INTO expunged (account_id, mailbox_id, modseq, from_uid, to_uid)
        VALUES (${accountId}, ${mailboxId}, ${modseq}, ${range.from}, ${range.to})`)
  return added.length
}
