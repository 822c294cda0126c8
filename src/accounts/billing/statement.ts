/**
 * Monthly statements: what each domain's mailboxes cost, made of the ledger each time they are asked for. What the ledger
 * says of a month that is over never changes, so neither does its statement. The running month's is what it will be if
 * nothing changes any more.
 */
import type { Clock } from '../../ops/clock.ts'
import type { Store } from '../../store/store.ts'
import type { LedgerEntryRow } from '../../store/types/billing.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, isStaff, visibleDomains } from '../actor.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { dayOf, daysIn, firstDay, isMonth, lastDay, monthOf } from './calendar.ts'
import { linesOfMailbox, type StatementLine, type Total, totalsOf } from './proration.ts'

export interface DomainStatement {
  domain: string
  mailboxes: number
  totals: Total[]
}

export interface Statement {
  month: string
  daysInMonth: number
  /** False while the month runs. */
  isFinal: boolean
  /** Of which there is anything to pay, by name. */
  domains: DomainStatement[]
  totals: Total[]
}

export interface StatementOfDomain extends DomainStatement {
  month: string
  daysInMonth: number
  isFinal: boolean
  lines: StatementLine[]
}

/** Which domains: one, those of a manager, or null: all that the actor may see. */
export interface StatementScope {
  domain: string | null
  manager: string | null
}

/** A domain there is a statement of. */
interface Billed {
  name: string
  /** Without what was sold under the name before the domain was added: that is somebody else's. */
  sinceAdded: boolean
}

/** Entries of one read: some milliseconds. */
const ENTRIES_AT_ONCE = 500

export interface StatementsOptions {
  store: Pick<Store, 'read'>
  settings: ReadsSettings
  clock: Clock
}

export class Statements {
  readonly #options: StatementsOptions

  constructor(options: StatementsOptions) {
    this.#options = options
  }

  async ofMonth(actor: Actor, month: string, scope: StatementScope): Promise<Statement> {
    const domains: DomainStatement[] = []
    const { isFinal, billed } = await this.#open(actor, month, scope)
    for (const each of billed) {
      const { domain, mailboxes, totals, lines } = await this.#ofDomain(each, month)
      if (lines.length > 0) domains.push({ domain, mailboxes, totals })
    }
    const totals = totalsOf(domains.flatMap(domain => domain.totals))
    return { month, daysInMonth: daysIn(month), isFinal, domains, totals }
  }

