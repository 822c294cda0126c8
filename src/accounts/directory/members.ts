/** Who reads a shared mailbox, and who of them sends for it. */
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import type { AccountListRow, MemberRow, MembershipRow } from '../../store/types/directory.ts'
import { type Actor, audited } from '../actor.ts'
import type { AuditAction } from '../audited-facts.ts'
import { webhookEvent } from '../billing/events.ts'
import type { Accounts } from './accounts.ts'
import { DirectoryError, expecting, noMailbox } from './error.ts'

export class Members {
  readonly #store: Store
  readonly #clock: Clock
  readonly #accounts: Accounts

  constructor(store: Store, clock: Clock, accounts: Accounts) {
    this.#store = store
    this.#clock = clock
    this.#accounts = accounts
  }

  /** By address. */
  async list(actor: Actor, address: string): Promise<MemberRow[]> {
    const { accountId } = await this.#shared(actor, address)
    return this.#store.read('member.list', { accountId })
  }

  /** The shared mailboxes the actor is a member of. */
  async own({ principalId }: Actor): Promise<MembershipRow[]> {
    return principalId === null ? [] : this.#store.read('member.mailboxes', { principalId })
  }

  /** Adds whoever has that mailbox, or changes what he may. Managers add people of their domains alone. */
  async set(actor: Actor, address: string, member: string, maySend: boolean): Promise<void> {
    const shared = await this.#shared(actor, address)
    const person = await this.#accounts.find(actor, member)
    if (person.kind === 'shared')
      throw new DirectoryError('mailbox-shared', `${person.address} is shared itself`, { address: person.address })
    const { accountId } = shared
    const args = { accountId, principalId: person.accountId, maySend, at: this.#clock.now() }
    const known = (await this.#store.read('member.list', { accountId })).find(row => row.address === person.address)
    await this.#write(actor, shared, { operation: 'member.set', args }, `member.${known ? 'update' : 'add'}`, {
      before: known ? { member: person.address, maySend: known.maySend } : null,
      after: { member: person.address, maySend },
    })
  }

  /** Ends what he set up to sign in for the mailbox as well. */
  async remove(actor: Actor, address: string, member: string): Promise<void> {
    const shared = await this.#shared(actor, address)
    const { accountId } = shared
    const wanted = member.trim().toLowerCase()
    const known = (await this.#store.read('member.list', { accountId })).find(row => row.address === wanted)
    if (!known) throw noMember(wanted, shared.address)
    const args = { accountId, principalId: known.principalId }
    await this.#write(actor, shared, { operation: 'member.remove', args }, 'member.remove', {
      before: { member: known.address, maySend: known.maySend },
    })
  }

  async #shared(actor: Actor, address: string): Promise<AccountListRow> {
    const account = await this.#accounts.find(actor, address)
    if (account.kind !== 'shared')
      throw new DirectoryError('mailbox-not-shared', `${account.address} is not shared`, { address: account.address })
    return account
  }

  async #write(
    actor: Actor,
    { address, domain }: AccountListRow,
    operation: AnyOperation,
    action: AuditAction,
    difference: { before?: Membership | null; after?: Membership },
  ): Promise<void> {
    const at = this.#clock.now()
    const entry = audited(actor, at, { action, target: address, domain, ...difference })
    const { before, after } = difference
    const data = { address, before: before ?? {}, after: after ?? {} }
    const event = webhookEvent('mailbox.changed', { at, domain, data })
    await expecting(writeAll(this.#store, [operation, entry, event]), { 'not-found': () => noMailbox(address) })
  }
}

interface Membership {
  member: string
  maySend: boolean
}

const noMember = (member: string, address: string): DirectoryError =>
  new DirectoryError('member-not-found', `${member} is no member of ${address}`, { member, address })
