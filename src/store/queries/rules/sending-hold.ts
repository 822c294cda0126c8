import { heldWaiting, holdOf } from '../../rows/sending.ts'
import { list, sql } from '../../sql.ts'
import type { Queries } from '../../store.ts'
import type { HoldReason } from '../../types/sending.ts'
import type { Query } from '../query.ts'

export const isSendingHeld: Query<'sending.isHeld'> = async (reader, { accountId }) =>
  (await holdOf(reader, accountId)) !== null

/** A CROSS JOIN: held mailboxes are few, and SQLite would look through all there are. */
export const listSendingHolds: Query<'sending.holds'> = async (reader, { domains, limit }) => {
  const rows = await reader.all<[number, string, HoldReason, number, string]>(sql`
    SELECT h.account_id, a.address, h.reason, h.at, h.facts
    FROM sending_hold AS h CROSS JOIN account AS a
    WHERE a.account_id = h.account_id AND (${domains === null ? 1 : 0} = 1 OR a.domain IN ${list(domains ?? [])})
    ORDER BY h.at DESC, h.account_id LIMIT ${limit}`)
  const holds: Queries['sending.holds']['result'] = []
  for (const [accountId, address, reason, at, facts] of rows) {
    const waiting = await heldWaiting(reader, accountId)
    holds.push({ accountId, address, reason, at, facts: JSON.parse(facts), ...waiting })
  }
  return holds
}
