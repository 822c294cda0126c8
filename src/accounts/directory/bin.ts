/** Mailboxes that were removed: for 30 days they can be had back as they were, and nobody else gets their address. */
import type { Clock } from '../../ops/clock.ts'
import { type Store, StoreError, writeAll } from '../../store/store.ts'
import type { AccountListRow } from '../../store/types/directory.ts'
import { type Actor, audited, mayAdminister, mayManage, serviceItself, visibleDomains } from '../actor.ts'
import { webhookEvent } from '../billing/events.ts'
import type { Accounts, LedgerEntries } from './accounts.ts'
import { noRoomIn } from './domains.ts'
import { DirectoryError, expecting, noMailbox } from './error.ts'
import { BIN_KEPT_MS } from './limits.ts'
import { addressOf, domainNameOf } from './names.ts'

export interface BinPage {
  domain: string | null
  before: { removedAt: number; accountId: number } | null
  limit: number
}

export interface BinOptions {
  store: Store
  clock: Clock
  accounts: Accounts
  ledger: LedgerEntries
}

export class Bin {
  readonly #store: Store
  readonly #clock: Clock
  readonly #accounts: Accounts
  readonly #ledger: LedgerEntries

  constructor({ store, clock, accounts, ledger }: BinOptions) {
    this.#store = store
    this.#clock = clock
    this.#accounts = accounts
    this.#ledger = ledger
  }

  /** With all its mail; from now on nobody signs in to it, and mail to it is refused. */
  async put(actor: Actor, text: string): Promise<void> {
    const account = await this.#accounts.find(actor, text)
    requireAdministered(actor, account)
    const { accountId, address, domain } = account
    if (accountId === actor.principalId)
      throw new DirectoryError('not-yours-to-change', 'Nobody removes the mailbox he is signed in with')
    const at = this.#clock.now()
    await expecting(
      writeAll(this.#store, [
        await this.#ledger.removed(actor, address),
        { operation: 'account.toBin', args: { accountId, at } },
        audited(actor, at, { action: 'mailbox.remove', target: address, domain, before: summaryOf(account) }),
        webhookEvent('mailbox.removed', { at, domain, data: { address, purgeAt: Bin.endOf(at) } }),
      ]),
      { 'not-found': () => noMailbox(address) },
    )
  }

  /** The latest first. */
  async list(actor: Actor, { domain, before, limit }: BinPage): Promise<AccountListRow[]> {
    const visible = visibleDomains(actor)
    const name = domain === null ? null : domainNameOf(domain)
    const domains = name === null ? visible : visible === null || visible.includes(name) ? [name] : []
    return this.#store.read('bin.list', { domains, before, limit })
  }

  async find(actor: Actor, text: string): Promise<AccountListRow> {
    const account = await this.#anywhere(actor, text)
    if (!account || account.removedAt === null) throw notInBin(addressOf(text).address)
    return account
  }

  async #anywhere(actor: Actor, text: string): Promise<AccountListRow | null> {
    const { address, domain } = addressOf(text)
    return mayManage(actor, domain) ? this.#store.read('account.details', { address }) : null
  }

  /** As it was: mail, password, members, switches. */
  async restore(actor: Actor, text: string): Promise<AccountListRow> {
    const account = await this.find(actor, text)
    requireAdministered(actor, account)
    const { accountId, address, domain, quotaBytes } = account
    const at = this.#clock.now()
    await expecting(
      writeAll(this.#store, [
        { operation: 'account.fromBin', args: { accountId } },
        await this.#ledger.restored(actor, address),
        audited(actor, at, { action: 'mailbox.restore', target: address, domain, after: summaryOf(account) }),
        webhookEvent('mailbox.restored', { at, domain, data: { address } }),
      ]),
      { ...noRoomIn(this.#store, domain, quotaBytes), 'not-found': () => noMailbox(address) },
    )
    return this.#accounts.find(actor, address)
  }

  /** For good, with all its mail; `alsoInUse`: from wherever it is. */
  async purge(actor: Actor, text: string, { alsoInUse = false } = {}): Promise<void> {
    const account = await this.#anywhere(actor, text)
    if (!account) throw alsoInUse ? noMailbox(addressOf(text).address) : notInBin(addressOf(text).address)
    if (account.removedAt === null && !alsoInUse) throw notInBin(account.address)
    requireAdministered(actor, account)
    await this.#purge(actor, account)
  }

  /** When it will be purged by itself. */
  static endOf(removedAt: number): number {
    return removedAt + BIN_KEPT_MS
  }

  /** Purges one of those whose time is over; says whether there may be more. */
  async purgeDue(): Promise<boolean> {
    const [due] = await this.#store.read('bin.due', { before: this.#clock.now() - BIN_KEPT_MS, limit: 1 })
    const account = due ? await this.#store.read('account.details', { address: due.address }) : null
    if (!account || account.removedAt === null) return false
    await this.#purge(serviceItself, account)
    return true
  }

  async #purge(actor: Actor, account: AccountListRow): Promise<void> {
    const { accountId, address, domain, removedAt } = account
    const at = this.#clock.now()
    const removed = webhookEvent('mailbox.removed', { at, domain, data: { address, purgeAt: null } })
    try {
      await writeAll(this.#store, [
        await this.#ledger.removed(actor, address),
        { operation: 'account.remove', args: { accountId, at } },
        audited(actor, at, { action: 'mailbox.purge', target: address, domain, before: summaryOf(account) }),
        ...(removedAt === null ? [removed] : []),
        webhookEvent('mailbox.purged', { at, domain, data: { address } }),
      ])
    } catch (error) {
      // Another purged it first.
      if (!(error instanceof StoreError && error.code === 'not-found')) throw error
    }
  }
}

const notInBin = (address: string): DirectoryError =>
  new DirectoryError('not-in-bin', `${address} is not in the bin`, { address })

function requireAdministered(actor: Actor, account: AccountListRow): void {
  if (!mayAdminister(actor, { ...account, hasMailbox: true }))
    throw new DirectoryError('not-yours-to-change', `${account.address} is for staff to change`)
}

const summaryOf = ({ name, kind, quotaBytes, usedBytes, messages }: AccountListRow) => ({
  name,
  kind,
  quotaBytes,
  usedBytes,
  messages,
})
