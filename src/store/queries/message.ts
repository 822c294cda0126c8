import {
  type DescribedTuple,
  describedColumns,
  describedMessage,
  emailColumns,
  indexColumns,
  type MessageTuple,
  type MessageWithBlobTuple,
  type MessageWithEmailTuple,
  type MessageWithHeaderTuple,
  type MessageWithIndexTuple,
  messageColumns,
  messageRow,
  messageWithBlob,
  messageWithEmail,
  messageWithHeader,
  messageWithIndex,
  recentUid,
} from '../rows/message.ts'
import { sql } from '../sql.ts'
import type { Uid } from '../types.ts'
import { normaliseRanges } from '../uid-ranges.ts'
import type { Query } from './query.ts'

/** Up to so many changed rows are fetched by modseq and sorted; beyond, a walk by UID costs less than sorting every page. */
const fewChanges = 1000

export const messageUids: Query<'message.uids'> = async (reader, { accountId, mailboxId, after, limit }) => {
  const rows = await reader.all<[Uid]>(sql`
    SELECT uid FROM message
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid > ${after} ORDER BY uid LIMIT ${limit}`)
  return Uint32Array.from(rows, ([uid]) => uid)
}

export const messageRows: Query<'message.rows'> = async (reader, { accountId, mailboxId, from, to, limit }) => {
  const rows = await reader.all<MessageTuple>(sql`
    SELECT ${messageColumns} FROM message AS m
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
    ORDER BY m.uid LIMIT ${limit}`)
  return rows.map(messageRow)
}

export const recentMessage: Query<'message.recent'> = recentUid

export const describedMessages: Query<'message.described'> = async (
  reader,
  { accountId, mailboxId, from, to, limit },
) => {
  const rows = await reader.all<DescribedTuple>(sql`
    SELECT ${messageColumns}, ${describedColumns} FROM message AS m
    JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
    ORDER BY m.uid LIMIT ${limit}`)
  return rows.map(describedMessage)
}

export const messagesWithBlob: Query<'message.withBlob'> = async (
  reader,
  { accountId, mailboxId, from, to, limit },
) => {
  const rows = await reader.all<MessageWithBlobTuple>(sql`
    SELECT ${messageColumns}, e.blob_hash FROM message AS m
    JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
    ORDER BY m.uid LIMIT ${limit}`)
  return rows.map(messageWithBlob)
}

export const messagesWithHeader: Query<'message.withHeader'> = async (
  reader,
  { accountId, mailboxId, from, to, limit },
) => {
  const rows = await reader.all<MessageWithHeaderTuple>(sql`
    SELECT ${messageColumns}, e.blob_hash, e.header_fields FROM message AS m
    JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
    ORDER BY m.uid LIMIT ${limit}`)
  return rows.map(messageWithHeader)
}

export const messagesWithEmail: Query<'message.withEmail'> = async (
  reader,
  { accountId, mailboxId, from, to, limit },
) => {
  const rows = await reader.all<MessageWithEmailTuple>(sql`
    SELECT ${messageColumns}, ${emailColumns} FROM message AS m
    JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
    ORDER BY m.uid LIMIT ${limit}`)
  return rows.map(messageWithEmail)
}

export const messagesWithIndex: Query<'message.withIndex'> = async (
  reader,
  { accountId, mailboxId, from, to, limit },
) => {
  const rows = await reader.all<MessageWithIndexTuple>(sql`
    SELECT ${messageColumns}, ${indexColumns} FROM message AS m
    JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
    ORDER BY m.uid LIMIT ${limit}`)
  return rows.map(messageWithIndex)
}

export const messagesChangedSince: Query<'message.changedSince'> = async (
  reader,
  { accountId, mailboxId, since, after, limit },
) => {
  const counted = await reader.get<[number]>(sql`
    SELECT COUNT(*) FROM (
      SELECT 1 FROM message WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq > ${since}
      LIMIT ${fewChanges + 1}) AS changes`)
  const changes = counted?.[0] ?? 0
  if (changes === 0) return []
  // An expression instead of a column keeps the planner from the index it must not use here.
  const rows =
    changes <= fewChanges
      ? await reader.all<MessageTuple>(sql`
          SELECT ${messageColumns} FROM message AS m
          WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.modseq > ${since} AND m.uid + 0 > ${after}
          ORDER BY m.uid + 0 LIMIT ${limit}`)
      : await reader.all<MessageTuple>(sql`
          SELECT ${messageColumns} FROM message AS m
          WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.modseq + 0 > ${since} AND m.uid > ${after}
          ORDER BY m.uid LIMIT ${limit}`)
  return rows.map(messageRow)
}

export const expungedSince: Query<'message.expungedSince'> = async (reader, { accountId, mailboxId, since }) => {
  const rows = await reader.all<[Uid, Uid]>(sql`
    SELECT from_uid, to_uid FROM expunged
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND modseq > ${since}`)
  return normaliseRanges(rows.map(([from, to]) => ({ from, to })))
}
