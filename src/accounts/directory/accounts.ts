/** Mailboxes as they are given to people: made, found, changed. Lists are `account-list.ts`, removal is `bin.ts`. */
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import type { AccountListRow } from '../../store/types/directory.ts'
import type { PrincipalId } from '../../store/types/principals.ts'
import type { AccountKind, DomainRow, Forward, SpecialUse } from '../../store/types.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, isStaff, mayAdminister, mayManage, sessionOf } from '../actor.ts'
import { parseAddress } from '../addresses.ts'
import type { AuditAction } from '../audited-facts.ts'
import { webhookEvent } from '../billing/events.ts'
import type { Ledger } from '../billing/ledger.ts'
import type { LinkHolder, PreparedLink } from '../links/credential-links.ts'
import { type Domains, noRoomIn } from './domains.ts'
import { DirectoryError, expecting, noDomain, noMailbox } from './error.ts'
import { MAX_FORWARD_TARGETS } from './limits.ts'
import { addressOf, checkLimit, checkQuota, hashNew, newAddress, targetsOf } from './names.ts'

export interface NewAccount {
  address: string
  name?: string
  kind?: AccountKind
  /** null: no one can sign in until it is set, which is so for shared mailboxes for good. */
  password: string | null
  /** Bytes; null for no limit; left out: as the plan or the domain has it. */
  quotaBytes?: number | null
  /** null: none; left out: the domain's. It brings its own quota. */
  planId?: string | null
}

export interface AccountChange {
  name?: string
  signInEnabled?: boolean
  sendingEnabled?: boolean
  receivingEnabled?: boolean
  /** Bytes; null for no limit. */
  quotaBytes?: number | null
  /** Recipients an hour; null: as the domain has it. */
  hourlyLimit?: number | null
}

/** What the audit log and the webhooks are told. */
type AccountFacts = { [K in keyof AccountChange | 'forward']?: unknown }

/** RFC 6154 §2, as clients expect to find them. */
const STANDARD_MAILBOXES: { name: string; specialUse: SpecialUse }[] = [
  { name: 'Drafts', specialUse: 'drafts' },
  { name: 'Sent', specialUse: 'sent' },
  { name: 'Junk', specialUse: 'junk' },
  { name: 'Trash', specialUse: 'trash' },
  { name: 'Archive', specialUse: 'archive' },
]

/** What is sold is written down with what is made. */
export type LedgerEntries = Pick<Ledger, 'created' | 'removed' | 'restored'>

export interface AccountsOptions {
  store: Store
  clock: Clock
  domains: Domains
  ledger: LedgerEntries
}

export class Accounts {
  readonly #store: Store
  readonly #clock: Clock
  readonly #domains: Domains
  readonly #ledger: LedgerEntries

  constructor({ store, clock, domains, ledger }: AccountsOptions) {
    this.#store = store
    this.#clock = clock
    this.#domains = domains
    this.#ledger = ledger
  }

  /** Makes INBOX and the standard mailboxes too. Its address is the user name. */
  async add(actor: Actor, wanted: NewAccount): Promise<AccountListRow> {
    return (await this.create(actor, wanted)).account
  }

  /**
   * The same, and in the same transaction a link to the password, where `prepare` makes one. Somebody who signs in with the
   * address already and has no mailbox (staff, a manager) is given this one, and keeps his role, and his password where none is given: then no link is made.
   */
  async create(
    actor: Actor,
    { address: text, name = '', kind = 'personal', password, ...wanted }: NewAccount,
    prepare?: (holder: LinkHolder) => Promise<PreparedLink>,
  ): Promise<{ account: AccountListRow; prepared: PreparedLink | null }> {
    const { address, domain: domainName } = newAddress(text)
    const domain = await this.#domains.requireOwn(actor, domainName)
    const { planId, quotaBytes } = await this.#terms(actor, wanted, domain)
    checkQuota(quotaBytes)
    if (kind === 'shared' && (password !== null || prepare)) throw isShared(address)
    const principalId = await this.#holder(actor, address, kind)
    const prepared = principalId === null && prepare ? await prepare({ address, domain: domainName }) : null
    const passwordHash = prepared?.passwordHash ?? (password === null ? null : await hashNew(password, address))
    const at = this.#clock.now()
    const another: AnyOperation[] =
      principalId === null || passwordHash === null
        ? []
        : [
            {
              operation: 'principal.setPassword',
              args: { principalId, passwordHash, at, exceptSession: sessionOf(actor, principalId) },
            },
          ]
    const who = { principalId, name: name.trim(), passwordHash }
    const account = { address, ...who, kind, quotaBytes, mailboxes: STANDARD_MAILBOXES, at }
    const after = { name: account.name, kind, planId, quotaBytes }
    await expecting(
      writeAll(this.#store, [
        { operation: 'account.add', args: account },
        await this.#ledger.created(actor, address, planId),
        audited(actor, at, { action: 'mailbox.create', target: address, domain: domainName, after }),
        webhookEvent('mailbox.created', { at, domain: domainName, data: { address, kind, planId, quotaBytes } }),
        ...(prepared?.operations ?? another),
      ]),
      {
        ...noRoomIn(this.#store, domainName, quotaBytes),
        'already-exists': () => this.taken(address),
        'not-found': () => noDomain(domainName),
      },
    )
    return { account: await this.find(actor, address), prepared }
  }

