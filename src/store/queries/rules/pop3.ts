import { DAY_MS } from '../../../ops/durations.ts'
import { sql } from '../../sql.ts'
import type { Query } from '../query.ts'

export const getKeepDays: Query<'pop3.keepDays'> = async (reader, { accountId }) => {
  const found = await reader.get<[number | null]>(sql`
    SELECT pop3_keep_days FROM account WHERE account_id = ${accountId}`)
  return found?.[0] ?? null
}

export const getLeastKeepDays: Query<'pop3.leastKeepDays'> = async reader => {
  const found = await reader.get<[number]>(sql`
    SELECT pop3_keep_days FROM account WHERE pop3_keep_days IS NOT NULL ORDER BY pop3_keep_days LIMIT 1`)
  return found?.[0] ?? null
}

export const listExpired: Query<'pop3.expired'> = async (reader, { at, limit }) => {
  const rows = await reader.all<[number, number, number]>(sql`
    SELECT r.account_id, r.mailbox_id, r.uid FROM account AS a
    JOIN pop3_retrieved AS r ON r.account_id = a.account_id AND r.at <= ${at} - a.pop3_keep_days * ${DAY_MS}
    WHERE a.pop3_keep_days IS NOT NULL AND a.removed_at IS NULL LIMIT ${limit}`)
  return rows.map(([accountId, mailboxId, uid]) => ({ accountId, mailboxId, uid }))
}
