/**
 * Mailboxes of all domains at once: searched, narrowed, sorted, a page at a time.
 *
 * What is asked for is found by walking through the mailboxes the actor may see, a thousand at a time, and keeping the
 * best of them: no index serves a search for a part of a name, and of 10,000 mailboxes it takes some 50 ms. The plain
 * list by address alone stops as soon as its page is full.
 */
import type { Store } from '../../store/store.ts'
import type { AccountListRow } from '../../store/types/directory.ts'
import type { AccountId, AccountKind } from '../../store/types.ts'
import { type Actor, visibleDomains } from '../actor.ts'
import { readableForm } from '../addresses.ts'
import type { Domains } from './domains.ts'
import { ALMOST_FULL } from './limits.ts'
import { domainNameOf } from './names.ts'
import { scan } from './scan.ts'

/**
 * active: everything is on. receiving: suspended, so that it still receives. blocked: everything is off.
 * restricted: anything else that is off. waiting: no password was chosen yet.
 */
export type AccountState = 'active' | 'receiving' | 'blocked' | 'restricted' | 'waiting'

export type AccountOrder = 'address' | 'name' | 'used' | 'full' | 'quota' | 'created'

export interface AccountFilter {
  /** null for all that the actor may see. */
  domain: string | null
  /** Words that address or name have to hold, in any order; case and accents don't matter. */
  search: string
  state: AccountState | null
  kind: AccountKind | null
  almostFull: boolean
}

export interface AccountPage {
  items: AccountListRow[]
  /** What the next page begins behind; null at the end. */
  next: AccountCursor | null
  /** Of all pages. */
  total: number
}

/** The place of the last row in the order asked for. */
export interface AccountCursor {
  key: string | number
  address: string
}

export interface AccountQuery extends AccountFilter {
  order: AccountOrder
  descending: boolean
  after: AccountCursor | null
  limit: number
}

export class AccountList {
  readonly #store: Store
  readonly #domains: Domains

  constructor(store: Store, domains: Domains) {
    this.#store = store
    this.#domains = domains
  }

  async page(actor: Actor, query: AccountQuery): Promise<AccountPage> {
    const name = query.domain === null ? null : (await this.#domains.find(actor, domainNameOf(query.domain))).name
    const scopes = name === null ? (visibleDomains(actor) ?? [null]) : [name]
    const plain = isEverything(query) && query.order === 'address' && !query.descending && scopes.length === 1
    return plain ? this.#byAddress(actor, scopes[0] ?? null, query) : this.#best(scopes, query)
  }

  /** Of those somebody signed in to, as far as it is known. */
  async lastSignIns(rows: readonly AccountListRow[]): Promise<Map<AccountId, number>> {
    const accountIds = rows.map(({ accountId }) => accountId)
    const seen = accountIds.length === 0 ? [] : await this.#store.read('account.lastSignIns', { accountIds })
    return new Map(seen.map(({ accountId, at }) => [accountId, at]))
  }

  async #byAddress(actor: Actor, domain: string | null, { after, limit }: AccountQuery): Promise<AccountPage> {
    const from = after?.address ?? null
    const rows = await this.#store.read('account.page', { domain, after: from, limit: limit + 1 })
    const counted = domain === null ? await this.#domains.list(actor) : [await this.#domains.find(actor, domain)]
    const total = counted.reduce((sum, { accounts }) => sum + accounts, 0)
    return { ...pageOf(rows, limit, 'address'), total }
  }

  async #best(scopes: readonly (string | null)[], query: AccountQuery): Promise<AccountPage> {
    const { order, descending, after, limit } = query
    const compare = comparison(order, descending)
    const isAsked = matcher(query)
    let best: AccountListRow[] = []
    let total = 0
    const trim = (): void => {
      best = best.toSorted((a, b) => compare(placeOf(a, order), placeOf(b, order))).slice(0, limit + 1)
    }
    for (const domain of scopes)
      for await (const row of scan((from, rows) =>
        this.#store.read('account.page', { domain, after: from, limit: rows }),
      )) {
        if (!isAsked(row)) continue
        total++
        if (after && compare(placeOf(row, order), after) <= 0) continue
        best.push(row)
        if (best.length > 4 * (limit + 1)) trim()
      }
    trim()
    return { ...pageOf(best, limit, order), total }
  }
}

export function stateOf(row: AccountListRow): AccountState {
  const { signInEnabled, sendingEnabled, receivingEnabled, hasPassword, kind } = row
  if (signInEnabled && sendingEnabled && receivingEnabled)
    return hasPassword || kind === 'shared' ? 'active' : 'waiting'
  if (!signInEnabled && !sendingEnabled) return receivingEnabled ? 'receiving' : 'blocked'
  return 'restricted'
}

/** Used share of the quota; null without one. */
export function fullnessOf({ quotaBytes, usedBytes }: Pick<AccountListRow, 'quotaBytes' | 'usedBytes'>): number | null {
  return quotaBytes === null ? null : usedBytes / quotaBytes
}

const isEverything = ({ search, state, kind, almostFull }: AccountFilter): boolean =>
  search.trim() === '' && state === null && kind === null && !almostFull

function matcher({ search, state, kind, almostFull }: AccountFilter): (row: AccountListRow) => boolean {
  const words = folded(search).split(/\s+/).filter(Boolean)
  return row => {
    if (kind !== null && row.kind !== kind) return false
    if (state !== null && stateOf(row) !== state) return false
    if (almostFull && (fullnessOf(row) ?? 0) < ALMOST_FULL) return false
    if (words.length === 0) return true
    const text = folded(`${row.address} ${readableForm(row.address)} ${row.name}`)
    return words.every(word => text.includes(word))
  }
}

/** Without case and accents. */
function folded(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text.toLowerCase() : text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

function placeOf(row: AccountListRow, order: AccountOrder): AccountCursor {
  const { address } = row
  switch (order) {
    case 'address':
      return { key: address, address }
    case 'name':
      return { key: folded(row.name), address }
    case 'used':
      return { key: row.usedBytes, address }
    // Without a quota there is nothing to be full.
    case 'full':
      return { key: fullnessOf(row) ?? -1, address }
    case 'quota':
      return { key: row.quotaBytes ?? Number.MAX_SAFE_INTEGER, address }
    case 'created':
      return { key: row.createdAt, address }
  }
}

/** Those of one key by address, whichever way the keys go. Who has no name stands at the end. */
function comparison(order: AccountOrder, descending: boolean): (a: AccountCursor, b: AccountCursor) => number {
  const sign = descending ? -1 : 1
  return (a, b) => {
    if (order === 'name' && (a.key === '') !== (b.key === '')) return a.key === '' ? 1 : -1
    if (a.key !== b.key) return a.key < b.key ? -sign : sign
    return a.address === b.address ? 0 : a.address < b.address ? -1 : 1
  }
}

function pageOf(rows: readonly AccountListRow[], limit: number, order: AccountOrder): Omit<AccountPage, 'total'> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? placeOf(last, order) : null }
}
