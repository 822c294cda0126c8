/** Domains and their aliases: what they are called, who receives what is nobody's, what may be sold of them. */
import type { Clock } from '../../ops/clock.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { DomainAliasRow } from '../../store/types/directory.ts'
import type { DomainRow } from '../../store/types.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, isStaff, mayManage, visibleDomains } from '../actor.ts'
import { webhookEvent } from '../billing/events.ts'
import { DirectoryError, expecting, noDomain } from './error.ts'
import { SCANNED_AT_ONCE } from './limits.ts'
import { checkLimit, checkQuota, domainNameOf, targetOf } from './names.ts'

/** What the domain's managers may change of it. */
interface OwnSettings {
  /** Receives what no mailbox or alias of the domain does; null for nobody. */
  catchAll?: string | null
  defaultPlanId?: string | null
  defaultQuotaBytes?: number | null
}

/** What is agreed with them, for staff to change. */
interface SoldLimits {
  quotaBytes?: number | null
  maxMailboxes?: number | null
  mailboxHourlyLimit?: number | null
  domainHourlyLimit?: number | null
}

export type DomainChange = OwnSettings & SoldLimits

const soldLimits = ['quotaBytes', 'maxMailboxes', 'mailboxHourlyLimit', 'domainHourlyLimit'] as const

export interface Usage {
  usedBytes: number
  /** Mailboxes without a quota. */
  withoutQuota: number
}

export class Domains {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Returns the name as it is kept: lower case, A-labels. */
  async add(actor: Actor, text: string): Promise<string> {
    const name = domainNameOf(text)
    const at = this.#clock.now()
    await expecting(
      writeAll(this.#store, [
        { operation: 'domain.add', args: { name, at } },
        audited(actor, at, { action: 'domain.create', target: name, domain: name }),
        webhookEvent('domain.added', { at, domain: name, data: { domain: name } }),
      ]),
      { 'already-exists': () => this.#taken(name) },
    )
    return name
  }

  /** By name, those the actor may see. */
  async list(actor: Actor): Promise<DomainRow[]> {
    const visible = visibleDomains(actor)
    const all = await this.#store.read('domain.list', {})
    if (visible === null) return all
    const own = new Set(visible)
    return all.filter(({ name }) => own.has(name))
  }

  async find(actor: Actor, text: string): Promise<DomainRow> {
    const name = domainNameOf(text)
    const domain = mayManage(actor, name) ? await this.#store.read('domain.byName', { name }) : null
    if (!domain) throw noDomain(name)
    return domain
  }

