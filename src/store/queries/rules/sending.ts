import { domainHolder, lastOver, limitOf, mailboxHolder, stateOf, subjectOf, usedOf } from '../../rows/sending.ts'
import { list, sql } from '../../sql.ts'
import type { SendingNews } from '../../types/sending.ts'
import type { Query } from '../query.ts'

export const getSendingGauge: Query<'sending.gauge'> = async (reader, { subject, defaults, at }) => {
  const holder =
    subject.kind === 'mailbox'
      ? await mailboxHolder(reader, subject.accountId, defaults)
      : await domainHolder(reader, subject.domain, defaults)
  if (!holder) return null
  const { key, name, domain, usualLimit } = holder
  const state = await stateOf(reader, key, at)
  return {
    kind: subject.kind,
    name,
    domain,
    used: await usedOf(reader, key, state, at),
    limit: limitOf(usualLimit, state),
    usualLimit,
    blockedUntil: state?.blockedUntil ?? null,
    raise: state?.raise ?? null,
  }
}

export const getSendingNews: Query<'sending.news'> = async (reader, { limit }) => {
  const rows = await reader.all<[string, string, number, string, string | null]>(sql`
    SELECT n.subject, n.kind, n.at, n.facts, a.address FROM sending_news AS n
    LEFT JOIN sending_state AS s ON s.subject = n.subject
    LEFT JOIN account AS a ON a.account_id = s.account_id
    ORDER BY n.at LIMIT ${limit}`)
  return rows.map(([key, kind, at, facts, address]) => {
    const subject = subjectOf(key)
    const name = subject.kind === 'domain' ? subject.domain : (address ?? '')
    const domain = name.slice(name.lastIndexOf('@') + 1)
    // Written by `addNews`, whose types tie kind and facts.
    return { subject, kind, name, domain, at, facts: JSON.parse(facts) } as SendingNews
  })
}

export const getSendingNearest: Query<'sending.nearest'> = async (reader, { domains, defaults, at, limit }) => {
  const rows = await reader.all<[string, number, number, number | null]>(sql`
    SELECT f.address, f.used, f.hourly, f.blocked FROM (
      SELECT a.address AS address,
        s.used - (
          SELECT COALESCE(SUM(c.recipients), 0) FROM sending_charge AS c
          WHERE c.subject = s.subject AND c.at <= ${lastOver(at)}) AS used,
        COALESCE(a.hourly_limit, d.mailbox_hourly_limit, ${defaults.mailbox}) AS usual,
        CASE WHEN s.raised_until > ${at} AND s.raised_to > COALESCE(a.hourly_limit, d.mailbox_hourly_limit, ${defaults.mailbox})
          THEN s.raised_to ELSE COALESCE(a.hourly_limit, d.mailbox_hourly_limit, ${defaults.mailbox}) END AS hourly,
        CASE WHEN s.blocked_until > ${at} THEN s.blocked_until END AS blocked
      FROM sending_state AS s JOIN account AS a ON a.account_id = s.account_id JOIN domain AS d ON d.name = a.domain
      WHERE (${domains === null ? 1 : 0} = 1 OR s.domain IN ${list(domains ?? [])})) AS f
    WHERE f.usual IS NOT NULL AND (f.used > 0 OR f.blocked IS NOT NULL)
    ORDER BY CASE WHEN f.blocked IS NULL THEN 1 ELSE 0 END, f.used * 1.0 / CASE WHEN f.hourly = 0 THEN 1 ELSE f.hourly END DESC, f.address
    LIMIT ${limit}`)
  return rows.map(([address, used, hourly, blockedUntil]) => ({ address, used, limit: hourly, blockedUntil }))
}
