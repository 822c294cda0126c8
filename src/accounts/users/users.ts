/**
 * Managers and staff, made and changed by staff and the command line. Whoever has a mailbox can be made one of them and
 * back; the others sign in with an address elsewhere, and get their password through a single-use link.
 */
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import type { Language, PrincipalId, PrincipalRow, Role } from '../../store/types/principals.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited } from '../actor.ts'
import { parseAddress, parseDomain } from '../addresses.ts'
import { type CredentialLinks, type IssuedLink, type LinkWish, mailboxDomain } from '../links/credential-links.ts'

export interface User {
  principal: PrincipalRow
  /** Those a manager manages. */
  domains: string[]
}

export interface NewUser extends LinkWish {
  address: string
  name: string
  role: 'manager' | 'staff'
  language: Language | null
  domains: readonly string[]
}

export interface UserChange {
  role?: Role
  name?: string
  domains?: readonly string[]
  signInEnabled?: boolean
  secondFactorRequired?: boolean
}

type UserFacts = Pick<PrincipalRow, 'role' | 'name' | 'signInEnabled' | 'secondFactorRequired'> & { domains: string[] }

export interface UsersOptions {
  store: Store
  clock: Clock
  links: Pick<CredentialLinks, 'prepare' | 'deliver'>
}

export class Users {
  readonly #store: Store
  readonly #clock: Clock
  readonly #links: Pick<CredentialLinks, 'prepare' | 'deliver'>

  constructor({ store, clock, links }: UsersOptions) {
    this.#store = store
    this.#clock = clock
    this.#links = links
  }

