/** Operations and queries on plans and the ledger. */
import type { LedgerEntryRow, MailboxPlanRow, PlanRow, PlanTerms } from '../types/billing.ts'
import type { Define } from './define.ts'
import type { TrafficOperations, TrafficQueries } from './traffic.ts'
import type { WebhookOperations, WebhookQueries } from './webhooks.ts'

/** What each entry of the ledger says of itself. `day`: YYYY-MM-DD in the service's calendar. */
type Made = { at: number; day: string; madeBy: string }

export interface BillingOperations extends WebhookOperations, TrafficOperations {
  /** `already-exists`. */
  'plan.add': Define<PlanRow, void>
  /** All but the times of its making. What was agreed before stays as it was agreed. `not-found`. */
  'plan.update': Define<Omit<PlanRow, 'createdAt'>, void>
  /** Whether owners of the domain may choose a larger plan themselves; null: as the service has it. `not-found`. */
  'plan.setSelfService': Define<{ domain: string; selfService: boolean | null }, void>
  /**
   * Gives the mailbox a plan, with its quota and its limit, and writes it into the ledger; null takes it off, and leaves
   * quota and limit. `over-quota` where the domain has not so much left to sell. `conflict` where `expectedEntryId` is
   * given and the mailbox's last entry is another by now.
   */
  'plan.assign': Define<
    Made & {
      address: string
      terms: PlanTerms | null
      kind: 'created' | 'changed'
      expectedEntryId?: number | null
    },
    void
  >
  /** A mailbox without a plan was made; any was removed, or put back under the terms it had. Twice removed is once. */
  'ledger.record': Define<Made & { address: string; kind: 'created' | 'removed' | 'restored' }, void>
  /** Notes who manages which domain in the month (YYYY-MM). */
  'ledger.noteManagers': Define<{ month: string }, void>
}

export interface BillingQueries extends WebhookQueries, TrafficQueries {
  /** All, by price and name. */
  'plan.list': Define<Record<never, never>, PlanRow[]>
  'plan.byId': Define<{ planId: string }, PlanRow | null>
  'plan.selfService': Define<{ domain: string }, { selfService: boolean | null } | null>
  /** Mailboxes on each plan, of these domains or of all. */
  'plan.counts': Define<{ domains: readonly string[] | null }, { planId: string; mailboxes: number }[]>
  /** null for one in the bin, too. */
  'plan.ofMailbox': Define<{ address: string }, (MailboxPlanRow & { lastEntryId: number | null }) | null>

  /**
   * Latest first, below `before`; of these domains, or of all. `sinceAdded`: of these domains, what was sold since each was
   * added; somebody else may have had the name before.
   */
  'ledger.list': Define<
    {
      domains: readonly string[] | null
      sinceAdded: boolean
      address: string | null
      before: number | null
      limit: number
    },
    LedgerEntryRow[]
  >
  /**
   * What a statement of [from, until] is made of: each mailbox's entries of those days and the last one before, by
   * address and in the order they were made; those behind `after`. `sinceAdded`: as of `ledger.list`.
   */
  'ledger.ofDays': Define<
    {
      domain: string
      sinceAdded: boolean
      from: string
      until: string
      after: { address: string; entryId: number } | null
      limit: number
    },
    LedgerEntryRow[]
  >
  /** Domains that ever had an entry, by name. */
  'ledger.domains': Define<Record<never, never>, string[]>
  /** Domains the manager had in the month, by name. */
  'ledger.managedDomains': Define<{ manager: string; month: string }, string[]>
}
