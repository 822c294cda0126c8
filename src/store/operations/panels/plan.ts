import { lastAgreed, lastEntryId } from '../../queries/panels/plan.ts'
import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { LedgerKind, PlanTerms } from '../../types/billing.ts'
import { setQuota } from '../account.ts'
import type { Operation } from '../operation.ts'

export const addPlan: Operation<'plan.add'> = async (tx, plan) => {
  const { planId, name, description, storageBytes, hourlyLimit, monthlyPrice, currency, isOffered } = plan
  const { createdAt, updatedAt } = plan
  const added = await tx.run(sql`
    INSERT INTO plan (plan_id, name, description, storage_bytes, hourly_limit, monthly_price, currency, is_offered,
      created_at, updated_at)
    VALUES (${planId}, ${name}, ${description}, ${storageBytes}, ${hourlyLimit}, ${monthlyPrice}, ${currency},
      ${isOffered ? 1 : 0}, ${createdAt}, ${updatedAt})
    ON CONFLICT (plan_id) DO NOTHING`)
  if (added === 0) throw new StoreError('already-exists', `there is a plan ${planId} already`)
}

export const updatePlan: Operation<'plan.update'> = async (tx, plan) => {
  const { planId, name, description, storageBytes, hourlyLimit, monthlyPrice, currency, isOffered, updatedAt } = plan
  const changed = await tx.run(sql`
    UPDATE plan SET name = ${name}, description = ${description}, storage_bytes = ${storageBytes},
      hourly_limit = ${hourlyLimit}, monthly_price = ${monthlyPrice}, currency = ${currency},
      is_offered = ${isOffered ? 1 : 0}, updated_at = ${updatedAt}
    WHERE plan_id = ${planId}`)
  if (changed === 0) throw new StoreError('not-found', `there is no plan ${planId}`)
}

export const setSelfService: Operation<'plan.setSelfService'> = async (tx, { domain, selfService }) => {
  const value = selfService === null ? null : selfService ? 1 : 0
  const changed = await tx.run(sql`UPDATE domain SET plan_self_service = ${value} WHERE name = ${domain}`)
  if (changed === 0) throw new StoreError('not-found', `there is no domain ${domain}`)
}

export const assignPlan: Operation<'plan.assign'> = async (tx, args) => {
  const { address, terms, kind, expectedEntryId, at, day, madeBy } = args
  const account = await tx.get<[number, string, number | null]>(sql`
    SELECT account_id, domain, quota_bytes FROM account WHERE address = ${address} AND removed_at IS NULL`)
  if (!account) throw unknownMailbox(address)
  const [accountId, domain, quotaBytes] = account
  if (expectedEntryId !== undefined && (await lastEntryId(tx, address)) !== expectedEntryId)
    throw new StoreError('conflict', `the plan of ${address} was changed meanwhile`)
  await setQuota(tx, { accountId, quotaBytes: terms?.storageBytes ?? quotaBytes, planId: terms?.planId ?? null })
  const hourlyLimit = terms?.hourlyLimit ?? null
  await tx.run(sql`UPDATE account SET plan_hourly_limit = ${hourlyLimit} WHERE account_id = ${accountId}`)
  await addEntry(tx, { at, day, domain, address, kind, terms, madeBy })
}

export const recordInLedger: Operation<'ledger.record'> = async (tx, { address, kind, at, day, madeBy }) => {
  const domain = await domainOfMailbox(tx, address)
  const before = await tx.get<[LedgerKind]>(sql`
    SELECT kind FROM ledger_entry WHERE address = ${address} ORDER BY entry_id DESC LIMIT 1`)
  if (kind === 'removed' && (before === undefined || before[0] === 'removed')) return
  const hasPlan = await tx.get(sql`SELECT 1 FROM account WHERE address = ${address} AND plan_id IS NOT NULL`)
  const terms = kind === 'restored' && hasPlan ? await lastAgreed(tx, address) : null
  await addEntry(tx, { at, day, domain, address, kind, terms, madeBy })
}

export const noteManagers: Operation<'ledger.noteManagers'> = async (tx, { month }) => {
  await tx.run(sql`
    INSERT INTO domain_month (month, domain, manager)
    SELECT ${month}, d.domain, p.address
    FROM principal_domain AS d JOIN principal AS p ON p.principal_id = d.principal_id
    WHERE p.role = 'manager'
    ON CONFLICT (month, domain, manager) DO NOTHING`)
}

interface NewEntry {
  at: number
  day: string
  domain: string
  address: string
  kind: LedgerKind
  terms: PlanTerms | null
  madeBy: string
}

async function addEntry(tx: Transaction, entry: NewEntry): Promise<void> {
  const { at, domain, address, kind, terms, madeBy } = entry
  const last = await tx.get<[string]>(sql`
    SELECT day FROM ledger_entry WHERE address = ${address} ORDER BY entry_id DESC LIMIT 1`)
  // A clock that was set back, or another time zone, must not reach into a statement that stands.
  const day = last && last[0] > entry.day ? last[0] : entry.day
  const entryId = await tx.nextId('ledger_entry')
  await tx.run(sql`
    INSERT INTO ledger_entry (entry_id, at, day, domain, address, kind, plan_id, plan_name, storage_bytes, hourly_limit,
      monthly_price, currency, made_by)
    VALUES (${entryId}, ${at}, ${day}, ${domain}, ${address}, ${kind}, ${terms?.planId ?? null},
      ${terms?.planName ?? null}, ${terms?.storageBytes ?? null}, ${terms?.hourlyLimit ?? null},
      ${terms?.monthlyPrice ?? null}, ${terms?.currency ?? null}, ${madeBy})`)
}

async function domainOfMailbox(tx: Transaction, address: string): Promise<string> {
  const row = await tx.get<[string]>(sql`SELECT domain FROM account WHERE address = ${address}`)
  if (!row) throw unknownMailbox(address)
  return row[0]
}

function unknownMailbox(address: string): StoreError {
  return new StoreError('not-found', `there is no mailbox ${address}`)
}
