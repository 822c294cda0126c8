import { sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { TrafficCounts } from '../../types/traffic.ts'
import type { Operation } from '../operation.ts'

/** One row of a domain and one of the service for all of a turn: the mailboxes' rows are added up first. */
export const addTraffic: Operation<'traffic.add'> = async (tx, { rows }) => {
  const sums = new Map<string, { domain: string; hour: number; counts: TrafficCounts }>()
  for (const { accountId, hour, ...counts } of rows) {
    const account = await tx.get<[string]>(sql`SELECT domain FROM account WHERE account_id = ${accountId}`)
    if (!account) continue
    const { received, receivedBytes, sent, sentBytes, refused } = counts
    await tx.run(sql`
      INSERT INTO traffic (account_id, hour, received, received_bytes, sent, sent_bytes, refused)
      VALUES (${accountId}, ${hour}, ${received}, ${receivedBytes}, ${sent}, ${sentBytes}, ${refused})
      ON CONFLICT (account_id, hour) DO UPDATE SET
        received = traffic.received + excluded.received, received_bytes = traffic.received_bytes + excluded.received_bytes,
        sent = traffic.sent + excluded.sent, sent_bytes = traffic.sent_bytes + excluded.sent_bytes,
        refused = traffic.refused + excluded.refused`)
    for (const domain of [account[0], '']) {
      const key = `${domain} ${hour}`
      const sum = sums.get(key)
      if (sum) addTo(sum.counts, counts)
      else sums.set(key, { domain, hour, counts: { ...counts } })
    }
  }
  for (const { domain, hour, counts } of sums.values()) await addToDomain(tx, domain, hour, counts)
}

async function addToDomain(tx: Transaction, domain: string, hour: number, counts: TrafficCounts): Promise<void> {
  const { received, receivedBytes, sent, sentBytes, refused } = counts
  await tx.run(sql`
    INSERT INTO traffic_domain (domain, hour, received, received_bytes, sent, sent_bytes, refused)
    VALUES (${domain}, ${hour}, ${received}, ${receivedBytes}, ${sent}, ${sentBytes}, ${refused})
    ON CONFLICT (domain, hour) DO UPDATE SET
      received = traffic_domain.received + excluded.received,
      received_bytes = traffic_domain.received_bytes + excluded.received_bytes,
      sent = traffic_domain.sent + excluded.sent, sent_bytes = traffic_domain.sent_bytes + excluded.sent_bytes,
      refused = traffic_domain.refused + excluded.refused`)
}

function addTo(sum: TrafficCounts, { received, receivedBytes, sent, sentBytes, refused }: TrafficCounts): void {
  sum.received += received
  sum.receivedBytes += receivedBytes
  sum.sent += sent
  sum.sentBytes += sentBytes
  sum.refused += refused
}

export const sampleSpace: Operation<'space.sample'> = async (tx, { day }) => {
  await tx.run(sql`
    INSERT INTO space (domain, day, used_bytes, quota_bytes, mailboxes)
    SELECT d.name, ${day}, COALESCE(SUM(a.used_bytes), 0), COALESCE(SUM(a.quota_bytes), 0), COUNT(a.account_id)
    FROM domain AS d LEFT JOIN account AS a ON a.domain = d.name AND a.removed_at IS NULL
    WHERE true GROUP BY d.name
    ON CONFLICT (domain, day) DO UPDATE SET
      used_bytes = excluded.used_bytes, quota_bytes = excluded.quota_bytes, mailboxes = excluded.mailboxes`)
}

export const sweepTraffic: Operation<'traffic.sweep'> = async (tx, { beforeHour, beforeDay, limit }) => {
  const removed =
    (await tx.run(sql`
      DELETE FROM traffic WHERE (account_id, hour) IN (
        SELECT t.account_id, t.hour FROM traffic AS t WHERE t.hour < ${beforeHour} LIMIT ${limit})`)) +
    (await tx.run(sql`
      DELETE FROM traffic_domain WHERE (domain, hour) IN (
        SELECT t.domain, t.hour FROM traffic_domain AS t WHERE t.hour < ${beforeHour} LIMIT ${limit})`)) +
    (await tx.run(sql`
      DELETE FROM space WHERE (domain, day) IN (
        SELECT s.domain, s.day FROM space AS s WHERE s.day < ${beforeDay} LIMIT ${limit})`))
  return { removed }
}
