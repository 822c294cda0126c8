import { MESSAGES_AT_ONCE, MESSAGES_OF_COPY } from '../limits.ts'
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

/** UIDs have 32 bits. */
const MAX_MESSAGES = 0xffff_ffff

type Pair = { from: Uid; to: Uid }

export const copyMessages: Operation<'message.copy'> = async (tx, args) => {
  const { accountId, target, at } = args
  await requireMailbox(tx, accountId, args.mailboxId)
  const { uidValidity, uidNext } = await requireMailbox(tx, accountId, target)
  const source = await select(tx, args, MESSAGES_OF_COPY + 1)
  if (source.uids.length > MESSAGES_OF_COPY)
    throw new StoreError('too-many', `${MESSAGES_OF_COPY} messages may be copied at once`)
  if (args.expected !== undefined) requireAll(source.uids.length, args.expected)
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
  if (args.expected !== undefined) requireAll(await count(tx, args), args.expected)
  const source = await select(tx, args, MESSAGES_AT_ONCE)
  const upTo = source.uids.length === MESSAGES_AT_ONCE ? source.uids.at(-1)! : null
  if (source.uids.length === 0) return { uidValidity, pairs: [], upTo, modseq: await currentModseq(tx, accountId) }
  const modseq = await nextModseq(tx, accountId)
  return { uidValidity, pairs: await transferSelected(tx, { ...args, modseq }, source), upTo, modseq }
}

interface Transfer {
  accountId: AccountId
  mailboxId: MailboxId
  target: MailboxId
  modseq: Modseq
  at: number
}

/** Moves all that the ranges hold. */
export async function transfer(tx: Transaction, args: Transfer & { uids: UidRange[] }): Promise<Pair[]> {
  const source = await select(tx, args)
  return source.uids.length === 0 ? [] : transferSelected(tx, args, source)
}

/** A move needs no room: nothing is added to the account. The emails stay, under their new messages. */
async function transferSelected(tx: Transaction, args: Transfer, source: Selection): Promise<Pair[]> {
  const { accountId, mailboxId, modseq, at } = args
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
function requireAll(found: number, expected: number): void {
  if (found !== expected) throw new StoreError('conflict', `of ${expected} messages ${found} are there by now`)
}

interface Selection {
  uids: Uid[]
  change: MailboxChange
  keywords: Set<string>
}

interface Named {
  accountId: AccountId
  mailboxId: MailboxId
  uids: UidRange[]
}

async function count(tx: Transaction, { accountId, mailboxId, uids }: Named): Promise<number> {
  let found = 0
  for (const { from, to } of normaliseRanges(uids)) {
    const row = await tx.get<[number]>(sql`
      SELECT COUNT(*) FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}`)
    found += Number(row?.[0] ?? 0)
  }
  return found
}

/** `most`: of them, the first so many; all where nothing is said. */
async function select(tx: Transaction, { accountId, mailboxId, uids }: Named, most = MAX_MESSAGES): Promise<Selection> {
  const change = { messages: 0, unseen: 0, deleted: 0, sizeBytes: 0 }
  const selection: Selection = { uids: [], change, keywords: new Set() }
  for (const { from, to } of normaliseRanges(uids)) {
    const rows = await tx.all<[Uid, number, string, number]>(sql`
      SELECT uid, flags, keywords, size_bytes FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}
      ORDER BY uid LIMIT ${most - selection.uids.length}`)
    for (const [uid, flags, keywords, sizeBytes] of rows) {
      selection.uids.push(uid)
      if (keywords !== '') selection.keywords.add(keywords)
      change.messages++
      change.sizeBytes += sizeBytes
      if (!(flags & Flag.Seen)) change.unseen++
      if (flags & Flag.Deleted) change.deleted++
    }
    if (selection.uids.length === most) break
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
