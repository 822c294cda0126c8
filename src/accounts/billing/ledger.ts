/**
 * What is sold from when to when. Whoever makes, removes or restores a mailbox commits the entry with it; `Plans` writes
 * those of its own. Entries are never changed nor removed.
 */
import type { Clock } from '../../ops/clock.ts'
import type { AnyOperation, Store } from '../../store/store.ts'
import type { LedgerEntryRow, PlanRow, PlanTerms } from '../../store/types/billing.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, isStaff, requireDomain, visibleDomains } from '../actor.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { dayOf } from './calendar.ts'

export interface LedgerOptions {
  store: Store
  settings: ReadsSettings
  clock: Clock
}

export interface LedgerPage {
  address: string | null
  domain: string | null
  /** The last entry of the page before. */
  before: number | null
  limit: number
}

export class Ledger {
  readonly #options: LedgerOptions

  constructor(options: LedgerOptions) {
    this.#options = options
  }

  /** To be committed after the `account.add` of that address: gives it its first plan, with quota and limit; null: none. */
  async created(actor: Actor, address: string, planId: string | null): Promise<AnyOperation> {
    const made = await this.made(actor)
    if (planId === null) return { operation: 'ledger.record', args: { ...made, address, kind: 'created' } }
    const plan = await this.#options.store.read('plan.byId', { planId })
    if (!plan) throw new AccountError('plan-not-found', `There is no plan ${planId}`, { plan: planId })
    return { operation: 'plan.assign', args: { ...made, address, terms: termsOf(plan), kind: 'created' } }
  }

  /** No longer sold: to be committed before the mailbox goes for good, or with its going into the bin; twice is once. */
  async removed(actor: Actor, address: string): Promise<AnyOperation> {
    return { operation: 'ledger.record', args: { ...(await this.made(actor)), address, kind: 'removed' } }
  }

  /** Sold again, under the terms it had. */
  async restored(actor: Actor, address: string): Promise<AnyOperation> {
    return { operation: 'ledger.record', args: { ...(await this.made(actor)), address, kind: 'restored' } }
  }

  /** Latest first; of the actor's domains. Of a name that somebody else had before, what was sold then is staff's to see. */
  async list(actor: Actor, { domain, ...page }: LedgerPage): Promise<LedgerEntryRow[]> {
    if (domain !== null) requireDomain(actor, domain)
    const domains = domain === null ? visibleDomains(actor) : [domain]
    return this.#options.store.read('ledger.list', { domains, sinceAdded: !isStaff(actor), ...page })
  }

  /** Who, and when by the service's calendar. */
  async made(actor: Actor): Promise<{ at: number; day: string; madeBy: string }> {
    const { settings, clock } = this.#options
    const at = clock.now()
    const { timeZone } = await settings.current()
    return { at, day: dayOf(at, timeZone), madeBy: actor.address }
  }
}

/** What is agreed when the plan is given now. */
export function termsOf({ planId, name, storageBytes, hourlyLimit, monthlyPrice, currency }: PlanRow): PlanTerms {
  return { planId, planName: name, storageBytes, hourlyLimit, monthlyPrice, currency }
}