  /** By address; those of a role, or managers and staff. */
  async list(role: 'manager' | 'staff' | null, page: { after: string | null; limit: number }): Promise<User[]> {
    const roles = role === null ? (['manager', 'staff'] as const) : [role]
    const rows = await Promise.all(roles.map(one => this.#store.read('principal.list', { role: one, ...page })))
    const sorted = rows.flat().toSorted((a, b) => (a.address < b.address ? -1 : 1))
    return Promise.all(sorted.slice(0, page.limit).map(principal => this.#user(principal)))
  }

  /** Of any role. Throws `user-not-found`. */
  async get(principalId: PrincipalId): Promise<User> {
    return this.#user(await this.#principal(principalId))
  }

  async find(text: string): Promise<User> {
    const address = parseAddress(text.trim())?.address
    const principal = address === undefined ? null : await this.#store.read('principal.byAddress', { address })
    if (!principal) throw notFound(text)
    return this.#user(principal)
  }

  /**
   * Who has a mailbox here is given the role, and keeps his password: then there is no link. Throws `user-exists`,
   * `invalid-user-address`, `unknown-domains`, `staff-by-token`.
   */
  async create(actor: Actor, wanted: NewUser): Promise<{ user: User; link: IssuedLink | null }> {
    const { name, role, language, codeDigits, sendTo } = wanted
    if (role === 'staff') refuseToken(actor)
    const address = parseAddress(wanted.address.trim())?.address
    if (address === undefined)
      throw new AccountError('invalid-user-address', `${wanted.address} is no address`, { field: 'address' })
    const known = await this.#store.read('principal.byAddress', { address })
    const domains = role === 'manager' ? await this.#domainsOf(wanted.domains) : []
    if (known) {
      if (known.role !== 'owner') throw exists(address)
      const change = { role, domains, ...(name === '' ? {} : { name }) }
      return { user: await this.update(actor, known.principalId, change), link: null }
    }
    const prepared = await this.#links.prepare(actor, { address, domain: null }, { codeDigits, sendTo })
    const { passwordHash, operations } = prepared
    const at = this.#clock.now()
    try {
      const [{ principalId }] = await writeAll(this.#store, [
        { operation: 'principal.add', args: { address, role, name, passwordHash, language, domains, at } },
        ...(role === 'staff' ? [noFirstStaff] : []),
        audited(actor, at, { action: 'user.create', target: address, domain: null, after: { role, name, domains } }),
        ...operations,
      ])
      return { user: await this.get(principalId), link: await this.#links.deliver(actor, prepared) }
    } catch (error) {
      if (error instanceof StoreError && error.code === 'already-exists') throw exists(address)
      throw error
    }
  }

  /** Throws `not-yourself`, `owner-needs-mailbox`, `unknown-domains`, `staff-by-token`; StoreError `last-staff`. */
  async update(actor: Actor, principalId: PrincipalId, change: UserChange): Promise<User> {
    const before = await this.get(principalId)
    const { principal } = before
    const role = change.role ?? principal.role
    if (role === 'owner' && !principal.hasMailbox)
      throw new AccountError('owner-needs-mailbox', `${principal.address} has no mailbox`, { field: 'role' })
    if (role === 'staff' && principal.role !== 'staff') refuseToken(actor)
    const losesStaff = principal.role === 'staff' && (role !== 'staff' || change.signInEnabled === false)
    if (losesStaff || change.signInEnabled === false) refuseYourself(actor, principal)
    const domains =
      role !== 'manager' ? [] : change.domains === undefined ? before.domains : await this.#domainsOf(change.domains)
    const { name = principal.name, signInEnabled = principal.signInEnabled } = change
    const { secondFactorRequired = principal.secondFactorRequired } = change
    const after = { role, name, domains, signInEnabled, secondFactorRequired }
    const { address } = principal
    const at = this.#clock.now()
    await writeAll(this.#store, [
      { operation: 'principal.update', args: { principalId, role, name, signInEnabled, secondFactorRequired } },
      { operation: 'principal.setDomains', args: { principalId, domains } },
      ...(role === 'staff' ? [noFirstStaff] : []),
      ...(principal.role === 'owner' && role !== 'owner' ? raised(principalId, at) : []),
      ...this.#changes(actor, address, mailboxDomain(principal), { ...principal, domains: before.domains }, after),
    ])
    return this.get(principalId)
  }

  /** Who has a mailbox keeps it, as its owner. Throws `not-yourself`; StoreError `last-staff`. */
  async remove(actor: Actor, principalId: PrincipalId): Promise<void> {
    const { principal } = await this.get(principalId)
    if (principal.role === 'owner') throw notFound(principal.address)
    if (principal.hasMailbox) {
      await this.update(actor, principalId, { role: 'owner' })
      return
    }
    refuseYourself(actor, principal)
    const { address, role, name } = principal
    await writeAll(this.#store, [
      { operation: 'principal.remove', args: { principalId } },
      audited(actor, this.#clock.now(), {
        action: 'user.remove',
        target: address,
        domain: null,
        before: { role, name },
      }),
    ])
  }

  /** Of what changed alone. */
  #changes(actor: Actor, target: string, domain: string | null, before: UserFacts, after: UserFacts): AnyOperation[] {
    const keys = (Object.keys(after) as (keyof UserFacts)[]).filter(
      key => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
    )
    if (keys.length === 0) return []
    const pick = (from: UserFacts): Partial<UserFacts> => Object.fromEntries(keys.map(key => [key, from[key]]))
    const difference = { before: pick(before), after: pick(after) }
    return [audited(actor, this.#clock.now(), { action: 'user.update', target, domain, ...difference })]
  }

  /** As they are kept, each once. */
  async #domainsOf(texts: readonly string[]): Promise<string[]> {
    const known = new Set((await this.#store.read('domain.list', {})).map(({ name }) => name))
    const names = texts.map(text => parseDomain(text) ?? text)
    const unknown = names.filter(name => !known.has(name))
    if (unknown.length > 0)
      throw new AccountError('unknown-domains', `There is no domain ${unknown[0]}`, {
        field: 'domains',
        domain: unknown[0] ?? '',
      })
    return [...new Set(names)].toSorted()
  }

  async #principal(principalId: PrincipalId): Promise<PrincipalRow> {
    const principal = await this.#store.read('principal.byId', { principalId })
    if (!principal) throw notFound(String(principalId))
    return principal
  }

  async #user(principal: PrincipalRow): Promise<User> {
    const { principalId, role } = principal
    const domains = role === 'manager' ? await this.#store.read('principal.domains', { principalId }) : []
    return { principal, domains }
  }
}

function refuseYourself(actor: Actor, { principalId }: PrincipalRow): void {
  if (actor.principalId === principalId) throw new AccountError('not-yourself', 'Nobody takes away his own rights')
}

/** Whoever is of the staff may do more than any token: it would gain by him what it leaves out. */
function refuseToken({ via }: Actor): void {
  if (via === 'token') throw new AccountError('staff-by-token', 'A token makes nobody one of the staff')
}

/** The link that the service prints while there is no staff. */
const noFirstStaff: AnyOperation = {
  operation: 'oneTimeToken.removeAll',
  args: { principalId: 0, purpose: 'first-staff' },
}

/**
 * Who managed the mailbox until now may have given it its external address, or hold a link to its password: none of it may
 * lead to what the role brings.
 */
const raised = (principalId: PrincipalId, at: number): AnyOperation[] => [
  { operation: 'principal.update', args: { principalId, recovery: null } },
  { operation: 'principal.forgetLinks', args: { principalId, at } },
]

const notFound = (user: string): AccountError => new AccountError('user-not-found', `Nobody signs in as ${user}`)
const exists = (address: string): AccountError =>
  new AccountError('user-exists', `${address} is a manager or of the staff already`, { field: 'address' })
