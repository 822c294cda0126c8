/** Rows of plans and the ledger: the columns asked for and what is made of them. */
import { Fragment } from '../sql.ts'
import type { LedgerEntryRow, LedgerKind, PlanRow, PlanTerms } from '../types/billing.ts'

export const planColumns = new Fragment(
  `plan_id, name, description, storage_bytes, hourly_limit, monthly_price, currency, is_offered, created_at, updated_at`,
)
export type PlanTuple = [string, string, string, number, number | null, number, string, number, number, number]

export function planRow(tuple: PlanTuple): PlanRow {
  const [planId, name, description, storageBytes, hourlyLimit, monthlyPrice, currency, isOffered] = tuple
  const [, , , , , , , , createdAt, updatedAt] = tuple
  return {
    planId,
    name,
    description,
    storageBytes,
    hourlyLimit,
    monthlyPrice,
    currency,
    isOffered: isOffered === 1,
    createdAt,
    updatedAt,
  }
}

/** Of `ledger_entry AS e`. */
export const termsColumns = new Fragment(
  'e.plan_id, e.plan_name, e.storage_bytes, e.hourly_limit, e.monthly_price, e.currency',
)
export type TermsTuple = [
  string | null,
  string | null,
  number | null,
  number | null,
  number | null,
  string | null,
  ...unknown[],
]

export function termsOf([planId, planName, storageBytes, hourlyLimit, monthlyPrice, currency]: TermsTuple) {
  if (planId === null || planName === null || storageBytes === null || monthlyPrice === null || currency === null)
    return null
  return { planId, planName, storageBytes, hourlyLimit, monthlyPrice, currency } satisfies PlanTerms
}

/** Of `ledger_entry AS e`. */
export const ledgerColumns = new Fragment(
  `e.plan_id, e.plan_name, e.storage_bytes, e.hourly_limit, e.monthly_price, e.currency,
   e.entry_id, e.at, e.day, e.domain, e.address, e.kind, e.made_by`,
)
export type LedgerTuple = [
  string | null,
  string | null,
  number | null,
  number | null,
  number | null,
  string | null,
  number,
  number,
  string,
  string,
  string,
  LedgerKind,
  string,
]

export function ledgerRow(tuple: LedgerTuple): LedgerEntryRow {
  const [, , , , , , entryId, at, day, domain, address, kind, madeBy] = tuple
  return { entryId, at, day, domain, address, kind, terms: termsOf(tuple), madeBy }
}
