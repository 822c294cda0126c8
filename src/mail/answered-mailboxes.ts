/**
 * Which mailboxes of an account changed, read once for all sessions that know as much of it: as answered-changes.ts has it of
 * the messages of one, by the same invariant.
 */
import type { Queries, Store } from '../store/store.ts'
import type { AccountId, Modseq } from '../store/types.ts'
import { REMEMBERED_ANSWERS, REMEMBERED_CHANGES } from './limits.ts'
import { Remembered } from './remembered.ts'

export type ChangedMailboxes = Queries['mailbox.changedSince']['result']

/** What a session knows: all changes up to `since`; and the newest it heard of. */
export interface KnownMailboxes {
  since: Modseq
  noticed: Modseq
}

interface Answer extends KnownMailboxes {
  found: Promise<ChangedMailboxes>
}

export class AnsweredMailboxes {
  readonly #store: Pick<Store, 'read'>
  /** Of each account the last one; those asked for longest ago are forgotten first. */
  readonly #answers = new Remembered<AccountId, Answer>(REMEMBERED_ANSWERS)

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store
  }

  /** `fresh`: what is on disk now, even where it was not heard of. */
  since(accountId: AccountId, { since, noticed }: KnownMailboxes, fresh: boolean): Promise<ChangedMailboxes> {
    const last = this.#answers.get(accountId)
    if (last?.since === since && last.noticed >= noticed && !fresh) return last.found
    const found = this.#store.read('mailbox.changedSince', { accountId, since })
    this.#remember(accountId, { since, noticed, found })
    return found
  }

  #remember(accountId: AccountId, answer: Answer): void {
    this.#answers.set(accountId, answer)
    const forget = (): void => {
      if (this.#answers.get(accountId) === answer) this.#answers.delete(accountId)
    }
    answer.found.then(({ changed }) => {
      for (const { highestModseq } of changed) answer.noticed = Math.max(answer.noticed, highestModseq)
      if (changed.length > REMEMBERED_CHANGES) forget()
    }, forget)
  }
}
