/**
 * How many days a mailbox keeps what a mail program retrieved by POP3. Its owner, the manager of its domain or staff set it.
 */
import type { Clock } from '../../ops/clock.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { AccountRow } from '../../store/types.ts'
import { administeredAccount, ownAccount } from '../account-of.ts'
import { type Actor, audited } from '../actor.ts'

export interface Pop3Settings {
  /** The mailbox. */
  address: string
  /** null: until it is deleted. */
  keepDays: number | null
}

export class Pop3Keeping {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async own(actor: Actor): Promise<Pop3Settings> {
    return this.#of(await ownAccount(this.#store, actor))
  }

  async setOwn(actor: Actor, keepDays: number | null): Promise<Pop3Settings> {
    return this.#set(actor, await ownAccount(this.#store, actor), keepDays)
  }

  async ofMailbox(actor: Actor, address: string): Promise<Pop3Settings> {
    return this.#of(await administeredAccount(this.#store, actor, address))
  }

  async setOfMailbox(actor: Actor, address: string, keepDays: number | null): Promise<Pop3Settings> {
    return this.#set(actor, await administeredAccount(this.#store, actor, address), keepDays)
  }

  async #of({ accountId, address }: AccountRow): Promise<Pop3Settings> {
    return { address, keepDays: await this.#store.read('pop3.keepDays', { accountId }) }
  }

  async #set(actor: Actor, account: AccountRow, keepDays: number | null): Promise<Pop3Settings> {
    const { accountId, address, domain } = account
    const before = await this.#of(account)
    if (before.keepDays === keepDays) return before
    await writeAll(this.#store, [
      { operation: 'pop3.setKeepDays', args: { accountId, keepDays } },
      audited(actor, this.#clock.now(), {
        action: 'pop3.update',
        target: address,
        domain,
        before: { keepDays: before.keepDays },
        after: { keepDays },
      }),
    ])
    return { address, keepDays }
  }
}
