/**
 * Tells sessions that an account changed. It carries no data: whoever hears it reads its own rows since the modseq it
 * knows, so that a lost or doubled notice does no harm.
 */
import type { AccountId, Modseq } from '../store/types.ts'

export interface ChangeNotice {
  accountId: AccountId
  modseq: Modseq
}

export interface Changes {
  publish(notice: ChangeNotice): void
  /** Returns the function that ends the subscription. */
  subscribe(accountId: AccountId, listener: (notice: ChangeNotice) => void): () => void
}

export interface AllChanges extends Changes {
  /** The changes of all accounts that this process makes. */
  subscribeAll(listener: (notice: ChangeNotice) => void): () => void
}

/** Within one process. */
export class LocalChanges implements AllChanges {
  readonly #listeners = new Map<AccountId, Set<(notice: ChangeNotice) => void>>()
  readonly #ofAll = new Set<(notice: ChangeNotice) => void>()

  publish(notice: ChangeNotice): void {
    for (const listener of this.#ofAll) listener(notice)
    this.tell(notice)
  }

  /** Those who listen to the account alone. */
  tell(notice: ChangeNotice): void {
    const listeners = this.#listeners.get(notice.accountId)
    if (listeners) for (const listener of listeners) listener(notice)
  }

  subscribeAll(listener: (notice: ChangeNotice) => void): () => void {
    this.#ofAll.add(listener)
    return () => this.#ofAll.delete(listener)
  }

  subscribe(accountId: AccountId, listener: (notice: ChangeNotice) => void): () => void {
    let listeners = this.#listeners.get(accountId)
    if (!listeners) this.#listeners.set(accountId, (listeners = new Set()))
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(accountId)
    }
  }
}
