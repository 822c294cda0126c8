/**
 * Who an address belongs to. In this order: the account, the alias, both again without the "+tag", then for postmaster
 * and abuse whoever answers for the domain, then the catch-all. What an account forwards goes on from there, the same way.
 *
 * postmaster@ and abuse@ of our domains are always taken (RFC 5321 §4.5.1, RFC 2142 §4): where the domain has no such
 * account or alias they go to its catch-all, else to the `postmaster` setting, else to the domain's first account, else
 * to the service's first.
 *
 * Invariants: each address is followed once, so that aliases and forwards that lead in a circle end; a forward without a
 * copy that leads nowhere leaves the message in its mailbox; and what leads further than is followed goes to nobody, since
 * who was left out would never know (RFC 5321 §6.1). What comes back from elsewhere is not sent there again where somebody here has it.
 */
import type { Store } from '../store/store.ts'
import type { AccountId, AccountRow, AddressLookup, AliasRow } from '../store/types.ts'
import { type MailAddress, parseAddress, withoutTag } from './addresses.ts'
import { MAX_ALIAS_DEPTH, MAX_FOLLOWED_ADDRESSES } from './limits.ts'

export type Resolution =
  /**
   * `elsewhere`: addresses of other domains that an alias or a forward leads to; `expanded`: those of them that aliases lead to
   * with no mailbox's forward between, but the submitter's own. At least one of `accounts` and `elsewhere` has an entry.
   * `through`: whose alias or forward leads to each of `elsewhere`. `isBack`: some were left out, since they had the message
   * before.
   */
  | {
      kind: 'local'
      accounts: AccountRow[]
      elsewhere: string[]
      expanded: string[]
      through: ReadonlyMap<string, string>
      isBack: boolean
    }
  /** The mailbox is there, and receives nothing. */
  | { kind: 'closed' }
  /** The domain is ours, the address is nobody's. */
  | { kind: 'unknown' }
  /** The domain is not ours. */
  | { kind: 'foreign' }
  /** It leads to more addresses, or through more aliases one after the other, than are followed. */
  | { kind: 'too-far' }

export interface ResolveOptions {
  /** Who receives what is for the postmaster of a domain that names none; null where it isn't set. */
  postmaster: string | null
  /**
   * Whom a bounce to an address of our domains is for, that stood for a sender while we forwarded his message; null where
   * it stands for nobody. Asked with the case as it was written, since the sender's host may tell it apart.
   */
  senderOf?: (address: string) => string | null
  /** Where several addresses share what is followed. */
  room?: FollowedRoom
  /** The account that sends the message from here: what its own forward leads to is its doing. */
  submitter?: AccountId | null
  /** Whether the message has been sent on from that alias or account before. */
  wasAt?: (address: string) => boolean
}

/** How many addresses may be followed yet. */
export interface FollowedRoom {
  left: number
}

export const followedRoom = (): FollowedRoom => ({ left: MAX_FOLLOWED_ADDRESSES })

const ROLES = new Set(['postmaster', 'abuse'])
/** Accounts looked at for one that receives, where nobody is named as postmaster. */
const POSTMASTER_CANDIDATES = 20

/** `address` as in RCPT TO; `postmaster` alone is this host's (RFC 5321 §4.1.1.3). */
export async function resolveAddress(store: Store, address: string, options: ResolveOptions): Promise<Resolution> {
  const resolver = new AddressResolver(store, options)
  if (address.toLowerCase() === 'postmaster') return resolver.result(await resolver.addPostmaster(null))
  const parsed = parseAddress(address)
  // RCPT's parser is the same: what is no address is nobody's.
  return parsed ? resolver.result(await resolver.add(parsed, 0)) : { kind: 'unknown' }
}

