/**
 * Who an address belongs to. In this order: the account, the alias, both again without the "+tag", then for postmaster
 * and abuse whoever answers for the domain, then the catch-all.
 *
 * postmaster@ and abuse@ of our domains are always taken (RFC 5321 §4.5.1, RFC 2142 §4): where the domain has no such
 * account or alias they go to its catch-all, else to the `postmaster` setting, else to the domain's first account, else
 * to the service's first.
 */
import type { Store } from '../store/store.ts'
import type { AccountRow, AddressLookup } from '../store/types.ts'
import { type MailAddress, parseAddress, withoutTag } from './addresses.ts'
import { MAX_ALIAS_DEPTH, MAX_ALIAS_TARGETS } from './limits.ts'

export type Resolution =
  /** `elsewhere`: addresses of other domains that an alias leads to. At least one of the two lists has an entry. */
  | { kind: 'local'; accounts: AccountRow[]; elsewhere: string[] }
  /** The domain is ours, the address is nobody's. */
  | { kind: 'unknown' }
  /** The domain is not ours. */
  | { kind: 'foreign' }

export interface ResolveOptions {
  /** Who receives what is for the postmaster of a domain that names none; null where it isn't set. */
  postmaster: string | null
}

const ROLES = new Set(['postmaster', 'abuse'])

/** `address` as in RCPT TO; `postmaster` alone is this host's (RFC 5321 §4.1.1.3). */
export async function resolveAddress(store: Store, address: string, options: ResolveOptions): Promise<Resolution> {
  const resolver = new AddressResolver(store, options)
  if (address.toLowerCase() === 'postmaster') {
    await resolver.addPostmaster(null)
    return resolver.result()
  }
  const parsed = parseAddress(address)
  // RCPT's parser is the same: what is no address is nobody's.
  if (!parsed) return { kind: 'unknown' }
  const known = await resolver.add(parsed, 0)
  return known === 'foreign' ? { kind: 'foreign' } : resolver.result()
}

class AddressResolver {
  readonly #store: Store
  readonly #options: ResolveOptions
  readonly #seen = new Set<string>()
  readonly #accounts = new Map<number, AccountRow>()
  readonly #elsewhere = new Set<string>()

  constructor(store: Store, options: ResolveOptions) {
    this.#store = store
    this.#options = options
  }

  result(): Resolution {
    if (this.#accounts.size + this.#elsewhere.size === 0) return { kind: 'unknown' }
    return { kind: 'local', accounts: [...this.#accounts.values()], elsewhere: [...this.#elsewhere] }
  }

  /** Adds what `parsed` leads to; nothing where it is nobody's, or was followed before. */
  async add(parsed: MailAddress, depth: number): Promise<'local' | 'foreign'> {
    const { address, domain } = parsed
    // Two aliases that name each other end here; so does a list that names one address twice.
    if (this.#seen.has(address)) return 'local'
    this.#seen.add(address)
    const found = await this.#lookup(address, domain)
    if (!found.domain) return 'foreign'
    if (await this.#addFound(found, depth)) return 'local'
    const plain = withoutTag(parsed)
    if (plain && (await this.#addFound(await this.#lookup(plain, domain), depth))) return 'local'
    if (ROLES.has((plain ?? address).slice(0, -domain.length - 1))) await this.addPostmaster(found.domain, depth)
    else if (found.domain.catchAll !== null) await this.#addTargets([found.domain.catchAll], depth)
    return 'local'
  }

  async addPostmaster(domain: AddressLookup['domain'], depth = 0): Promise<void> {
    const before = this.#size()
    for (const target of [domain?.catchAll, this.#options.postmaster]) {
      if (target) await this.#addTargets([target], depth)
      if (this.#size() > before) return
    }
    for (const name of domain ? [domain.name, null] : [null]) {
      const [first] = await this.#store.read('account.list', { domain: name, after: null, limit: 1 })
      if (first) {
        this.#accounts.set(first.accountId, first)
        return
      }
    }
  }

  async #addFound({ account, aliasTargets }: AddressLookup, depth: number): Promise<boolean> {
    if (account) this.#accounts.set(account.accountId, account)
    else if (aliasTargets) await this.#addTargets(aliasTargets, depth)
    return account !== null || aliasTargets !== null
  }

  async #addTargets(targets: readonly string[], depth: number): Promise<void> {
    if (depth >= MAX_ALIAS_DEPTH) return
    for (const target of targets) {
      if (this.#seen.size >= MAX_ALIAS_TARGETS) return
      const parsed = parseAddress(target)
      if (parsed && (await this.add(parsed, depth + 1)) === 'foreign') this.#elsewhere.add(target)
    }
  }

  #size(): number {
    return this.#accounts.size + this.#elsewhere.size
  }

  #lookup(address: string, domain: string): Promise<AddressLookup> {
    return this.#store.read('address.lookup', { address, domain })
  }
}
