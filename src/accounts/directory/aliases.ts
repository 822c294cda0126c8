/** Aliases, which are other addresses of someone, and groups, which are lists of people with a name. */
import type { Clock } from '../../ops/clock.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { AliasKind, AliasRow } from '../../store/types.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'
import { type Actor, audited, mayManage, visibleDomains } from '../actor.ts'
import { parseAddress, readableForm } from '../addresses.ts'
import { MAX_ALIAS_DEPTH, MAX_ALIAS_TARGETS } from '../limits.ts'
import type { Accounts } from './accounts.ts'
import type { Domains } from './domains.ts'
import { DirectoryError, expecting, noAlias, noDomain, otherKind } from './error.ts'
import { addressOf, domainNameOf, newAddress, targetsOf } from './names.ts'
import { scan } from './scan.ts'

export interface NewAlias {
  address: string
  targets: string[]
  kind?: AliasKind
  /** Of a group. */
  name?: string
}

export interface AliasFilter {
  /** null for all that the actor may see. */
  domain: string | null
  kind?: AliasKind | null
  /** What address, name or a target has to hold. */
  search?: string
  /** `after`: the last address of the page before. */
  after: string | null
  limit: number
}

export class Aliases {
  readonly #store: Store
  readonly #clock: Clock
  readonly #domains: Domains
  readonly #accounts: Accounts

  constructor(store: Store, clock: Clock, { domains, accounts }: { domains: Domains; accounts: Accounts }) {
    this.#store = store
    this.#clock = clock
    this.#domains = domains
    this.#accounts = accounts
  }

  async find(actor: Actor, text: string): Promise<AliasRow> {
    const { address, domain } = addressOf(text)
    const found = mayManage(actor, domain) ? await this.#store.read('address.lookup', { address, domain }) : null
    if (found?.alias?.address !== address) throw noAlias(address)
    return found.alias
  }

  /** `alias-exists` where there is one of that address. */
  add(actor: Actor, alias: NewAlias): Promise<AliasRow> {
    return this.#set(actor, alias, true)
  }

  /** Adds the alias, or gives it these targets instead of those it had; it stays what it is, an alias or a group. */
  set(actor: Actor, alias: NewAlias): Promise<AliasRow> {
    return this.#set(actor, alias, false)
  }

