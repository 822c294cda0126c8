/**
 * Memory for messages that sessions hold: those that clients are appending, and those on their way to a client. One
 * budget for all and one for each account, so that an account with many connections waits behind itself. Who wants more
 * than there is waits; the oldest of an account and the oldest of all never do.
 */
import type { AccountId } from '../store/types.ts'
import { DataBudget, type DataShare } from './data-budget.ts'
import { MESSAGE_BYTES_HELD, MESSAGE_BYTES_HELD_OF_ACCOUNT } from './limits.ts'

export class MessageBudget {
  readonly #all: DataBudget
  readonly #ofAccount: number
  readonly #accounts = new Map<AccountId, { budget: DataBudget; shares: number }>()

  constructor(limits: { all: number; ofAccount: number }) {
    this.#all = new DataBudget(limits.all)
    this.#ofAccount = limits.ofAccount
  }

  /** For one command; to be released at its end. */
  open(accountId: AccountId): MessageShare {
    const account = this.#accounts.get(accountId) ?? { budget: new DataBudget(this.#ofAccount), shares: 0 }
    this.#accounts.set(accountId, account)
    account.shares++
    return new MessageShare(account.budget.open(), this.#all.open(), () => {
      if (--account.shares === 0) this.#accounts.delete(accountId)
    })
  }
}

/** For all sessions of the service that are not SMTP's. */
export function createMessageBudget(): MessageBudget {
  return new MessageBudget({ all: MESSAGE_BYTES_HELD, ofAccount: MESSAGE_BYTES_HELD_OF_ACCOUNT })
}

export class MessageShare {
  readonly #ofAccount: DataShare
  readonly #ofAll: DataShare
  readonly #closed: () => void
  #bytes = 0
  #open = true

  constructor(ofAccount: DataShare, ofAll: DataShare, closed: () => void) {
    this.#ofAccount = ofAccount
    this.#ofAll = ofAll
    this.#closed = closed
  }

  /** Whether more may be taken without waiting. */
  get isFree(): boolean {
    return this.#ofAccount.mayGoOn && this.#ofAll.mayGoOn
  }

  /** What is held from now on, more or less than before. */
  hold(bytes: number): void {
    if (!this.#open) return
    const more = bytes - this.#bytes
    this.#bytes = bytes
    for (const share of [this.#ofAccount, this.#ofAll])
      if (more > 0) share.add(more)
      else if (more < 0) share.giveBack(-more)
  }

  /** The same, waiting until more may be taken. */
  async take(bytes: number): Promise<void> {
    await this.whenFree(() => this.hold(bytes))
  }

  /** Resolves when more may be taken, or once it is released. `then` takes it before anyone else can. */
  async whenFree(then = (): void => {}): Promise<void> {
    while (this.#open && !this.isFree) {
      const full = this.#ofAccount.mayGoOn ? this.#ofAll : this.#ofAccount
      await new Promise<void>(resolve => full.whenFree(resolve))
    }
    then()
  }

  /** Gives all back, once. */
  release(): void {
    if (!this.#open) return
    this.#open = false
    this.#ofAccount.release()
    this.#ofAll.release()
    this.#closed()
  }
}