  /** Counted a page at a time, so that a large domain keeps nobody waiting. */
  async usage(domain: string): Promise<Usage> {
    const usage = { usedBytes: 0, withoutQuota: 0 }
    let after: string | null = null
    do {
      const page: Usage & { next: string | null } = await this.#store.read('domain.usage', {
        domain,
        after,
        limit: SCANNED_AT_ONCE,
      })
      usage.usedBytes += page.usedBytes
      usage.withoutQuota += page.withoutQuota
      after = page.next
    } while (after !== null)
    return usage
  }

  async update(actor: Actor, text: string, change: DomainChange): Promise<DomainRow> {
    const before = await this.find(actor, text)
    const { name } = before
    if (!isStaff(actor) && soldLimits.some(limit => change[limit] !== undefined && change[limit] !== before[limit]))
      throw new DirectoryError('not-yours-to-change', 'What is sold of a domain is for staff to change')
    const { catchAll, defaultQuotaBytes, quotaBytes, ...limits } = change
    await this.#requirePlan(actor, change.defaultPlanId ?? null, before.defaultPlanId)
    for (const bytes of [defaultQuotaBytes, quotaBytes]) if (bytes !== undefined) checkQuota(bytes)
    for (const limit of [limits.maxMailboxes, limits.mailboxHourlyLimit, limits.domainHourlyLimit])
      if (limit !== undefined) checkLimit(limit)
    const checked = { ...change, ...(catchAll && { catchAll: targetOf(catchAll).asWritten }) }
    const after = { ...before, ...checked }
    const changed = (Object.keys(checked) as (keyof DomainChange)[]).filter(key => after[key] !== before[key])
    if (changed.length === 0) return before
    const picked = (row: DomainRow): Partial<DomainChange> => Object.fromEntries(changed.map(key => [key, row[key]]))
    const at = this.#clock.now()
    const difference = { before: picked(before), after: picked(after) }
    await expecting(
      writeAll(this.#store, [
        { operation: 'domain.update', args: { name, ...picked(after) } },
        audited(actor, at, { action: 'domain.update', target: name, domain: name, ...difference }),
        webhookEvent('domain.changed', { at, domain: name, data: { domain: name, ...difference } }),
      ]),
      { 'not-found': () => noDomain(name) },
    )
    return this.find(actor, name)
  }

  /** With its aliases; `domain-not-empty` while it has mailboxes, also in the bin. */
  async remove(actor: Actor, text: string): Promise<void> {
    const { name, accounts } = await this.find(actor, text)
    const at = this.#clock.now()
    await expecting(
      writeAll(this.#store, [
        // Before the domain's own hooks go with it.
        webhookEvent('domain.removed', { at, domain: name, data: { domain: name } }),
        { operation: 'domain.remove', args: { name } },
        audited(actor, at, { action: 'domain.remove', target: name, domain: name }),
      ]),
      {
        'not-found': () => noDomain(name),
        'not-empty': () => {
          const where = accounts > 0 ? '' : ' in the bin'
          const values = { domain: name, mailboxes: accounts }
          return new DirectoryError(
            'domain-not-empty',
            `The domain ${name} has mailboxes${where}; remove them first`,
            values,
          )
        },
      },
    )
  }

  /** Of one domain, or of all the actor may see. */
  async listAliases(actor: Actor, domain: string | null): Promise<DomainAliasRow[]> {
    const name = domain === null ? null : (await this.find(actor, domain)).name
    const aliases = await this.#store.read('domainAlias.list', { domain: name })
    return aliases.filter(alias => mayManage(actor, alias.domain))
  }

  /** For whoever has a mailbox in the domain. */
  async otherNames(domain: string): Promise<string[]> {
    return (await this.#store.read('domainAlias.list', { domain })).map(({ name }) => name)
  }

  /** Each address of the alias is from now on the same address of the domain. */
  async addAlias(actor: Actor, domainText: string, text: string): Promise<DomainAliasRow> {
    const { name: domain } = await this.find(actor, domainText)
    const name = domainNameOf(text)
    const at = this.#clock.now()
    await expecting(
      writeAll(this.#store, [
        { operation: 'domainAlias.add', args: { name, domain, at } },
        audited(actor, at, { action: 'domain-alias.create', target: name, domain, after: { domain } }),
      ]),
      { 'already-exists': () => this.#taken(name), 'not-found': () => noDomain(domain) },
    )
    return { name, domain, createdAt: at }
  }

  /** Of the domain that is named, or of whichever it is. */
  async removeAlias(actor: Actor, text: string, of: string | null = null): Promise<void> {
    const name = domainNameOf(text)
    const alias = await this.#store.read('domainAlias.byName', { name })
    const missing = new DirectoryError('domain-alias-not-found', `${name} is no alias of a domain`, { domain: name })
    if (!alias || !mayManage(actor, alias.domain) || (of !== null && alias.domain !== domainNameOf(of))) throw missing
    const { domain } = alias
    await expecting(
      writeAll(this.#store, [
        { operation: 'domainAlias.remove', args: { name } },
        audited(actor, this.#clock.now(), { action: 'domain-alias.remove', target: name, domain, before: { domain } }),
      ]),
      { 'not-found': () => missing },
    )
  }

  async #requirePlan(actor: Actor, planId: string | null, before: string | null): Promise<void> {
    if (planId === null || planId === before) return
    const plan = await this.#store.read('plan.byId', { planId })
    if (!plan || !(plan.isOffered || isStaff(actor)))
      throw new AccountError('plan-not-found', `There is no plan ${planId}`, { plan: planId })
  }

  async #taken(name: string): Promise<DirectoryError> {
    const alias = await this.#store.read('domainAlias.byName', { name })
    if (!alias) return new DirectoryError('domain-exists', `The domain ${name} exists already`, { domain: name })
    return isAlias(alias)
  }

  /** Throws where addresses of that domain can't be made: it isn't the actor's, or is an alias of another. */
  async requireOwn(actor: Actor, name: string): Promise<DomainRow> {
    const domain = await this.#store.read('domain.byName', { name })
    if (domain && mayManage(actor, name)) return domain
    const alias = domain ? null : await this.#store.read('domainAlias.byName', { name })
    throw alias && mayManage(actor, alias.domain) ? isAlias(alias) : noDomain(name)
  }
}

function isAlias({ name, domain }: DomainAliasRow): DirectoryError {
  return new DirectoryError('domain-is-alias', `${name} is an alias of ${domain}`, { domain: name, of: domain })
}

/** Why a domain gave no place to a mailbox (see `domain-room.ts` of the store). */
export function noRoomIn(store: Store, name: string, quotaBytes: number | null) {
  return {
    'too-many': async () => {
      const domain = await store.read('domain.byName', { name })
      const max = domain?.maxMailboxes ?? 0
      return new DirectoryError(
        'domain-full',
        `The domain ${name} has reached its limit of ${max === 1 ? '1 mailbox' : `${max} mailboxes`}`,
        {
          domain: name,
          max,
        },
      )
    },
    'over-quota': async () => {
      const domain = await store.read('domain.byName', { name })
      const left = Math.max((domain?.quotaBytes ?? 0) - (domain?.soldBytes ?? 0), 0)
      if (quotaBytes === null)
        return new DirectoryError('quota-needed', `The space of ${name} is limited: its mailboxes need a quota`, {
          domain: name,
        })
      return new DirectoryError('domain-space', `The domain ${name} has ${left} bytes left to sell`, {
        domain: name,
        left,
      })
    },
  }
}
