/** Whether an account may send, and under which addresses. */
import { parseAddress, withoutTag } from '../accounts/addresses.ts'
import { MAX_ALIAS_DEPTH } from '../accounts/limits.ts'
import type { Store } from '../store/store.ts'
import type { AccountRow } from '../store/types.ts'
import { domainOf } from '../wire/mime/domain-of.ts'

/** `sending-off`: for the account, or the shared mailbox whose address it is; `reads-only`: a member of it who may not send for it. */
export type SenderProblem = 'sending-off' | 'not-owned' | 'reads-only'

export class Senders {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Asked anew at each message: a client stays signed in for long. */
  async maySend({ accountId }: AccountRow): Promise<boolean> {
    return (await this.#store.read('account.byId', { accountId }))?.sendingEnabled ?? false
  }

  /**
   * null for its own address, for that of a shared mailbox it may send for, and for an alias that leads to either; each in
   * every alias of the domain, and with any "+tag". Not what reaches it through a catch-all, which would be every name of
   * the domain that nobody has yet; nor through a group or another's forward: those are lists of readers, not of writers.
   */
  async problemOf(account: AccountRow, address: string): Promise<SenderProblem | null> {
    const parsed = parseAddress(address)
    for (const name of parsed ? [parsed.address, withoutTag(parsed)] : []) {
      const found = name === null ? 'nobody' : await this.#find(account, name, 0)
      if (found !== 'nobody') return found
    }
    return 'not-owned'
  }

  /** Whether it is an address of this service, or would be if somebody had it. */
  async isOurs(address: string): Promise<boolean> {
    const parsed = parseAddress(address)
    return parsed !== null && (await this.#store.read('address.lookup', parsed)).domain !== null
  }

  async #find(sender: AccountRow, address: string, depth: number): Promise<SenderProblem | null | 'nobody'> {
    const domain = domainOf(address)
    const { account, alias } = await this.#store.read('address.lookup', { address, domain })
    if (account) return this.#ofAccount(sender, account)
    if (!alias) return 'nobody'
    if (alias.kind === 'group' || depth >= MAX_ALIAS_DEPTH) return 'not-owned'
    let problem: SenderProblem = 'not-owned'
    for (const target of alias.targets) {
      const parsed = parseAddress(target)
      const found = parsed && (await this.#find(sender, parsed.address, depth + 1))
      if (parsed && found === null) return null
      if (found && found !== 'nobody' && found !== 'not-owned') problem = found
    }
    return problem
  }

  async #ofAccount(sender: AccountRow, { accountId, kind, sendingEnabled }: AccountRow): Promise<SenderProblem | null> {
    if (accountId === sender.accountId) return null
    if (kind !== 'shared') return 'not-owned'
    const membership = await this.#store.read('member.of', { accountId, principalId: sender.accountId })
    if (!membership) return 'not-owned'
    if (!membership.maySend) return 'reads-only'
    return sendingEnabled ? null : 'sending-off'
  }
}
