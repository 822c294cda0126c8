import { packKeywords, unpackKeywords } from '../rows/keywords.ts'
import { list, sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import { type AccountId, Flag, type MailboxId, type Modseq, type Uid, type UidRange } from '../types.ts'
import { normaliseRanges } from '../uid-ranges.ts'
import { spellKeywords } from './keyword.ts'
import {
  countChange,
  currentModseq,
  type MailboxChange,
  nextModseq,
  overQuota,
  requireMailbox,
  takeRoom,
} from './mailbox-rows.ts'
import type { Operation } from './operation.ts'
import { forgetRetrieved } from './rules/pop3.ts'
import { leaveTombstones } from './tombstone.ts'

type Pair = { from: Uid; to: Uid }

export const copyMessages: Operation<'message.copy'> = async (tx, args) => {
  const { accountId, target, at } = args
  await requireMailbox(tx, accountId, args.mailboxId)
  const { uidValidity, uidNext } = await requireMailbox(tx, accountId, target)
  const source = await select(tx, args)
  requireAll(source, args.expected)
  if (source.uids.length === 0) return { uidValidity, pairs: [], modseq: await currentModseq(tx, accountId) }
  const { messages, sizeBytes: bytes } = source.change
  const room = await takeRoom(tx, accountId, { bytes, messages, emails: 0 })
  if (!room) throw overQuota(accountId)
  const pairs = await duplicate(tx, args, source, { uidNext, modseq: room.modseq, at })
  return { uidValidity, pairs, modseq: room.modseq }
}

export const moveMessages: Operation<'message.move'> = async (tx, args) => {
  const { accountId, target } = args
  await requireMailbox(tx, accountId, args.mailboxId)
  const { uidValidity } = await requireMailbox(tx, accountId, target)
  const source = await select(tx, args)
  requireAll(source, args.expected)
  if (source.uids.length === 0) return { uidValidity, pairs: [], modseq: await currentModseq(tx, accountId) }
  const modseq = await nextModseq(tx, accountId)
  return { uidValidity, pairs: await transfer(tx, { ...args, modseq }), modseq }
}

/** A move needs no room: nothing is added to the account. The emails stay, under their new messages. */
export async function transfer(
  tx: Transaction,
  args: { accountId: AccountId; mailboxId: MailboxId; uids: UidRange[]; target: MailboxId; modseq: Modseq; at: number },
): Promise<Pair[]> {
  const { accountId, mailboxId, modseq, at } = args
  const source = await select(tx, args)
  if (source.uids.length === 0) return []
  const { uidNext } = await requireMailbox(tx, accountId, args.target)
  const pairs = await duplicate(tx, args, source, { uidNext, modseq, at })
  await tx.run(sql`
    DELETE FROM message
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid IN ${list(source.uids)}`)
  await forgetRetrieved(tx, { accountId, mailboxId }, source.uids)
  await leaveTombstones(tx, { accountId, mailboxId, modseq }, source.uids)
  const { messages, unseen, deleted, sizeBytes } = source.change
  await countChange(
    tx,
    { accountId, mailboxId, modseq },
    { messages: -messages, unseen: -unseen, deleted: -deleted, sizeBytes: -sizeBytes },
  )
  return pairs
}

/** RFC 9051 §6.4.7: where some are gone, the others must not be copied. */
function requireAll({ uids }: Selection, expected = uids.length): void {
  if (uids.length !== expected)
    throw new StoreError('conflict', `of ${expected} messages ${uids.length} are there by now`)
}

interface Selection {
  uids: Uid[]
  change: MailboxChange
  keywords: Set<string>
}

async function select(
  tx: Transaction,
  { accountId, mailboxId, uids }: { accountId: AccountId; mailboxId: MailboxId; uids: UidRange[] },
): Promise<Selection> {
  const change = { messages: 0, unseen: 0, deleted: 0, sizeBytes: 0 }
  const selection: Selection = { uids: [], change, keywords: new Set() }
  for (const { from, to } of normaliseRanges(uids)) {
    const rows = await tx.all<[Uid, number, string, number]>(sql`
      SELECT uid, flags, keywords, size_bytes FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to} ORDER BY uid`)
    for (const [uid, flags, keywords, sizeBytes] of rows) {
      selection.uids.push(uid)
      if (keywords !== '') selection.keywords.add(keywords)
      change.messages++
      change.sizeBytes += sizeBytes
      if (!(flags & Flag.Seen)) change.unseen++
      if (flags & Flag.Deleted) change.deleted++
    }
  }
  return selection
}

async function duplicate(
  tx: Transaction,
  { accountId, mailboxId, target }: { accountId: AccountId; mailboxId: MailboxId; target: MailboxId },
  source: Selection,
  { uidNext, modseq, at }: { uidNext: Uid; modseq: Modseq; at: number },
): Promise<Pair[]> {
  await tx.run(sql`
    INSERT INTO message (account_id, mailbox_id, uid, flags, keywords, modseq, internal_date, save_date, size_bytes,
      email_id, thread_id)
    SELECT account_id, ${target}, ${uidNext - 1} + ROW_NUMBER() OVER (ORDER BY uid), flags, keywords, ${modseq},
      internal_date, ${at}, size_bytes, email_id, thread_id
    FROM message
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid IN ${list(source.uids)}`)
  for (const keywords of source.keywords) {
    const spelt = packKeywords(await spellKeywords(tx, accountId, target, unpackKeywords(keywords), 'leave-out'))
    if (spelt !== keywords)
      await tx.run(sql`
        UPDATE message SET keywords = ${spelt}
        WHERE account_id = ${accountId} AND mailbox_id = ${target} AND uid >= ${uidNext} AND keywords = ${keywords}`)
  }
  await countChange(tx, { accountId, mailboxId: target, modseq }, source.change)
  return source.uids.map((from, index) => ({ from, to: uidNext + index }))
}
