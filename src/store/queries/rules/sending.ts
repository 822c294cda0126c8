import { domainOf } from '../../../wire/mime/domain-of.ts'
import {
  domainHolder,
  heldWaiting,
  holdOf,
  lastOver,
  limitOf,
  mailboxHolder,
  stateOf,
  subjectOf,
  usedOf,
} from '../../rows/sending.ts'
import { list, sql } from '../../sql.ts'
import type { Reader } from '../../transaction.ts'
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
  const hold = subject.kind === 'mailbox' ? await holdOf(reader, subject.accountId) : null
  const { used } = await usedOf(reader, key, state, at)
  return {
    kind: subject.kind,
    name,
    domain,
    used,
    limit: limitOf(usualLimit, state),
    usualLimit,
    blockedUntil: state?.blockedUntil ?? null,
    raise: state?.raise ?? null,
    held: hold && subject.kind === 'mailbox' ? { ...hold, ...(await heldWaiting(reader, subject.accountId)) } : null,
  }
}

export const getSendingNews: Query<'sending.news'> = async (reader, { limit }) => {
  const rows = await reader.all<[string, string, number, string]>(sql`
    SELECT n.subject, n.kind, n.at, n.facts FROM sending_news AS n ORDER BY n.at LIMIT ${limit}`)
  const news: SendingNews[] = []
  for (const [key, kind, at, facts] of rows) {
    const subject = subjectOf(key)
    const name = subject.kind === 'domain' ? subject.domain : await addressOf(reader, subject.accountId)
    const domain = domainOf(name)
    // Written by `addNews`, whose types tie kind and facts.
    news.push({ subject, kind, name, domain, at, facts: JSON.parse(facts) } as SendingNews)
  }
  return news
}

/** Empty where it is gone. */
async function addressOf(reader: Reader, accountId: number): Promise<string> {
  const found = await reader.get<[string]>(sql`SELECT address FROM account WHERE account_id = ${accountId}`)
  return found?.[0] ?? ''
}

export const getSendingNearest: Query<'sending.nearest'> = async (reader, { domains, defaults, at, limit }) => {
  const rows = await reader.all<[string, number, number, number | null]>(sql`
    SELECT f.address, f.used, f.hourly, f.blocked FROM (
      SELECT a.address AS address,
        s.used - (
          SELECT COALESCE(SUM(c.recipients), 0) FROM sending_charge AS c
          WHERE c.subject = s.subject AND c.at <= ${lastOver(at)}) AS used,
        COALESCE(a.hourly_limit, d.mailbox_hourly_limit, a.plan_hourly_limit, ${defaults.mailbox}) AS usual,
        CASE WHEN s.raised_until > ${at} AND s.raised_to > COALESCE(a.hourly_limit, d.mailbox_hourly_limit, a.plan_hourly_limit, ${defaults.mailbox})
          THEN s.raised_to ELSE COALESCE(a.hourly_limit, d.mailbox_hourly_limit, a.plan_hourly_limit, ${defaults.mailbox}) END AS hourly,
        CASE WHEN s.blocked_until > ${at} THEN s.blocked_until END AS blocked
      FROM sending_state AS s JOIN account AS a ON a.account_id = s.account_id JOIN domain AS d ON d.name = a.domain
      WHERE (${domains === null ? 1 : 0} = 1 OR s.domain IN ${list(domains ?? [])})) AS f
    WHERE f.usual IS NOT NULL AND (f.used > 0 OR f.blocked IS NOT NULL)
    ORDER BY CASE WHEN f.blocked IS NULL THEN 1 ELSE 0 END, f.used * 1.0 / CASE WHEN f.hourly = 0 THEN 1 ELSE f.hourly END DESC, f.address
    LIMIT ${limit}`)
  return rows.map(([address, used, hourly, blockedUntil]) => ({ address, used, limit: hourly, blockedUntil }))
}
