import { Fragment, sql } from '../../sql.ts'
import type { AutoReplyAudience, AutoReplyRow } from '../../types/auto-reply.ts'
import type { Query } from '../query.ts'

const columns = new Fragment(
  'account_id, enabled, from_day, until_day, time_zone, subject, body, audience, interval_days, updated_at',
)
type Tuple = [number, number, string | null, string | null, string, string, string, AutoReplyAudience, number, number]

export const getAutoReply: Query<'autoReply.get'> = async (reader, { accountId }) => {
  const row = await reader.get<Tuple>(sql`SELECT ${columns} FROM auto_reply WHERE account_id = ${accountId}`)
  return row ? autoReplyRow(row) : null
}

export const endingAutoReplies: Query<'autoReply.ending'> = async (reader, { before, limit }) => {
  const rows = await reader.all<Tuple>(sql`
    SELECT ${columns} FROM auto_reply WHERE enabled = 1 AND until_day < ${before}
    ORDER BY until_day, account_id LIMIT ${limit}`)
  return rows.map(autoReplyRow)
}

function autoReplyRow(row: Tuple): AutoReplyRow {
  const [accountId, enabled, fromDay, untilDay, timeZone, subject, text, audience, intervalDays, updatedAt] = row
  return {
    accountId,
    enabled: enabled === 1,
    fromDay,
    untilDay,
    timeZone,
    subject,
    text,
    audience,
    intervalDays,
    updatedAt,
  }
}