  async #set(actor: Actor, { targets, ...wanted }: NewAlias, isNew: boolean): Promise<AliasRow> {
    const { address, domain } = newAddress(wanted.address)
    await this.#domains.requireOwn(actor, domain)
    await this.#accounts.holderWithoutMailbox(actor, address)
    const kept = targetsOf(targets, MAX_ALIAS_TARGETS)
    await this.#refuseLoop(address, kept)
    const at = this.#clock.now()
    const { alias: before } = await this.#store.read('address.lookup', { address, domain })
    const kind = wanted.kind ?? before?.kind ?? 'alias'
    if (before && !isNew && before.kind !== kind) throw otherKind(before)
    const name = kind === 'group' ? (wanted.name ?? before?.name ?? '').trim() : ''
    const row = { address, kind, name, targets: kept }
    await expecting(
      writeAll(this.#store, [
        { operation: 'alias.set', args: { ...row, isNew, at } },
        audited(actor, at, {
          action: `${kind}.${before ? 'update' : 'create'}`,
          target: address,
          domain,
          before: before && { name: before.name, targets: before.targets },
          after: { name, targets: kept },
        }),
      ]),
      {
        'already-exists': () =>
          before && isNew
            ? new DirectoryError('alias-exists', `${address} is an alias or a group already`, { address })
            : this.#accounts.taken(address),
        'not-found': () => noDomain(domain),
      },
    )
    return { ...row, createdAt: before?.createdAt ?? at }
  }

  /** `only`: refused where it is of the other kind. */
  async remove(actor: Actor, text: string, only: AliasKind | null = null): Promise<void> {
    const found = await this.find(actor, text)
    const { address, kind, name, targets } = found
    if (only !== null && only !== kind) throw otherKind(found)
    const domain = domainOf(address)
    await expecting(
      writeAll(this.#store, [
        { operation: 'alias.remove', args: { address } },
        audited(actor, this.#clock.now(), {
          action: `${kind}.remove`,
          target: address,
          domain,
          before: { name, targets },
        }),
      ]),
      { 'not-found': () => noAlias(address) },
    )
  }

  /** By address. */
  async list(actor: Actor, { domain, kind = null, search = '', after, limit }: AliasFilter): Promise<AliasRow[]> {
    const visible = visibleDomains(actor)
    const name = domain === null ? null : (await this.#domains.find(actor, domainNameOf(domain))).name
    const words = search.toLowerCase().split(/\s+/).filter(Boolean)
    const isAsked = (row: AliasRow): boolean => {
      if (kind !== null && row.kind !== kind) return false
      const addresses = [row.address, ...row.targets]
      const text = `${addresses.join(' ')} ${addresses.map(readableForm).join(' ')} ${row.name}`.toLowerCase()
      return words.every(word => text.includes(word))
    }
    const found: AliasRow[] = []
    for (const scope of name === null ? (visible ?? [null]) : [name]) {
      let taken = 0
      const page = (from: string | null, rows: number) =>
        this.#store.read('alias.list', { domain: scope, after: from, limit: rows })
      for await (const row of scan(page, after)) {
        if (!isAsked(row)) continue
        found.push(row)
        if (++taken >= limit) break
      }
    }
    return found.toSorted((a, b) => (a.address < b.address ? -1 : 1)).slice(0, limit)
  }

  /** Those that name the mailbox as a target, among the domains the actor may see. */
  async leadingTo(actor: Actor, address: string): Promise<AliasRow[]> {
    const visible = visibleDomains(actor) ?? [null]
    const found = await Promise.all(visible.map(domain => this.#naming(address, domain)))
    return found.flat().toSorted((a, b) => (a.address < b.address ? -1 : 1))
  }

  /** The same in its own domain, for whoever owns the mailbox. */
  ofMailbox(address: string, domain: string): Promise<AliasRow[]> {
    return this.#naming(address, domain)
  }

  async #naming(address: string, domain: string | null): Promise<AliasRow[]> {
    const localPart = address.slice(0, address.lastIndexOf('@') + 1)
    const page = (after: string | null, limit: number) => this.#store.read('alias.list', { domain, after, limit })
    const found: AliasRow[] = []
    for await (const row of scan(page))
      if (
        row.targets.some(target => target.toLowerCase().startsWith(localPart)) &&
        (await this.#names(row.targets, address))
      )
        found.push(row)
    return found
  }

  async #names(targets: readonly string[], address: string): Promise<boolean> {
    for (const target of targets) if ((await this.#ownForm(target)) === address) return true
    return false
  }

  /** The address in the domain it really belongs to, where that is an alias of one. */
  async #ownForm(text: string): Promise<string | null> {
    const parsed = parseAddress(text)
    return parsed && (await this.#store.read('address.lookup', parsed)).address
  }

  /** Follows the targets as mail would; `alias-loop` where they lead back. */
  async #refuseLoop(address: string, targets: readonly string[]): Promise<void> {
    const seen = new Set<string>()
    let level = targets.map(target => ({ target, through: target }))
    for (let depth = 0; depth <= MAX_ALIAS_DEPTH && level.length > 0; depth++) {
      const next: typeof level = []
      for (const { target, through } of level) {
        const parsed = parseAddress(target)
        const found = parsed && (await this.#store.read('address.lookup', parsed))
        if (!found?.domain || seen.has(found.address)) continue
        seen.add(found.address)
        if (found.address === address)
          throw depth === 0
            ? new DirectoryError('target-is-itself', `${address} can't lead to itself`, { target })
            : new DirectoryError('alias-loop', `${address} would lead back to itself, through ${through}`, { through })
        if (seen.size >= MAX_ALIAS_TARGETS) return
        for (const nested of found.alias?.targets ?? []) next.push({ target: nested, through })
      }
      level = next
    }
  }
}
