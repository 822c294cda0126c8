import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Operation } from '../operation.ts'
import { changedRules } from '../rules/script.ts'

export const setAutoReply: Operation<'autoReply.set'> = async (tx, row) => {
  const { accountId, enabled, fromDay, untilDay, timeZone, subject, text, audience, intervalDays, updatedAt } = row
  await changedRules(tx, accountId)
  await tx.run(sql`
    INSERT INTO auto_reply (account_id, enabled, from_day, until_day, time_zone, subject, body, audience, interval_days,
      updated_at)
    VALUES (${accountId}, ${enabled ? 1 : 0}, ${fromDay}, ${untilDay}, ${timeZone}, ${subject}, ${text}, ${audience},
      ${intervalDays}, ${updatedAt})
    ON CONFLICT (account_id) DO UPDATE SET enabled = excluded.enabled, from_day = excluded.from_day,
      until_day = excluded.until_day, time_zone = excluded.time_zone, subject = excluded.subject, body = excluded.body,
      audience = excluded.audience, interval_days = excluded.interval_days, updated_at = excluded.updated_at`)
}

export const endAutoReply: Operation<'autoReply.end'> = async (tx, { accountId, updatedAt }) => {
  await changedRules(tx, accountId)
  const ended = await tx.run(sql`
    UPDATE auto_reply SET enabled = 0 WHERE account_id = ${accountId} AND updated_at = ${updatedAt} AND enabled = 1`)
  if (ended === 0) throw new StoreError('conflict', `the auto-reply of account ${accountId} is another by now`)
}
