/**
 * Passwords of single mail programs: random, shown once, for some protocols and, where that is wanted, some networks and
 * some time. One that was made for a shared mailbox ends with the membership of whose it is.
 */
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import type { PrincipalId } from '../../store/types/principals.ts'
import type { AppPasswordRow, MailProtocol } from '../../store/types/sign-in.ts'
import type { AccountId } from '../../store/types.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited } from '../actor.ts'
import { parseAddress } from '../addresses.ts'
import { hashToken, newId } from '../secrets.ts'
import type { SecurityNotices } from '../security-notices.ts'
import { grouped, newTypedSecret } from '../typed-secrets.ts'
import * as limits from './limits.ts'
import { parseNetwork } from './network.ts'

export interface NewAppPassword {
  /** The mailbox it opens; null for the actor's own. */
  accountId: AccountId | null
  label: string
  protocols: readonly MailProtocol[]
  /** Addresses or CIDR; none: from everywhere. */
  networks: readonly string[]
  expiresAt: number | null
}

export type AppPasswordChange = Partial<Omit<NewAppPassword, 'accountId'>>

/** With the address of its mailbox. */
export type ListedAppPassword = AppPasswordRow & { address: string }

export class AppPasswords {
  readonly #store: Store
  readonly #clock: Clock
  readonly #notices: Pick<SecurityNotices, 'tell'>

  constructor({ store, clock, notices }: { store: Store; clock: Clock; notices: Pick<SecurityNotices, 'tell'> }) {
    this.#store = store
    this.#clock = clock
    this.#notices = notices
  }

  /** Latest first. */
  list(principalId: PrincipalId): Promise<ListedAppPassword[]> {
    return this.#store.read('appPassword.list', { principalId })
  }

