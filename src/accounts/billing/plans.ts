/** The catalogue of plans, and who has which. A change of the catalogue changes nothing that was agreed. */
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import type { MailboxPlanRow, PlanRow, PlanTerms } from '../../store/types/billing.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, isStaff, mayManage, visibleDomains } from '../actor.ts'
import { keptForm } from '../addresses.ts'
import { noRoomIn } from '../directory/domains.ts'
import { expecting, noMailbox } from '../directory/error.ts'
import { webhookEvent } from './events.ts'
import { type Ledger, termsOf } from './ledger.ts'
import { PLANS } from './limits.ts'

export interface PlansOptions {
  store: Store
  ledger: Ledger
  clock: Clock
}

export type NewPlan = Omit<PlanRow, 'createdAt' | 'updatedAt'>
export type PlanChange = Partial<Omit<NewPlan, 'planId'>>

export interface PlanListing extends PlanRow {
  /** Of the actor's domains. */
  mailboxes: number
}

/** What whoever chose saw: refused where the plan is another by now. */
export interface SeenPrice {
  monthlyPrice: number
  currency: string
}

export class Plans {
  readonly #options: PlansOptions

  constructor(options: PlansOptions) {
    this.#options = options
  }

  /** Staff see all; managers what is offered, and what their mailboxes have. */
  async list(actor: Actor): Promise<PlanListing[]> {
    const { store } = this.#options
    const [plans, counts] = await Promise.all([
      store.read('plan.list', {}),
      store.read('plan.counts', { domains: visibleDomains(actor) }),
    ])
    const mailboxes = new Map(counts.map(count => [count.planId, count.mailboxes]))
    return plans
      .map(plan => ({ ...plan, mailboxes: mailboxes.get(plan.planId) ?? 0 }))
      .filter(plan => isStaff(actor) || plan.isOffered || plan.mailboxes > 0)
  }

  async find(planId: string): Promise<PlanRow> {
    const plan = await this.#options.store.read('plan.byId', { planId })
    if (!plan) throw new AccountError('plan-not-found', `There is no plan ${planId}`, { plan: planId })
    return plan
  }

  async add(actor: Actor, wanted: NewPlan): Promise<PlanRow> {
    requireStaff(actor)
    const { store, clock } = this.#options
    const { planId } = wanted
    if ((await store.read('plan.list', {})).length >= PLANS)
      throw new AccountError('too-many-plans', `There are ${PLANS} plans already`, { limit: PLANS })
    const at = clock.now()
    const plan = { ...wanted, createdAt: at, updatedAt: at }
    try {
      await writeAll(store, [
        { operation: 'plan.add', args: plan },
        audited(actor, at, { action: 'plan.create', target: planId, domain: null, after: { ...wanted } }),
      ])
    } catch (error) {
      if (error instanceof StoreError && error.code === 'already-exists')
        throw new AccountError('plan-exists', `There is a plan ${planId} already`, { plan: planId })
      throw error
    }
    return plan
  }

  async change(actor: Actor, planId: string, change: PlanChange): Promise<PlanRow> {
    requireStaff(actor)
    const { store, clock } = this.#options
    const before = await this.find(planId)
    const at = clock.now()
    const after = { ...before, ...change, updatedAt: at }
    const changed = (Object.keys(change) as (keyof PlanChange)[]).filter(key => change[key] !== before[key])
    if (changed.length === 0) return before
    // A price says nothing without its currency.
    const told = changed.includes('monthlyPrice') ? [...new Set([...changed, 'currency' as const])] : changed
    const picked = (plan: PlanRow): PlanChange => Object.fromEntries(told.map(key => [key, plan[key]]))
    const { createdAt, ...row } = after
    await writeAll(store, [
      { operation: 'plan.update', args: row },
      audited(actor, at, {
        action: 'plan.update',
        target: planId,
        domain: null,
        before: picked(before),
        after: picked(after),
      }),
    ])
    return { ...row, createdAt }
  }

  /** What a mailbox has. */
  async ofMailbox(actor: Actor, address: string): Promise<MailboxPlanRow> {
    const { lastEntryId, ...mailbox } = await this.#mailbox(actor, address)
    return mailbox
  }

