/** Plans, and the ledger. */
import {
  type LedgerTuple,
  ledgerColumns,
  ledgerRow,
  type PlanTuple,
  planColumns,
  planRow,
  type TermsTuple,
  termsColumns,
  termsOf,
} from '../../rows/billing.ts'
import { list, sql } from '../../sql.ts'
import type { Reader } from '../../transaction.ts'
import type { PlanTerms } from '../../types/billing.ts'
import type { Query } from '../query.ts'

export const listPlans: Query<'plan.list'> = async reader =>
  (await reader.all<PlanTuple>(sql`SELECT ${planColumns} FROM plan ORDER BY monthly_price, name, plan_id`)).map(planRow)

export const planById: Query<'plan.byId'> = async (reader, { planId }) => {
  const row = await reader.get<PlanTuple>(sql`SELECT ${planColumns} FROM plan WHERE plan_id = ${planId}`)
  return row ? planRow(row) : null
}

export const selfServiceOf: Query<'plan.selfService'> = async (reader, { domain }) => {
  const row = await reader.get<[number | null]>(sql`SELECT plan_self_service FROM domain WHERE name = ${domain}`)
  return row ? { selfService: row[0] === null ? null : row[0] === 1 } : null
}

export const countPlans: Query<'plan.counts'> = async (reader, { domains }) => {
  const rows =
    domains === null
      ? await reader.all<[string, number]>(sql`
          SELECT plan_id, COUNT(*) FROM account WHERE plan_id IS NOT NULL AND removed_at IS NULL GROUP BY plan_id`)
      : await reader.all<[string, number]>(sql`
          SELECT plan_id, COUNT(*) FROM account
          WHERE domain IN ${list(domains)} AND plan_id IS NOT NULL AND removed_at IS NULL GROUP BY plan_id`)
  return rows.map(([planId, mailboxes]) => ({ planId, mailboxes }))
}

export const planOfMailbox: Query<'plan.ofMailbox'> = async (reader, { address }) => {
  const row = await reader.get<[number, string, string | null, number | null, number]>(sql`
    SELECT account_id, domain, plan_id, quota_bytes, used_bytes FROM account
    WHERE address = ${address} AND removed_at IS NULL`)
  if (!row) return null
  const [accountId, domain, planId, quotaBytes, usedBytes] = row
  const terms = planId === null ? null : await lastAgreed(reader, address)
  return {
    accountId,
    address,
    domain,
    planId,
    terms,
    quotaBytes,
    usedBytes,
    lastEntryId: await lastEntryId(reader, address),
  }
}

/** What was agreed of the mailbox last, also while it is in the bin. */
export async function lastAgreed(reader: Reader, address: string): Promise<PlanTerms | null> {
  const row = await reader.get<TermsTuple & string[]>(sql`
    SELECT ${termsColumns} FROM ledger_entry AS e WHERE e.address = ${address} AND e.kind <> 'removed'
    ORDER BY e.entry_id DESC LIMIT 1`)
  return row ? termsOf(row) : null
}

export async function lastEntryId(reader: Reader, address: string): Promise<number | null> {
  const row = await reader.get<[number | null]>(sql`
    SELECT MAX(entry_id) FROM ledger_entry WHERE address = ${address}`)
  return row?.[0] ?? null
}

export const listLedger: Query<'ledger.list'> = async (reader, args) => {
  const { domains, address, before, limit } = args
  const below = before ?? Number.MAX_SAFE_INTEGER
  const sinceAdded = args.sinceAdded ? 1 : 0
  const rows =
    address !== null && domains === null
      ? await reader.all<LedgerTuple>(sql`
          SELECT ${ledgerColumns} FROM ledger_entry AS e WHERE e.address = ${address} AND e.entry_id < ${below}
          ORDER BY e.entry_id DESC LIMIT ${limit}`)
      : address !== null
        ? await reader.all<LedgerTuple>(sql`
            SELECT ${ledgerColumns} FROM ledger_entry AS e
            WHERE e.address = ${address} AND e.domain IN ${list(domains ?? [])} AND e.entry_id < ${below}
              AND (${sinceAdded} = 0 OR e.at >= (SELECT d.created_at FROM domain AS d WHERE d.name = e.domain))
            ORDER BY e.entry_id DESC LIMIT ${limit}`)
        : domains === null
          ? await reader.all<LedgerTuple>(sql`
              SELECT ${ledgerColumns} FROM ledger_entry AS e WHERE e.entry_id < ${below}
              ORDER BY e.entry_id DESC LIMIT ${limit}`)
          : await reader.all<LedgerTuple>(sql`
              SELECT ${ledgerColumns} FROM ledger_entry AS e
              WHERE e.entry_id < ${below} AND e.domain IN ${list(domains)}
                AND (${sinceAdded} = 0 OR e.at >= (SELECT d.created_at FROM domain AS d WHERE d.name = e.domain))
              ORDER BY e.entry_id DESC LIMIT ${limit}`)
  return rows.map(ledgerRow)
}

export const ledgerOfDays: Query<'ledger.ofDays'> = async (reader, { domain, from, until, after, limit, ...args }) => {
  const { address, entryId } = after ?? { address: '', entryId: 0 }
  const sinceAdded = args.sinceAdded ? 1 : 0
  const rows = await reader.all<LedgerTuple>(sql`
    SELECT ${ledgerColumns} FROM ledger_entry AS e
    WHERE e.domain = ${domain} AND (e.address, e.entry_id) > (${address}, ${entryId}) AND e.day <= ${until}
      AND (e.day >= ${from} OR NOT EXISTS (
        SELECT 1 FROM ledger_entry AS n
        WHERE n.address = e.address AND n.entry_id > e.entry_id AND n.day < ${from}))
      AND (${sinceAdded} = 0 OR e.at >= (SELECT d.created_at FROM domain AS d WHERE d.name = ${domain}))
    ORDER BY e.address, e.entry_id LIMIT ${limit}`)
  return rows.map(ledgerRow)
}

export const ledgerDomains: Query<'ledger.domains'> = async reader => {
  const rows = await reader.all<[string]>(sql`
    WITH RECURSIVE step (domain) AS (
      SELECT MIN(domain) FROM ledger_entry
      UNION ALL
      SELECT (SELECT MIN(e.domain) FROM ledger_entry AS e WHERE e.domain > step.domain) FROM step
      WHERE step.domain IS NOT NULL
    )
    SELECT domain FROM step WHERE domain IS NOT NULL`)
  return rows.map(([domain]) => domain)
}

export const managedDomains: Query<'ledger.managedDomains'> = async (reader, { manager, month }) => {
  const rows = await reader.all<[string]>(sql`
    SELECT domain FROM domain_month WHERE manager = ${manager} AND month = ${month} ORDER BY domain`)
  return rows.map(([domain]) => domain)
}
