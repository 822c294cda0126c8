/** "Get more space": what the owner of a mailbox is offered, what he may choose himself, and what he has to ask for. */
import type { Clock } from '../../ops/clock.ts'
import { DAY_MS } from '../../ops/durations.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { PlanRow, PlanTerms } from '../../store/types/billing.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, requireDomain } from '../actor.ts'
import { noDomain } from '../directory/error.ts'
import type { Notices } from '../notices.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { webhookEvent } from './events.ts'
import { COUNTED_REQUESTERS, PLAN_REQUESTS_A_DAY } from './limits.ts'
import type { Plans, SeenPrice } from './plans.ts'
import { whoIsTold } from './who-is-told.ts'

export interface SpaceOffer {
  address: string
  usedBytes: number
  quotaBytes: number | null
  /** What was agreed; null: no plan. */
  terms: PlanTerms | null
  /** Offered and larger, the cheapest first. */
  larger: PlanRow[]
  /** Whether the owner may choose himself, or has to ask. */
  mayChoose: boolean
}

export interface DomainSelfService {
  /** null: as the service has it. */
  selfService: boolean | null
  /** What holds. */
  holds: boolean
}

export interface SelfServiceOptions {
  store: Store
  plans: Plans
  settings: ReadsSettings
  notices: Notices
  linkTo: (path: string) => string
  clock: Clock
}

export class SelfService {
  readonly #options: SelfServiceOptions
  /** When each mailbox asked lately. */
  readonly #asked = new Map<string, number[]>()

  constructor(options: SelfServiceOptions) {
    this.#options = options
  }

  async offer(actor: Actor): Promise<SpaceOffer> {
    const { plans, store } = this.#options
    const { address, domain, usedBytes, quotaBytes, terms } = await plans.ofMailbox(actor, actor.address)
    const all = await store.read('plan.list', {})
    const mayChoose = await this.#mayChoose(domain)
    const larger = all.filter(plan => isLarger(plan, terms, quotaBytes))
    return { address, usedBytes, quotaBytes, terms, larger, mayChoose }
  }

  async choose(actor: Actor, planId: string, seen: SeenPrice): Promise<SpaceOffer> {
    const { plans } = this.#options
    const { domain, terms, quotaBytes } = await plans.ofMailbox(actor, actor.address)
    if (!(await this.#mayChoose(domain)))
      throw new AccountError('no-self-service', `Owners of ${domain} don't choose their plan`)
    await this.#expectLarger(planId, terms, quotaBytes)
    await plans.assign(actor, actor.address, planId, seen)
    return this.offer(actor)
  }

  /** Mails it to who manages the domain, else to the support address, else to staff. */
  async request(actor: Actor, planId: string, message: string): Promise<{ told: number }> {
    const { store, plans, notices, linkTo, clock } = this.#options
    const { address, domain, terms, quotaBytes, usedBytes } = await plans.ofMailbox(actor, actor.address)
    const plan = await this.#expectLarger(planId, terms, quotaBytes)
    const at = clock.now()
    this.#count(address, at)
    await writeAll(store, [
      audited(actor, at, { action: 'plan.request', target: address, domain, after: { planId, message } }),
      webhookEvent('plan.requested', { at, domain, data: { address, planId, message } }),
    ])
    const { name: planName, storageBytes, monthlyPrice, currency } = plan
    const url = linkTo(`/mailboxes/${encodeURIComponent(address)}`)
    const values = { address, planName, storageBytes, monthlyPrice, currency, usedBytes, quotaBytes, message, url }
    const readers = await whoIsTold(this.#options, domain)
    const sent = await Promise.all(readers.map(reader => notices.send('plan-request', reader, values)))
    return { told: sent.filter(Boolean).length }
  }

  /** Of a domain: what was decided for it (null: nothing), and what holds. */
  async ofDomain(actor: Actor, domain: string): Promise<DomainSelfService> {
    requireDomain(actor, domain)
    const { store, settings } = this.#options
    const found = await store.read('plan.selfService', { domain })
    if (!found) throw noDomain(domain)
    const { planSelfService } = await settings.current()
    return { selfService: found.selfService, holds: found.selfService ?? planSelfService }
  }

  /** Whoever manages the domain decides: it is on his statement. */
  async setOfDomain(actor: Actor, domain: string, selfService: boolean | null): Promise<DomainSelfService> {
    const { store, clock } = this.#options
    const before = { planSelfService: (await this.ofDomain(actor, domain)).selfService }
    const after = { planSelfService: selfService }
    const at = clock.now()
    await writeAll(store, [
      { operation: 'plan.setSelfService', args: { domain, selfService } },
      audited(actor, at, { action: 'domain.update', target: domain, domain, before, after }),
      webhookEvent('domain.changed', { at, domain, data: { domain, before, after } }),
    ])
    return this.ofDomain(actor, domain)
  }

  async #mayChoose(domain: string): Promise<boolean> {
    const { settings, store } = this.#options
    const ofDomain = await store.read('plan.selfService', { domain })
    return ofDomain?.selfService ?? (await settings.current()).planSelfService
  }

  async #expectLarger(planId: string, terms: PlanTerms | null, quotaBytes: number | null): Promise<PlanRow> {
    const plan = await this.#options.plans.find(planId)
    if (!plan.isOffered) throw new AccountError('plan-not-offered', `${planId} is not offered`, { plan: plan.name })
    if (!isLarger(plan, terms, quotaBytes))
      throw new AccountError('plan-not-larger', `${planId} is not larger than what there is`)
    return plan
  }

  #count(address: string, at: number): void {
    const recent = (this.#asked.get(address) ?? []).filter(time => time > at - DAY_MS)
    if (recent.length >= PLAN_REQUESTS_A_DAY)
      throw new AccountError('too-many-plan-requests', `${address} asked ${recent.length} times today`)
    this.#asked.delete(address)
    this.#asked.set(address, [...recent, at])
    // A Map keeps the order of insertion: the first asked longest ago.
    const oldest = this.#asked.size > COUNTED_REQUESTERS ? this.#asked.keys().next().value : undefined
    if (oldest !== undefined) this.#asked.delete(oldest)
  }
}

/** Than what is had now: by the plan, or by the quota where there is none. Without either there is nothing larger. */
function isLarger(plan: PlanRow, terms: PlanTerms | null, quotaBytes: number | null): boolean {
  const space = terms === null ? quotaBytes : Math.max(terms.storageBytes, quotaBytes ?? 0)
  return plan.isOffered && space !== null && plan.storageBytes > space
}
