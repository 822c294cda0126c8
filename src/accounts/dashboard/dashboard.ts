/** What the start page of staff and managers shows: totals, plots, and who stands out. Of their domains, or of all. */
import type { Clock } from '../../ops/clock.ts'
import { HOUR_MS } from '../../ops/durations.ts'
import type { Store } from '../../store/store.ts'
import type { SpaceRow, TrafficCounts } from '../../store/types/traffic.ts'
import type { AccountRow } from '../../store/types.ts'
import { type Actor, isStaff, requireDomain, visibleDomains } from '../actor.ts'
import { addDays, dayOf, startOf } from '../billing/calendar.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { type Period, pointsOf, type Span, spanOf, sumOf, type TrafficPoint } from './periods.ts'

export interface FullMailbox {
  address: string
  usedBytes: number
  quotaBytes: number
}

export interface Totals {
  /** When it was counted. */
  at: number
  domains: number
  mailboxes: number
  usedBytes: number
  /** Of the mailboxes that have a limit. */
  quotaBytes: number
  unlimitedMailboxes: number
  /** Since midnight, by the service's calendar. */
  today: TrafficCounts
  /** A week ago, from midnight until the same time of day. */
  lastWeek: TrafficCounts
  /** The fullest first, a few of them. */
  almostFull: FullMailbox[]
  almostFullMailboxes: number
  /** Recipients that wait to be delivered; null for managers: the queue is the service's. */
  queueWaiting: number | null
}

export type SpacePoint = Omit<SpaceRow, 'domain'>

export interface Series {
  step: Span['step']
  traffic: TrafficPoint[]
  space: SpacePoint[]
}

export const tops = ['sent', 'received', 'refused', 'space'] as const
export type TopBy = (typeof tops)[number]

export interface TopRow {
  address: string
  /** Messages, recipients, or bytes, as asked for. */
  value: number
}

/** Where owners are warned first, too. */
const ALMOST_FULL = 0.9
const SHOWN = 10
/** Mailboxes of one read: some milliseconds. */
const MAILBOXES_AT_ONCE = 500
/** How old totals may be: counting every mailbox again for each look at the page helps nobody. */
const KEPT_MS = 15_000
/** Actors whose totals are kept. */
const KEPT = 500

interface Counted {
  mailboxes: number
  usedBytes: number
  quotaBytes: number
  unlimitedMailboxes: number
  almostFull: FullMailbox[]
  almostFullMailboxes: number
  largest: TopRow[]
}

export interface DashboardOptions {
  store: Pick<Store, 'read'>
  settings: ReadsSettings
  clock: Clock
}

export class Dashboard {
  readonly #options: DashboardOptions
  readonly #known = new Map<string, { at: number; counted: Promise<Counted> }>()

  constructor(options: DashboardOptions) {
    this.#options = options
  }

  /** `domain`: of that one alone. */
  async totals(actor: Actor, domain: string | null): Promise<Totals> {
    const { store, settings, clock } = this.#options
    const domains = scopeOf(actor, domain)
    const now = clock.now()
    const { timeZone } = await settings.current()
    const today = dayOf(now, timeZone)
    const [counted, present, ofToday, ofLastWeek, queue] = await Promise.all([
      this.#counted(domains),
      store.read('domain.list', {}),
      this.#traffic(domains, startOf(today, timeZone), now),
      this.#traffic(domains, startOf(addDays(today, -7), timeZone), sameTimeLastWeek(now, timeZone)),
      isStaff(actor) && domain === null ? store.read('queue.counts', {}) : null,
    ])
    const { largest, ...rest } = counted
    const names = domains === null ? null : new Set(domains)
    return {
      at: now,
      domains: present.filter(({ name }) => names?.has(name) ?? true).length,
      ...rest,
      today: ofToday,
      lastWeek: ofLastWeek,
      queueWaiting: queue?.reduce((sum, row) => sum + (waiting.has(row.status) ? row.recipients : 0), 0) ?? null,
    }
  }