  /** Every line of one domain. */
  async ofDomain(actor: Actor, month: string, domain: string): Promise<StatementOfDomain> {
    const { isFinal, billed } = await this.#open(actor, month, { domain, manager: null })
    const [one] = billed
    if (!one) throw noDomain(domain)
    return { month, daysInMonth: daysIn(month), isFinal, ...(await this.#ofDomain(one, month)) }
  }

  /** Every line, a domain after the other, for the export. */
  async *byDomain(actor: Actor, month: string, scope: StatementScope): AsyncGenerator<StatementOfDomain> {
    const { isFinal, billed } = await this.#open(actor, month, scope)
    for (const each of billed) {
      const statement = await this.#ofDomain(each, month)
      if (statement.lines.length > 0) yield { month, daysInMonth: daysIn(month), isFinal, ...statement }
    }
  }

  /** The month it is, and the one the ledger begins with. */
  async months(): Promise<{ first: string; current: string }> {
    const { store } = this.#options
    const [oldest] = await store.read('ledger.list', {
      domains: null,
      sinceAdded: false,
      address: null,
      before: 2,
      limit: 1,
    })
    const current = await this.currentMonth()
    return { first: oldest ? monthOf(oldest.day) : current, current }
  }

  async currentMonth(): Promise<string> {
    const { settings, clock } = this.#options
    return monthOf(dayOf(clock.now(), (await settings.current()).timeZone))
  }

  async #open(
    actor: Actor,
    month: string,
    { domain, manager }: StatementScope,
  ): Promise<{ isFinal: boolean; billed: Billed[] }> {
    if (!isMonth(month)) throw new AccountError('invalid-month', `${month} is not a month such as 2026-11`)
    const current = await this.currentMonth()
    if (month > current) throw new AccountError('month-not-begun', `${month} has not begun`)
    const visible = await this.#visible(actor, month, current, manager)
    const billed = visible.filter(({ name }) => domain === null || name === domain)
    if (domain !== null && billed.length === 0) throw noDomain(domain)
    return { isFinal: month < current, billed }
  }

  /** Managers see the months in which a domain was theirs, also after it was given to somebody else. */
  async #visible(actor: Actor, month: string, current: string, manager: string | null): Promise<Billed[]> {
    const { store } = this.#options
    if (isStaff(actor) && manager === null) {
      const [sold, present] = await Promise.all([store.read('ledger.domains', {}), store.read('domain.list', {})])
      const names = new Set([...sold, ...present.map(({ name }) => name)])
      return [...names].toSorted().map(name => ({ name, sinceAdded: false }))
    }
    const address = isStaff(actor) ? manager : actor.address
    if (address === null || (actor.role !== 'manager' && !isStaff(actor))) return []
    const noted = await store.read('ledger.managedDomains', { manager: address, month })
    const now = await this.#managedNow(actor, address)
    const names = new Set([...noted, ...(month === current ? now : [])])
    if (names.size === 0 && isStaff(actor)) await this.#expectManager(address)
    const billed: Billed[] = []
    for (const name of [...names].toSorted())
      billed.push({ name, sinceAdded: now.includes(name) && (await this.#isAddedBy(name, month)) })
    return billed
  }

  /** An address that was typed wrong is told from a month without a domain. Who was removed has the months he was noted in. */
  async #expectManager(address: string): Promise<void> {
    const principal = await this.#options.store.read('principal.byAddress', { address })
    if (principal?.role !== 'manager') throw new AccountError('user-not-found', `${address} is not a manager`)
  }

  /** Whether the domain there is now was added before the month's end. What he was noted in before, he managed under the same name. */
  async #isAddedBy(name: string, month: string): Promise<boolean> {
    const { store, settings } = this.#options
    const [row, { timeZone }] = await Promise.all([store.read('domain.byName', { name }), settings.current()])
    return row !== null && dayOf(row.createdAt, timeZone) <= lastDay(month)
  }

  async #managedNow(actor: Actor, address: string): Promise<readonly string[]> {
    if (!isStaff(actor)) return visibleDomains(actor) ?? []
    const principal = await this.#options.store.read('principal.byAddress', { address })
    if (principal?.role !== 'manager') return []
    return this.#options.store.read('principal.domains', { principalId: principal.principalId })
  }

  async #ofDomain(billed: Billed, month: string): Promise<DomainStatement & { lines: StatementLine[] }> {
    const lines: StatementLine[] = []
    let mailboxes = 0
    const take = (entries: readonly LedgerEntryRow[]): void => {
      const own = linesOfMailbox(entries, month)
      if (own.length > 0) mailboxes++
      lines.push(...own)
    }
    let pending: LedgerEntryRow[] = []
    for await (const entry of this.#entries(billed, month)) {
      if (pending.length > 0 && pending[0]?.address !== entry.address) {
        take(pending)
        pending = []
      }
      pending.push(entry)
    }
    take(pending)
    return { domain: billed.name, mailboxes, totals: totalsOf(lines), lines }
  }

  async *#entries({ name: domain, sinceAdded }: Billed, month: string): AsyncGenerator<LedgerEntryRow> {
    const [from, until] = [firstDay(month), lastDay(month)]
    for (let after: { address: string; entryId: number } | null = null; ; ) {
      const page: LedgerEntryRow[] = await this.#options.store.read('ledger.ofDays', {
        domain,
        sinceAdded,
        from,
        until,
        after,
        limit: ENTRIES_AT_ONCE,
      })
      yield* page
      const last = page.at(-1)
      if (!last || page.length < ENTRIES_AT_ONCE) return
      after = { address: last.address, entryId: last.entryId }
    }
  }
}

const noDomain = (domain: string): AccountError =>
  new AccountError('domain-not-found', `There is no domain ${domain}`, { domain })
