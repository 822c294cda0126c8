import { type MailboxTuple, mailboxColumns, mailboxRow } from '../rows/directory.ts'
import { sql } from '../sql.ts'
import type { Modseq, Uid } from '../types.ts'
import { messagesChangedSince, expungedSince as readExpunged } from './message.ts'
import type { Query } from './query.ts'

export const listMailboxes: Query<'mailbox.list'> = async (reader, { accountId }) => {
  const rows = await reader.all<MailboxTuple>(sql`
    SELECT ${mailboxColumns} FROM mailbox AS m WHERE m.account_id = ${accountId} ORDER BY m.name`)
  return rows.map(mailboxRow)
}

export const mailboxByName: Query<'mailbox.byName'> = async (reader, { accountId, name }) => {
  const row = await reader.get<MailboxTuple>(sql`
    SELECT ${mailboxColumns} FROM mailbox AS m WHERE m.account_id = ${accountId} AND m.name = ${name}`)
  return row ? mailboxRow(row) : null
}

/**
 * The account's rows lie together: a fifth of a millisecond for a thousand of them. An index by mod-sequence would have each
 * delivery write one more page, and on PostgreSQL all indexes of the mailbox anew.
 */
export const mailboxesChangedSince: Query<'mailbox.changedSince'> = async (reader, { accountId, since }) => {
  const [counted, changed] = await Promise.all([
    reader.get<[number]>(sql`SELECT COUNT(*) FROM mailbox WHERE account_id = ${accountId}`),
    reader.all<MailboxTuple>(sql`
      SELECT ${mailboxColumns} FROM mailbox AS m
      WHERE m.account_id = ${accountId} AND m.highest_modseq > ${since} ORDER BY m.mailbox_id`),
  ])
  return { mailboxes: counted?.[0] ?? 0, changed: changed.map(mailboxRow) }
}

export const mailboxChanges: Query<'mailbox.changes'> = async (
  reader,
  { accountId, mailboxId, since, expungedSince, limit },
) => {
  const row = await reader.get<[Modseq, Uid | null]>(sql`
    SELECT m.highest_modseq, m.recent_above FROM mailbox AS m WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId}`)
  if (!row) return null
  const [highestModseq, recentAbove] = row
  const mailbox = { accountId, mailboxId }
  const [expunged, changed] = await Promise.all([
    highestModseq > expungedSince ? readExpunged(reader, { ...mailbox, since: expungedSince }) : [],
    highestModseq > since ? messagesChangedSince(reader, { ...mailbox, since, after: 0, limit }) : [],
  ])
  return { highestModseq, recentAbove, expunged, changed }
}

export const listKeywords: Query<'mailbox.keywords'> = async (reader, { accountId, mailboxId }) => {
  const rows = await reader.all<[string]>(sql`
    SELECT spelling FROM mailbox_keyword WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} ORDER BY folded`)
  return rows.map(([spelling]) => spelling)
}

export const listSubscriptions: Query<'mailbox.subscriptions'> = async (reader, { accountId }) => {
  const rows = await reader.all<[string]>(sql`
    SELECT name FROM subscription WHERE account_id = ${accountId} ORDER BY name`)
  return rows.map(([name]) => name)
}
