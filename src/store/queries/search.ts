/**
 * What SEARCH, SORT and THREAD compare, and no more. To look at a row costs SQLite a fraction of what shipping it does: so the
 * store tests where it can, and answers with what is asked for alone. Which column, a CASE decides within one
 * prepared statement; that costs nothing that could be measured.
 */
import { unpackReferences } from '../rows/email.ts'
import { sql } from '../sql.ts'
import type { SortKey, Uid } from '../types.ts'
import { positionIn } from '../words.ts'
import type { Query } from './query.ts'

/** Bounds that every kept number lies between. */
const lowest = Number.MIN_SAFE_INTEGER
const highest = Number.MAX_SAFE_INTEGER

export const messagesMatching: Query<'message.matching'> = async (reader, args) => {
  const { accountId, mailboxId, from, to, conditions, limit } = args
  const { flagsSet = 0, flagsUnset = 0, sizeAbove = lowest, sizeBelow = highest, modseqFrom = lowest } = conditions
  const { internalFrom = lowest, internalBefore = highest, savedFrom = lowest, savedBefore = highest } = conditions
  // An expression instead of the column keeps the planner from the index of modseqs.
  const rows = await reader.all<[Uid]>(sql`
    SELECT uid FROM message
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}
      AND (flags & ${flagsSet}) = ${flagsSet} AND (flags & ${flagsUnset}) = 0
      AND size_bytes > ${sizeAbove} AND size_bytes < ${sizeBelow}
      AND internal_date >= ${internalFrom} AND internal_date < ${internalBefore}
      AND save_date >= ${savedFrom} AND save_date < ${savedBefore} AND modseq + 0 >= ${modseqFrom}
    ORDER BY uid LIMIT ${limit}`)
  return uidsOf(rows)
}

export const messagesContaining: Query<'message.containing'> = async (reader, args) => {
  const { accountId, mailboxId, from, to, field, text, limit } = args
  const rows = await reader.all<[Uid]>(sql`
    SELECT m.uid FROM message AS m JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
      AND ${positionIn}(CASE ${field} WHEN 'from' THEN e.address_from WHEN 'to' THEN e.address_to WHEN 'cc' THEN e.address_cc
        WHEN 'bcc' THEN e.address_bcc ELSE e.subject END, ${text}) > 0
    ORDER BY m.uid LIMIT ${limit}`)
  return uidsOf(rows)
}

export const messagesSentBetween: Query<'message.sentBetween'> = async (reader, args) => {
  const { accountId, mailboxId, from, to, sentFrom, sentBefore, limit } = args
  const rows = await reader.all<[Uid]>(sql`
    SELECT m.uid FROM message AS m JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
      AND e.sent_day >= ${sentFrom} AND e.sent_day < ${sentBefore}
    ORDER BY m.uid LIMIT ${limit}`)
  return uidsOf(rows)
}

const ofMessage: readonly SortKey[] = ['internalDate', 'sizeBytes']

/** SQLite's substr ends at a NUL: what stands behind one orders nothing there. */
export const messageSortKeys: Query<'message.sortKeys'> = async (reader, args) => {
  const { accountId, mailboxId, from, to, by, characters, limit } = args
  const rows = await reader.all<[uid: Uid, key: number | string]>(
    ofMessage.includes(by)
      ? sql`
        SELECT uid, CASE ${by} WHEN 'internalDate' THEN internal_date ELSE size_bytes END FROM message
        WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}
        ORDER BY uid LIMIT ${limit}`
      : by === 'sentDate'
        ? sql`
          SELECT m.uid, COALESCE(e.sent_at, m.internal_date) FROM message AS m JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
          WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
          ORDER BY m.uid LIMIT ${limit}`
        : sql`
          SELECT m.uid, substr(CASE ${by} WHEN 'baseSubject' THEN e.base_subject WHEN 'sortFrom' THEN e.sort_from
            WHEN 'sortTo' THEN e.sort_to WHEN 'sortCc' THEN e.sort_cc WHEN 'displayFrom' THEN e.display_from
            ELSE e.display_to END, 1, ${characters})
          FROM message AS m JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
          WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
          ORDER BY m.uid LIMIT ${limit}`,
  )
  return rows.map(([uid, key]) => ({ uid, key }))
}

type ThreadingTuple = [
  uid: Uid,
  sentDate: number,
  messageId: string,
  references: string,
  baseSubject: string,
  isReplyOrForward: number,
]

export const messagesThreading: Query<'message.threading'> = async (reader, args) => {
  const { accountId, mailboxId, from, to, limit } = args
  const rows = await reader.all<ThreadingTuple>(sql`
    SELECT m.uid, COALESCE(e.sent_at, m.internal_date), e.message_id, e.message_references, e.base_subject,
      e.is_reply_or_forward
    FROM message AS m JOIN email AS e ON e.account_id = m.account_id AND e.email_id = m.email_id
    WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId} AND m.uid BETWEEN ${from} AND ${to}
    ORDER BY m.uid LIMIT ${limit}`)
  return rows.map(([uid, sentDate, messageId, references, baseSubject, isReplyOrForward]) => ({
    uid,
    sentDate,
    messageId,
    references: unpackReferences(references),
    baseSubject,
    isReplyOrForward: isReplyOrForward === 1,
  }))
}

const uidsOf = (rows: [Uid][]): Uint32Array => Uint32Array.from(rows, ([uid]) => uid)