  /** Who signs in with the address and is to have the mailbox; null where that is nobody yet. */
  async #holder(actor: Actor, address: string, kind: AccountKind): Promise<PrincipalId | null> {
    const principalId = await this.holderWithoutMailbox(actor, address)
    if (principalId !== null && kind === 'shared') throw await this.taken(address)
    return principalId
  }

  /**
   * Who signs in with the address and has no mailbox; null where that is nobody. Throws `not-yours-to-change` where the
   * actor may not administer him, or who signs in with it under an alias of its domain: his mail would come to whoever gives
   * the address to a mailbox, an alias or a group.
   */
  async holderWithoutMailbox(actor: Actor, address: string): Promise<PrincipalId | null> {
    const [local, domain] = [address.slice(0, address.lastIndexOf('@')), domainOf(address)]
    for (const { name } of await this.#store.read('domainAlias.list', { domain }))
      await this.#administeredWithoutMailbox(actor, `${local}@${name}`)
    return this.#administeredWithoutMailbox(actor, address)
  }

  async #administeredWithoutMailbox(actor: Actor, address: string): Promise<PrincipalId | null> {
    const principal = await this.#store.read('principal.byAddress', { address })
    if (!principal || principal.hasMailbox) return null
    if (principal.principalId !== actor.principalId && !mayAdminister(actor, principal))
      throw new DirectoryError(
        'not-yours-to-change',
        `Somebody administers with ${address}: that is for staff to change`,
      )
    return principal.principalId
  }

  /** One that is in use, and the actor's to see. */
  async find(actor: Actor, text: string): Promise<AccountListRow> {
    const { address, domain } = addressOf(text)
    const account = mayManage(actor, domain) ? await this.#store.read('account.details', { address }) : null
    if (!account || account.removedAt !== null) throw noMailbox(address)
    return account
  }

  /** The actor's own. */
  async own(actor: Actor): Promise<AccountListRow> {
    const account = actor.hasMailbox ? await this.#store.read('account.details', { address: actor.address }) : null
    if (!account || account.removedAt !== null) throw noMailbox(actor.address)
    return account
  }

  /** All or nothing. A quota: `domain-space` where the domain has not so much left, `quota-needed` where it may not be without. */
  async update(actor: Actor, text: string, change: AccountChange): Promise<AccountListRow> {
    const before = await this.#administered(actor, text)
    const after = { ...before, ...change, name: (change.name ?? before.name).trim() }
    const changed = (Object.keys(change) as (keyof AccountChange)[]).filter(key => after[key] !== before[key])
    if (changed.length === 0) return before
    refuseSold(actor, before, changed)
    checkQuota(after.quotaBytes)
    checkLimit(after.hourlyLimit)
    const { domain } = before
    return expecting(
      this.#write(actor, before, 'mailbox.update', operationsOf(before, after, changed), {
        before: pick(before, changed),
        after: pick(after, changed),
      }),
      noRoomIn(this.#store, domain, after.quotaBytes),
    )
  }

  /** Ends his sessions of the panel, but for the one it is asked in. */
  async changePassword(actor: Actor, text: string, password: string): Promise<void> {
    const account = await this.#administered(actor, text)
    if (account.kind === 'shared') throw isShared(account.address)
    const passwordHash = await hashNew(password, account.address)
    const { accountId: principalId } = account
    const exceptSession = sessionOf(actor, principalId)
    const change = { principalId, passwordHash, at: this.#clock.now(), exceptSession }
    await this.#write(actor, account, 'mailbox.password', [{ operation: 'principal.setPassword', args: change }], null)
  }

  /** null: nothing is forwarded. Whoever owns the mailbox may as well. */
  async setForward(actor: Actor, text: string, forward: Forward | null): Promise<AccountListRow> {
    const isOwn = actor.hasMailbox && addressOf(text).address === actor.address
    const before = isOwn ? await this.own(actor) : await this.#administered(actor, text)
    const targets = forward && targetsOf(forward.targets, MAX_FORWARD_TARGETS)
    for (const target of targets ?? [])
      if (await this.#leadsTo(target, before.address))
        throw new DirectoryError('target-is-itself', `${before.address} can't forward to itself`, { target })
    const kept = forward && targets && { targets, keepCopy: forward.keepCopy }
    const { accountId } = before
    const operation: AnyOperation = { operation: 'account.update', args: { accountId, forward: kept } }
    return this.#write(actor, before, 'mailbox.forward', [operation], {
      before: { forward: before.forward },
      after: { forward: kept },
    })
  }

  /** Who has the address that a new one was to have. */
  async taken(address: string): Promise<DirectoryError> {
    const there = await this.#store.read('account.details', { address })
    if (there && there.removedAt !== null)
      return new DirectoryError('address-in-bin', `${address} is in the bin: restore it, or purge it first`, {
        address,
      })
    return new DirectoryError('mailbox-exists', `${address} exists already, as a mailbox or as an alias`, { address })
  }

  /** A plan brings its quota; a quota of its own means no plan but one that is named, which goes before. */
  async #terms(
    actor: Actor,
    { planId, quotaBytes }: Pick<NewAccount, 'planId' | 'quotaBytes'>,
    domain: DomainRow,
  ): Promise<{ planId: string | null; quotaBytes: number | null }> {
    const chosen = planId === undefined && quotaBytes === undefined ? domain.defaultPlanId : (planId ?? null)
    const plan = chosen === null ? null : await this.#store.read('plan.byId', { planId: chosen })
    // What is no longer offered is for staff to give, or was agreed as the domain's default.
    const isTheirs = plan?.isOffered || isStaff(actor) || chosen === domain.defaultPlanId
    if (plan && isTheirs) return { planId: chosen, quotaBytes: plan.storageBytes }
    if (planId) throw new AccountError('plan-not-found', `There is no plan ${planId}`, { plan: planId })
    return { planId: null, quotaBytes: quotaBytes === undefined ? domain.defaultQuotaBytes : quotaBytes }
  }

  /** Whether it is the same mailbox, by another domain's name or with a tag. */
  async #leadsTo(target: string, address: string): Promise<boolean> {
    const parsed = parseAddress(target)
    if (!parsed) return false
    const plain = parsed.localPart.startsWith('"') ? parsed.localPart : parsed.localPart.replace(/(?<=.)\+.*$/, '')
    const untagged = { address: `${plain}@${parsed.domain}`, domain: parsed.domain }
    return (await this.#store.read('address.lookup', untagged)).account?.address === address
  }

  /** One that the actor may change: not what belongs to a manager or to staff, where he isn't staff himself. */
  async #administered(actor: Actor, text: string): Promise<AccountListRow> {
    const account = await this.find(actor, text)
    if (!mayAdminister(actor, { ...account, hasMailbox: true }))
      throw new DirectoryError('not-yours-to-change', `${account.address} is for staff to change`)
    return account
  }

  async #write(
    actor: Actor,
    { address, domain }: AccountListRow,
    action: AuditAction,
    operations: readonly AnyOperation[],
    difference: { before: AccountFacts; after: AccountFacts } | null,
  ): Promise<AccountListRow> {
    const at = this.#clock.now()
    const entry = audited(actor, at, { action, target: address, domain, ...difference })
    const data = difference && { address, ...difference }
    const event = data
      ? webhookEvent('mailbox.changed', { at, domain, data })
      : webhookEvent('password.changed', { at, domain, data: { address, by: byOf(actor) } })
    await expecting(writeAll(this.#store, [...operations, entry, event]), { 'not-found': () => noMailbox(address) })
    const account = await this.#store.read('account.details', { address })
    if (!account) throw noMailbox(address)
    return account
  }
}

/** What is sold with a mailbox is for staff to change: limits of sending, and the space that a plan brings. */
function refuseSold(actor: Actor, { planId }: AccountListRow, changed: readonly (keyof AccountChange)[]): void {
  if (isStaff(actor)) return
  if (changed.includes('hourlyLimit'))
    throw new DirectoryError('not-yours-to-change', 'Limits of sending are for staff to change')
  if (changed.includes('quotaBytes') && planId !== null)
    throw new DirectoryError('plan-decides', 'The plan says how much space the mailbox has; choose another plan')
}

function operationsOf(
  { accountId }: AccountListRow,
  after: AccountListRow,
  changed: readonly (keyof AccountChange)[],
): AnyOperation[] {
  const { name, signInEnabled, sendingEnabled, receivingEnabled, hourlyLimit, quotaBytes } = after
  const operations: AnyOperation[] = [
    { operation: 'account.update', args: { accountId, sendingEnabled, receivingEnabled, hourlyLimit } },
  ]
  if (changed.includes('name') || changed.includes('signInEnabled'))
    operations.push({ operation: 'principal.update', args: { principalId: accountId, name, signInEnabled } })
  if (changed.includes('quotaBytes'))
    operations.push({ operation: 'account.setQuota', args: { accountId, quotaBytes } })
  return operations
}

const byOf = ({ role }: Actor) => (role === 'system' ? 'command-line' : role)

const isShared = (address: string): DirectoryError =>
  new DirectoryError('mailbox-shared', `${address} is shared: its members sign in for it`, { address })

function pick(row: AccountListRow, keys: readonly (keyof AccountChange)[]): AccountFacts {
  return Object.fromEntries(keys.map(key => [key, row[key]]))
}
