import { sql } from '../../sql.ts'
import type { AutoReplyAudience } from '../../types/auto-reply.ts'
import type { Query } from '../query.ts'

type Tuple = [number, string | null, string | null, string, string, string, AutoReplyAudience, number, number]

export const getAutoReply: Query<'autoReply.get'> = async (reader, { accountId }) => {
  const row = await reader.get<Tuple>(sql`
    SELECT enabled, from_day, until_day, time_zone, subject, body, audience, interval_days, updated_at
    FROM auto_reply WHERE account_id = ${accountId}`)
  if (!row) return null
  const [enabled, fromDay, untilDay, timeZone, subject, text, audience, intervalDays, updatedAt] = row
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