  /** Of the address, where the actor may have app passwords for it. */
  async mailboxOf(actor: Actor, text: string): Promise<AccountId> {
    const principalId = idOf(actor)
    const address = parseAddress(text.trim())?.address
    const account = address === undefined ? null : await this.#store.read('account.byAddress', { address })
    const accountId = account?.accountId
    if (
      accountId === undefined ||
      (accountId !== principalId && (await this.#maySend(principalId, accountId)) === null)
    )
      throw new AccountError('mailbox-not-yours', 'There is no such mailbox of yours', { field: 'mailbox' })
    return accountId
  }

  /** `secret` is shown now and never again, in groups of four. */
  async create(actor: Actor, wanted: NewAppPassword): Promise<{ appPassword: ListedAppPassword; secret: string }> {
    const principalId = idOf(actor)
    const accountId = wanted.accountId ?? principalId
    const account = await this.#store.read('account.byId', { accountId })
    const maySend = accountId === principalId || (await this.#maySend(principalId, accountId))
    if (!account || maySend === null) throw new AccountError('mailbox-not-yours', 'There is no such mailbox of yours')
    if (!maySend && wanted.protocols.includes('submission'))
      throw new AccountError('not-a-sender', 'Members who may not send have no use for it', { field: 'protocols' })
    if ((await this.list(principalId)).length >= limits.APP_PASSWORDS)
      throw new AccountError('too-many-app-passwords', 'Remove one first', { most: limits.APP_PASSWORDS })

    const now = this.#clock.now()
    const secret = newTypedSecret()
    const row = {
      appPasswordId: newId(),
      accountId,
      principalId,
      label: wanted.label.trim(),
      protocols: [...new Set(wanted.protocols)],
      networks: networksOf(wanted.networks),
      expiresAt: this.#checkExpiry(wanted.expiresAt),
      createdAt: now,
    }
    await writeAll(this.#store, [
      { operation: 'appPassword.add', args: { ...row, secretHash: hashToken(secret) } },
      this.#audited(actor, 'create', account.address, null, facts(row)),
    ])
    const { label } = row
    const principal = await this.#store.read('principal.byId', { principalId })
    if (principal) {
      const change = { kind: 'app-password-added' as const, label, mailbox: account.address }
      await this.#notices.tell(principal, change, actor.remoteAddress)
    }
    const unused = { lastUsedAt: null, lastUsedProtocol: null, lastUsedAddress: null }
    return { appPassword: { ...row, ...unused, address: account.address }, secret: grouped(secret) }
  }

  async change(actor: Actor, appPasswordId: string, change: AppPasswordChange): Promise<ListedAppPassword> {
    const principalId = idOf(actor)
    const before = await this.#find(principalId, appPasswordId)
    const { accountId } = before
    const sends = change.protocols?.includes('submission') && accountId !== principalId
    if (sends && !(await this.#maySend(principalId, accountId)))
      throw new AccountError('not-a-sender', 'Members who may not send have no use for it', { field: 'protocols' })
    const changed = {
      ...(change.label !== undefined && { label: change.label.trim() }),
      ...(change.protocols !== undefined && { protocols: [...new Set(change.protocols)] }),
      ...(change.networks !== undefined && { networks: networksOf(change.networks) }),
      ...(change.expiresAt !== undefined && { expiresAt: this.#checkExpiry(change.expiresAt) }),
    }
    const after = { ...before, ...changed }
    await writeAll(this.#store, [
      { operation: 'appPassword.update', args: { principalId, appPasswordId, ...changed } },
      this.#audited(actor, 'update', before.address, facts(before), facts(after)),
    ])
    return after
  }

  /** Of the principal, by whoever may administer it, or by itself. */
  async remove(actor: Actor, principalId: PrincipalId, appPasswordId: string): Promise<void> {
    const before = await this.#find(principalId, appPasswordId)
    await writeAll(this.#store, [
      { operation: 'appPassword.remove', args: { principalId, appPasswordId } },
      this.#audited(actor, 'remove', before.address, facts(before), null),
    ])
  }

  async #find(principalId: PrincipalId, appPasswordId: string): Promise<ListedAppPassword> {
    const found = (await this.list(principalId)).find(row => row.appPasswordId === appPasswordId)
    if (!found) throw new AccountError('app-password-not-found', 'There is no such app password')
    return found
  }

  /** null where the principal is no member. */
  async #maySend(principalId: PrincipalId, accountId: AccountId): Promise<boolean | null> {
    const membership = await this.#store.read('member.of', { principalId, accountId })
    return membership === null ? null : membership.maySend
  }

  #checkExpiry(expiresAt: number | null): number | null {
    if (expiresAt !== null && expiresAt <= this.#clock.now())
      throw new AccountError('expiry-in-the-past', 'The expiry has to lie in the future', { field: 'expiresAt' })
    return expiresAt
  }

  #audited(
    actor: Actor,
    verb: 'create' | 'update' | 'remove',
    address: string,
    before: ReturnType<typeof facts> | null,
    after: ReturnType<typeof facts> | null,
  ): AnyOperation {
    const domain = domainOf(address)
    return audited(actor, this.#clock.now(), {
      action: `app-password.${verb}`,
      target: address,
      domain,
      before,
      after,
    })
  }
}

function idOf({ principalId }: Actor): PrincipalId {
  if (principalId === null) throw new AccountError('mailbox-not-yours', 'Only who signs in has app passwords')
  return principalId
}

function networksOf(texts: readonly string[]): string[] {
  if (texts.length > limits.NETWORKS)
    throw new AccountError('too-many-networks', 'Fewer networks', {
      most: limits.NETWORKS,
      field: 'networks',
    })
  const networks = texts.map(text => {
    const network = parseNetwork(text)
    if (network === null)
      throw new AccountError('invalid-network', `${text} is no network`, { network: text, field: 'networks' })
    return network
  })
  return [...new Set(networks)]
}

function facts({
  label,
  protocols,
  networks,
  expiresAt,
}: Pick<AppPasswordRow, 'label' | 'protocols' | 'networks' | 'expiresAt'>) {
  return { label, protocols, networks, expiresAt }
}