/** The account of that address itself: neither where it forwards to, nor what else leads to it. */
export async function resolveMailbox(store: Store, address: string): Promise<Resolution> {
  const parsed = parseAddress(address)
  const found = parsed && (await store.read('address.lookup', parsed))
  if (!found?.account) return { kind: 'unknown' }
  return found.account.receivingEnabled
    ? { kind: 'local', accounts: [found.account], elsewhere: [], expanded: [], through: new Map(), isBack: false }
    : { kind: 'closed' }
}

/**
 * What came of following an address: someone receives; all that it leads to had the message before; a mailbox that receives nothing;
 * nobody; or it is for others to know.
 */
type Outcome = 'taken' | 'back' | 'closed' | 'unknown' | 'foreign'

/** Of what came of several. */
const BEST_FIRST: readonly Outcome[] = ['taken', 'back', 'closed', 'unknown']

/** An address that was met. */
interface Met {
  /** null: being followed, so who leads back to it leads nowhere; undefined: not followed yet. */
  outcome: Outcome | null | undefined
  /** Where it leads with nobody else's forward between: what counts does so whichever way was followed first. */
  readonly counted: Met[]
}

const met = (): Met => ({ outcome: undefined, counted: [] })

class AddressResolver {
  readonly #store: Store
  readonly #options: ResolveOptions
  readonly #room: FollowedRoom
  /** More addresses than are followed. */
  #isOver = false
  /** Reached through too many aliases, and not by a shorter way yet. */
  readonly #tooDeep = new Set<string>()
  readonly #met = new Map<string, Met>()
  /** Leads to what was asked for. */
  readonly #asked = met()
  /** Whose targets are followed now. */
  #from = this.#asked
  readonly #accounts = new Map<number, AccountRow>()
  /** By how their alias or forward writes them. */
  readonly #elsewhere = new Map<string, Met>()
  readonly #through = new Map<string, string>()
  /** What is left out of `#elsewhere`, since it had the message before. */
  readonly #had: { target: string; each: Met; holder: AliasRow | AccountRow }[] = []

  constructor(store: Store, options: ResolveOptions) {
    this.#store = store
    this.#options = options
    this.#room = options.room ?? followedRoom()
  }