  async series(actor: Actor, domain: string | null, period: Period): Promise<Series> {
    const { store, settings, clock } = this.#options
    const domains = scopeOf(actor, domain)
    const { timeZone } = await settings.current()
    const span = spanOf(period, clock.now(), timeZone)
    const [rows, space, counted] = await Promise.all([
      store.read('traffic.hours', { of: domains ?? 'service', from: span.from, before: span.before }),
      store.read('space.days', { domains, from: span.firstDay, until: span.lastDay }),
      this.#counted(domains),
    ])
    const { usedBytes, quotaBytes, mailboxes } = counted
    // Today as it is now: the last note of it can be an hour old.
    const days = [
      ...space.filter(({ day }) => day < span.lastDay),
      { day: span.lastDay, usedBytes, quotaBytes, mailboxes },
    ]
    return { step: span.step, traffic: pointsOf(rows, span, timeZone), space: days }
  }

  async top(actor: Actor, domain: string | null, by: TopBy, period: Period): Promise<TopRow[]> {
    const { store, settings, clock } = this.#options
    const domains = scopeOf(actor, domain)
    if (by === 'space') return (await this.#counted(domains)).largest
    const { timeZone } = await settings.current()
    const { from, before } = spanOf(period, clock.now(), timeZone)
    const rows = await store.read('traffic.top', { domains, by, from, before, limit: SHOWN })
    return rows.map(row => ({ address: row.address, value: row[by] }))
  }

  async #traffic(domains: readonly string[] | null, since: number, until: number): Promise<TrafficCounts> {
    const from = Math.floor(since / HOUR_MS)
    const before = Math.floor(until / HOUR_MS) + 1
    return sumOf(await this.#options.store.read('traffic.hours', { of: domains ?? 'service', from, before }))
  }

  #counted(domains: readonly string[] | null): Promise<Counted> {
    const key = domains === null ? '' : domains.toSorted().join(' ')
    const now = this.#options.clock.now()
    const known = this.#known.get(key)
    if (known && Math.abs(now - known.at) < KEPT_MS) return known.counted
    const counted = this.#count(domains)
    this.#known.delete(key)
    this.#known.set(key, { at: now, counted })
    counted.catch(() => this.#known.delete(key))
    // A Map keeps the order of insertion: the first was counted longest ago.
    const oldest = this.#known.size > KEPT ? this.#known.keys().next().value : undefined
    if (oldest !== undefined) this.#known.delete(oldest)
    return counted
  }

  async #count(domains: readonly string[] | null): Promise<Counted> {
    const counted: Counted = {
      mailboxes: 0,
      usedBytes: 0,
      quotaBytes: 0,
      unlimitedMailboxes: 0,
      almostFull: [],
      almostFullMailboxes: 0,
      largest: [],
    }
    for (const domain of domains ?? [null])
      for await (const page of this.#mailboxes(domain)) {
        for (const mailbox of page) count(counted, mailbox)
        counted.almostFull = counted.almostFull.toSorted((a, b) => fullness(b) - fullness(a)).slice(0, SHOWN)
        counted.largest = counted.largest.toSorted((a, b) => b.value - a.value).slice(0, SHOWN)
      }
    return counted
  }

  /** A page at a time, each in a turn of its own. */
  async *#mailboxes(domain: string | null): AsyncGenerator<AccountRow[]> {
    for (let after: string | null = null; ; ) {
      const page: AccountRow[] = await this.#options.store.read('account.list', {
        domain,
        after,
        limit: MAILBOXES_AT_ONCE,
      })
      yield page
      const last = page.at(-1)
      if (!last || page.length < MAILBOXES_AT_ONCE) return
      after = last.address
      await new Promise(setImmediate)
    }
  }
}

const waiting: ReadonlySet<string> = new Set(['queued', 'held'])

const fullness = ({ usedBytes, quotaBytes }: FullMailbox): number => usedBytes / quotaBytes

function count(counted: Counted, { address, usedBytes, quotaBytes }: AccountRow): void {
  counted.mailboxes++
  counted.usedBytes += usedBytes
  if (quotaBytes === null) counted.unlimitedMailboxes++
  else counted.quotaBytes += quotaBytes
  if (usedBytes > 0) counted.largest.push({ address, value: usedBytes })
  if (quotaBytes === null || usedBytes < ALMOST_FULL * quotaBytes) return
  counted.almostFullMailboxes++
  counted.almostFull.push({ address, usedBytes, quotaBytes })
}

function scopeOf(actor: Actor, domain: string | null): readonly string[] | null {
  if (domain === null) return visibleDomains(actor)
  requireDomain(actor, domain)
  return [domain]
}

function sameTimeLastWeek(now: number, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).subtract({ days: 7 })
    .epochMilliseconds
}
