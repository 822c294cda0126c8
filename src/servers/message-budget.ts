/**
 * Memory for messages that sessions hold: those that clients are sending, and those on their way to a client. One budget
 * for all and one for each holder, so that an account or address with many connections waits behind itself. Who wants more
 * than there is waits; the oldest of a holder and the oldest of all never do.
 */
import type { AccountId } from '../store/types.ts'
import { BlockPool } from './block-pool.ts'
import { DataBudget, type DataShare } from './data-budget.ts'
import { MESSAGE_BYTES_HELD, MESSAGE_BYTES_HELD_OF_ACCOUNT } from './limits.ts'

/** An account, or of strangers where they come from; null: held to what there is for all alone. */
export type Holder = AccountId | string | null

export class MessageBudget {
  readonly blocks = new BlockPool()
  readonly #all: DataBudget
  readonly #ofOne: number
  readonly #holders = new Map<Holder, { budget: DataBudget; shares: number }>()

  constructor(limits: { all: number; ofOne: number }) {
    this.#all = new DataBudget(limits.all)
    this.#ofOne = limits.ofOne
  }

  /** Whether a new message has to be put off. */
  isFullFor(holder: Holder): boolean {
    return this.#all.full || (this.#holders.get(holder)?.budget.full ?? false)
  }

  /** For one command or message; to be released at its end. */
  open(holder: Holder): MessageShare {
    if (holder === null) return new MessageShare([this.#all.open()], () => {})
    const one = this.#holders.get(holder) ?? { budget: new DataBudget(this.#ofOne), shares: 0 }
    this.#holders.set(holder, one)
    one.shares++
    return new MessageShare([one.budget.open(), this.#all.open()], () => {
      if (--one.shares === 0) this.#holders.delete(holder)
    })
  }
}

/** For all sessions of the service that are not SMTP's. */
export function createMessageBudget(): MessageBudget {
  return new MessageBudget({ all: MESSAGE_BYTES_HELD, ofOne: MESSAGE_BYTES_HELD_OF_ACCOUNT })
}

export class MessageShare {
  /** Of the holder, and of all. */
  readonly #shares: readonly DataShare[]
  readonly #closed: () => void
  #bytes = 0
  #open = true

  constructor(shares: readonly DataShare[], closed: () => void) {
    this.#shares = shares
    this.#closed = closed
  }

  /** Whether more may be taken without waiting. */
  get isFree(): boolean {
    return this.#full === undefined
  }

  get #full(): DataShare | undefined {
    return this.#shares.find(({ mayGoOn }) => !mayGoOn)
  }

  /** What is held from now on, more or less than before. */
  hold(bytes: number): void {
    if (!this.#open) return
    const more = bytes - this.#bytes
    this.#bytes = bytes
    for (const share of this.#shares)
      if (more > 0) share.add(more)
      else if (more < 0) share.giveBack(-more)
  }

  /** The same, waiting until more may be taken. */
  async take(bytes: number): Promise<void> {
    await this.whenFree(() => this.hold(bytes))
  }

  /** Resolves when more may be taken, or once it is released. `then` takes it before anyone else can. */
  async whenFree(then = (): void => {}): Promise<void> {
    for (let full = this.#full; this.#open && full; full = this.#full) {
      const waited = full
      await new Promise<void>(resolve => waited.whenFree(resolve))
    }
    then()
  }

  /** Gives all back, once. */
  release(): void {
    if (!this.#open) return
    this.#open = false
    for (const share of this.#shares) share.release()
    this.#closed()
  }
}