  /**
   * Gives the mailbox a plan, on today's terms; null takes it off, which only staff may: it makes the mailbox free.
   * `seen`: refused where the plan costs something else by now.
   */
  async assign(
    actor: Actor,
    address: string,
    planId: string | null,
    seen: SeenPrice | null = null,
  ): Promise<MailboxPlanRow> {
    if (planId === null) requireStaff(actor)
    for (let tries = 1; ; tries++) {
      const mailbox = await this.#mailbox(actor, address)
      const terms = planId === null ? null : await this.#agree(actor, planId, mailbox, seen)
      try {
        return await this.#assign(actor, mailbox, terms)
      } catch (error) {
        const isBusy = error instanceof StoreError && error.code === 'conflict'
        if (!isBusy) throw error
        // Somebody else's change came first: what is then there is what this one changes.
        if (tries === ASSIGN_TRIES)
          throw new AccountError('plan-changed-meanwhile', `The plan of ${address} is being changed`)
      }
    }
  }

  async #agree(actor: Actor, planId: string, mailbox: MailboxPlanRow, seen: SeenPrice | null): Promise<PlanTerms> {
    const plan = await this.find(planId)
    if (!plan.isOffered && !isStaff(actor))
      throw new AccountError('plan-not-offered', `The plan ${planId} is no longer offered`, { plan: plan.name })
    if (seen && (seen.monthlyPrice !== plan.monthlyPrice || seen.currency !== plan.currency))
      throw new AccountError('plan-terms-changed', `The plan ${planId} has changed`, { plan: plan.name })
    if (mailbox.usedBytes > plan.storageBytes)
      throw new AccountError('plan-too-small', `${mailbox.address} uses more space than ${planId} has`)
    return termsOf(plan)
  }

  async #assign(actor: Actor, mailbox: Mailbox, terms: PlanTerms | null): Promise<MailboxPlanRow> {
    const { store, ledger } = this.#options
    const { address, domain, lastEntryId, terms: before } = mailbox
    const made = await ledger.made(actor)
    const { at } = made
    const operations: AnyOperation[] = [
      { operation: 'plan.assign', args: { ...made, address, terms, kind: 'changed', expectedEntryId: lastEntryId } },
      audited(actor, at, {
        action: 'plan.assign',
        target: address,
        domain,
        before: before && { ...before },
        after: terms && { ...terms },
      }),
      webhookEvent('plan.changed', {
        at,
        domain,
        data: { address, before: before && eventPlan(before), after: terms && eventPlan(terms) },
      }),
    ]
    await expecting(writeAll(store, operations), {
      'not-found': () => noMailbox(address),
      'over-quota': noRoomIn(store, domain, terms?.storageBytes ?? null)['over-quota'],
    })
    const { accountId, usedBytes } = mailbox
    const quotaBytes = terms?.storageBytes ?? mailbox.quotaBytes
    return { accountId, address, domain, planId: terms?.planId ?? null, terms, quotaBytes, usedBytes }
  }

  /** `mailbox-not-found` also where it is not the actor's to see. */
  async #mailbox(actor: Actor, address: string): Promise<Mailbox> {
    const mailbox = await this.#options.store.read('plan.ofMailbox', { address: keptForm(address) })
    const isOwn = mailbox !== null && actor.hasMailbox && mailbox.accountId === actor.principalId
    if (!mailbox || !(isOwn || mayManage(actor, mailbox.domain))) throw noMailbox(address)
    return mailbox
  }
}

type Mailbox = MailboxPlanRow & { lastEntryId: number | null }

/** Changes of one mailbox that come at once: each try is beaten by one that came through. */
const ASSIGN_TRIES = 10

function requireStaff(actor: Actor): void {
  if (!isStaff(actor)) throw new AccountError('not-allowed', 'Only staff may do that')
}

function eventPlan({ planId, planName, storageBytes, hourlyLimit, monthlyPrice, currency }: PlanTerms) {
  return { planId, name: planName, storageBytes, hourlyLimit, monthlyPrice, currency }
}
