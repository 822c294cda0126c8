/** Plans, and what was sold from when to when. Prices are whole numbers of the currency's smallest unit. */
import type { AccountId } from '../types.ts'

export interface PlanRow {
  planId: string
  name: string
  description: string
  storageBytes: number
  /** Recipients an hour; null: as the domain or the service has it. */
  hourlyLimit: number | null
  monthlyPrice: number
  /** ISO 4217. */
  currency: string
  /** Retired plans stay with those who have them. */
  isOffered: boolean
  createdAt: number
  updatedAt: number
}

/** What is agreed when a mailbox is given a plan: it holds until the next change, whatever becomes of the catalogue. */
export interface PlanTerms {
  planId: string
  planName: string
  storageBytes: number
  hourlyLimit: number | null
  monthlyPrice: number
  currency: string
}

/** created, restored: sold from that day on. changed: to other terms. removed: no longer sold. */
export type LedgerKind = 'created' | 'changed' | 'removed' | 'restored'

export interface LedgerEntryRow {
  entryId: number
  at: number
  /** YYYY-MM-DD, as the service's calendar had it. */
  day: string
  domain: string
  address: string
  kind: LedgerKind
  /** From then on; null: no plan. */
  terms: PlanTerms | null
  /** Address of who did it, or `command-line`, `service`. */
  madeBy: string
}

/** A mailbox as far as plans go. */
export interface MailboxPlanRow {
  accountId: AccountId
  address: string
  domain: string
  planId: string | null
  /** As agreed; null where it has no plan. */
  terms: PlanTerms | null
  quotaBytes: number | null
  usedBytes: number
}