  result(outcome: Outcome): Resolution {
    if (this.#isOver || this.#tooDeep.size > 0) return { kind: 'too-far' }
    // Nobody here has it, where aliases lead elsewhere alone: it goes round until it has passed too many servers, and its sender is
    // told. A forward leaves it in the mailbox.
    if (this.#accounts.size === 0 && this.#elsewhere.size === 0)
      for (const { target, each, holder } of this.#had) this.#addElsewhere(target, each, holder)
    if (outcome !== 'taken' && outcome !== 'back') return { kind: outcome }
    return {
      kind: 'local',
      accounts: [...this.#accounts.values()],
      elsewhere: [...this.#elsewhere.keys()],
      expanded: this.#expanded(),
      through: this.#through,
      isBack: this.#had.length > 0,
    }
  }

  #expanded(): string[] {
    const counted = new Set([this.#asked])
    // The set goes on with what is added meanwhile.
    for (const from of counted) for (const to of from.counted) counted.add(to)
    return [...this.#elsewhere].filter(([, each]) => counted.has(each)).map(([target]) => target)
  }

  /** Adds whom `parsed` leads to; `from`: who counts it, if anyone does. */
  async add(parsed: MailAddress, depth: number, from: Met | null = this.#asked): Promise<Outcome> {
    const now = this.#meet(parsed)
    from?.counted.push(now)
    if (now.outcome !== undefined) return now.outcome ?? 'unknown'
    if (this.#room.left <= 0) {
      this.#isOver = true
      return 'unknown'
    }
    if (depth > MAX_ALIAS_DEPTH) {
      this.#tooDeep.add(parsed.address)
      return 'unknown'
    }
    this.#tooDeep.delete(parsed.address)
    this.#room.left--
    now.outcome = null
    const before = this.#from
    this.#from = now
    now.outcome = await this.#follow(parsed, depth)
    this.#from = before
    return now.outcome
  }

  #meet({ address }: MailAddress): Met {
    const known = this.#met.get(address) ?? met()
    this.#met.set(address, known)
    return known
  }

  async #follow(parsed: MailAddress, depth: number): Promise<Outcome> {
    const { address, asWritten, domain } = parsed
    const found = await this.#lookup(address, domain)
    if (!found.domain) return 'foreign'
    const own = await this.#addFound(found, depth)
    if (own) return own
    const plain = withoutTag(parsed)
    const untagged = plain && (await this.#addFound(await this.#lookup(plain, domain), depth))
    if (untagged) return untagged
    const sender = this.#options.senderOf?.(asWritten)
    if (sender) return this.#addTargets([sender], depth)
    if (ROLES.has((plain ?? address).slice(0, -domain.length - 1))) return this.addPostmaster(found.domain, depth)
    return found.domain.catchAll === null ? 'unknown' : this.#addTargets([found.domain.catchAll], depth)
  }

  async addPostmaster(domain: AddressLookup['domain'], depth = 0): Promise<Outcome> {
    for (const target of [domain?.catchAll, this.#options.postmaster])
      if (target) {
        const outcome = await this.#addTargets([target], depth)
        if (outcome === 'taken' || outcome === 'back') return outcome
      }
    for (const name of domain ? [domain.name, null] : [null]) {
      const page = { domain: name, after: null, limit: POSTMASTER_CANDIDATES }
      const receiving = (await this.#store.read('account.list', page)).find(account => account.receivingEnabled)
      if (receiving) return this.#addAccount(receiving, depth)
    }
    return 'unknown'
  }

  /** null where the address is nobody's. */
  async #addFound({ account, alias }: AddressLookup, depth: number): Promise<Outcome | null> {
    if (account) return this.#addAccount(account, depth)
    return alias && (await this.#addTargets(alias.targets, depth, alias))
  }

  async #addAccount(account: AccountRow, depth: number): Promise<Outcome> {
    const { accountId, forward, receivingEnabled } = account
    if (!receivingEnabled) return 'closed'
    const goesOn = forward !== null && (await this.#addTargets(forward.targets, depth, account)) === 'taken'
    if (!goesOn || forward.keepCopy) this.#accounts.set(accountId, account)
    return 'taken'
  }

  /** `holder`: whose they are, where that is an alias or an account. */
  async #addTargets(
    targets: readonly string[],
    depth: number,
    holder: AliasRow | AccountRow | null = null,
  ): Promise<Outcome> {
    let best: Outcome = 'unknown'
    const hadIt = holder !== null && (this.#options.wasAt?.(holder.address) ?? false)
    for (const target of targets) {
      if (this.#isOver) break
      const parsed = parseAddress(target)
      if (!parsed) continue
      let outcome = await this.add(parsed, depth + 1, this.#countedFrom(holder))
      if (outcome === 'foreign') {
        if (hadIt) this.#had.push({ target, each: this.#meet(parsed), holder })
        else this.#addElsewhere(target, this.#meet(parsed), holder)
        outcome = hadIt ? 'back' : 'taken'
      }
      best = BEST_FIRST.find(each => each === outcome || each === best) ?? best
    }
    return best
  }

  #addElsewhere(target: string, each: Met, holder: AliasRow | AccountRow | null): void {
    if (holder && !this.#elsewhere.has(target)) this.#through.set(target, holder.address)
    this.#elsewhere.set(target, each)
  }

  /** Who counts the targets of `holder`; null for somebody else's forward, which is his doing. */
  #countedFrom(holder: AliasRow | AccountRow | null): Met | null {
    if (holder === null || !('accountId' in holder)) return this.#from
    return holder.accountId === this.#options.submitter ? this.#asked : null
  }

  #lookup(address: string, domain: string): Promise<AddressLookup> {
    return this.#store.read('address.lookup', { address, domain })
  }
}
