/** What the dashboards plot. */
import { list, type Statement, sql } from '../../sql.ts'
import type { TrafficCounts } from '../../types/traffic.ts'
import type { Query } from '../query.ts'

type CountsTuple = [number, number, number, number, number]

const countsOf = ([received, receivedBytes, sent, sentBytes, refused]: CountsTuple): TrafficCounts => ({
  received,
  receivedBytes,
  sent,
  sentBytes,
  refused,
})

export const trafficHours: Query<'traffic.hours'> = async (reader, { of, from, before }) => {
  const statement: Statement =
    of === 'service'
      ? sql`
          SELECT received, received_bytes, sent, sent_bytes, refused, hour FROM traffic_domain
          WHERE domain = '' AND hour >= ${from} AND hour < ${before} ORDER BY hour`
      : typeof of === 'number'
        ? sql`
            SELECT received, received_bytes, sent, sent_bytes, refused, hour FROM traffic
            WHERE account_id = ${of} AND hour >= ${from} AND hour < ${before} ORDER BY hour`
        : sql`
            SELECT SUM(received), SUM(received_bytes), SUM(sent), SUM(sent_bytes), SUM(refused), hour
            FROM traffic_domain
            WHERE domain IN ${list(of)} AND hour >= ${from} AND hour < ${before} GROUP BY hour ORDER BY hour`
  const rows = await reader.all<[...CountsTuple, number]>(statement)
  return rows.map(row => {
    const [received, receivedBytes, sent, sentBytes, refused, hour] = row
    return { ...countsOf([received, receivedBytes, sent, sentBytes, refused]), hour }
  })
}

/** The sums of each mailbox first, so that its address is looked up only where it stays. */
export const topTraffic: Query<'traffic.top'> = async (reader, { domains, by, from, before, limit }) => {
  const sums =
    domains === null
      ? await reader.all<[...CountsTuple, string]>(sql`
          SELECT t.received, t.received_bytes, t.sent, t.sent_bytes, t.refused, a.address
          FROM (
            SELECT account_id, SUM(received) AS received, SUM(received_bytes) AS received_bytes, SUM(sent) AS sent,
              SUM(sent_bytes) AS sent_bytes, SUM(refused) AS refused
            FROM traffic WHERE hour >= ${from} AND hour < ${before} GROUP BY account_id) AS t
          JOIN account AS a ON a.account_id = t.account_id
          WHERE CASE ${by} WHEN 'received' THEN t.received WHEN 'sent' THEN t.sent ELSE t.refused END > 0
          ORDER BY CASE ${by} WHEN 'received' THEN t.received WHEN 'sent' THEN t.sent ELSE t.refused END DESC, a.address
          LIMIT ${limit}`)
      : await reader.all<[...CountsTuple, string]>(sql`
          SELECT SUM(t.received), SUM(t.received_bytes), SUM(t.sent), SUM(t.sent_bytes), SUM(t.refused), a.address
          FROM account AS a JOIN traffic AS t ON t.account_id = a.account_id
          WHERE a.domain IN ${list(domains)} AND t.hour >= ${from} AND t.hour < ${before}
          GROUP BY a.account_id, a.address
          HAVING SUM(CASE ${by} WHEN 'received' THEN t.received WHEN 'sent' THEN t.sent ELSE t.refused END) > 0
          ORDER BY SUM(CASE ${by} WHEN 'received' THEN t.received WHEN 'sent' THEN t.sent ELSE t.refused END) DESC,
            a.address
          LIMIT ${limit}`)
  return sums.map(row => {
    const [received, receivedBytes, sent, sentBytes, refused, address] = row
    return { ...countsOf([received, receivedBytes, sent, sentBytes, refused]), address }
  })
}

export const spaceDays: Query<'space.days'> = async (reader, { domains, from, until }) => {
  const rows =
    domains === null
      ? await reader.all<[string, number, number, number]>(sql`
          SELECT day, SUM(used_bytes), SUM(quota_bytes), SUM(mailboxes) FROM space
          WHERE day >= ${from} AND day <= ${until} GROUP BY day ORDER BY day`)
      : await reader.all<[string, number, number, number]>(sql`
          SELECT day, SUM(used_bytes), SUM(quota_bytes), SUM(mailboxes) FROM space
          WHERE domain IN ${list(domains)} AND day >= ${from} AND day <= ${until} GROUP BY day ORDER BY day`)
  return rows.map(([day, usedBytes, quotaBytes, mailboxes]) => ({ day, usedBytes, quotaBytes, mailboxes }))
}
