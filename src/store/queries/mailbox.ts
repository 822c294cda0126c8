import { type MailboxTuple, mailboxColumns, mailboxRow } from '../rows/directory.ts'
import { sql } from '../sql.ts'
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

export const mailboxById: Query<'mailbox.byId'> = async (reader, { accountId, mailboxId }) => {
  const row = await reader.get<MailboxTuple>(sql`
    SELECT ${mailboxColumns} FROM mailbox AS m WHERE m.account_id = ${accountId} AND m.mailbox_id = ${mailboxId}`)
  return row ? mailboxRow(row) : null
}

export const listSubscriptions: Query<'mailbox.subscriptions'> = async (reader, { accountId }) => {
  const rows = await reader.all<[string]>(sql`
    SELECT name FROM subscription WHERE account_id = ${accountId} ORDER BY name`)
  return rows.map(([name]) => name)
}
