/**
 * Where bounces of a mailbox go as well. Programs send from mailboxes that nobody reads: what comes back to them is then
 * copied to an address that somebody does read. Its owner, the manager of its domain or staff set it.
 */
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import type { AccountRow } from '../../store/types.ts'
import { AccountError } from '../account-error.ts'
import { administeredAccount, ownAccount } from '../account-of.ts'
import { type Actor, audited } from '../actor.ts'
import { parseAddress } from '../addresses.ts'

export interface BounceCopy {
  /** The mailbox. */
  address: string
  /** null: nowhere else. */
  copyTo: string | null
}

export class BounceCopies {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async own(actor: Actor): Promise<BounceCopy> {
    return this.#of(await ownAccount(this.#store, actor))
  }

  /** `invalid-address`; `address-is-its-own` for one that leads back to the mailbox, where a copy would be no news. */
  async setOwn(actor: Actor, copyTo: string | null): Promise<BounceCopy> {
    return this.#set(actor, await ownAccount(this.#store, actor), copyTo)
  }

  async ofMailbox(actor: Actor, address: string): Promise<BounceCopy> {
    return this.#of(await administeredAccount(this.#store, actor, address))
  }

  async setOfMailbox(actor: Actor, address: string, copyTo: string | null): Promise<BounceCopy> {
    return this.#set(actor, await administeredAccount(this.#store, actor, address), copyTo)
  }

  async #of({ accountId, address }: AccountRow): Promise<BounceCopy> {
    const row = await this.#store.read('bounceCopy.get', { accountId })
    return { address, copyTo: row?.address ?? null }
  }

  async #set(actor: Actor, account: AccountRow, given: string | null): Promise<BounceCopy> {
    const { accountId, address, domain } = account
    const copyTo = given === null ? null : await this.#checked(account, given)
    const before = await this.#of(account)
    if (before.copyTo === copyTo) return before
    const now = this.#clock.now()
    const change: AnyOperation =
      copyTo === null
        ? { operation: 'bounceCopy.remove', args: { accountId } }
        : { operation: 'bounceCopy.set', args: { accountId, address: copyTo, updatedAt: now } }
    await writeAll(this.#store, [
      change,
      audited(actor, now, {
        action: 'bounceCopy.update',
        target: address,
        domain,
        before: { copyTo: before.copyTo },
        after: { copyTo },
      }),
    ])
    return { address, copyTo }
  }

  async #checked({ accountId }: AccountRow, given: string): Promise<string> {
    const parsed = parseAddress(given.trim())
    if (!parsed || parsed.domain.startsWith('['))
      throw new AccountError('invalid-copy-address', `${given} is no address`, { field: 'copyTo' })
    const { localPart, domain, asWritten } = parsed
    // With a tag or by an alias it is the same mailbox.
    const plain = localPart.startsWith('"') ? localPart : localPart.replace(/(?<=.)\+.*$/, '')
    for (const name of new Set([localPart, plain])) {
      const { account, alias } = await this.#store.read('address.lookup', { address: `${name}@${domain}`, domain })
      const targets = alias?.targets ?? []
      const there = await Promise.all(targets.map(each => this.#store.read('account.byAddress', { address: each })))
      if ([account, ...there].some(each => each?.accountId === accountId))
        throw new AccountError('copy-to-itself', 'The copy would come back to the same mailbox', { field: 'copyTo' })
    }
    return asWritten
  }
}
