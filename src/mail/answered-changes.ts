/**
 * What changed in a mailbox, read once for all sessions that know as much of it: a person's programs wait side by side for
 * the same message.
 *
 * Invariant: what a session has heard of was on disk before. So an answer that was asked for by one that had heard of changes
 * up to `noticed` holds all that others wait for who heard of no more.
 */
import type { Store } from '../store/store.ts'
import type { AccountId, MailboxChanges, MailboxId, Modseq } from '../store/types.ts'
import { REMEMBERED_ANSWERS, REMEMBERED_CHANGES } from './limits.ts'

/** What a session knows of its mailbox: all changes, and what is gone, up to these; and the newest change it heard of. */
export interface KnownChanges {
  since: Modseq
  expungedSince: Modseq
  noticed: Modseq
}

interface Answer extends KnownChanges {
  changes: Promise<MailboxChanges | null>
}

export class AnsweredChanges {
  readonly #store: Pick<Store, 'read'>
  readonly #limit: number
  /** Of each mailbox the last one; those asked for longest ago are forgotten first. */
  readonly #answers = new Map<string, Answer>()

  /** `limit`: rows of an answer. */
  constructor(store: Pick<Store, 'read'>, limit: number) {
    this.#store = store
    this.#limit = limit
  }

  /** `fresh`: what is on disk now, even where it was not heard of. */
  since(
    { accountId, mailboxId }: { accountId: AccountId; mailboxId: MailboxId },
    known: KnownChanges,
    fresh: boolean,
  ): Promise<MailboxChanges | null> {
    const { since, expungedSince, noticed } = known
    const key = `${accountId}/${mailboxId}`
    const last = this.#answers.get(key)
    const isSame = last?.since === since && last.expungedSince === expungedSince
    if (last && isSame && last.noticed >= noticed && !fresh) return last.changes
    const changes = this.#store.read('mailbox.changes', {
      accountId,
      mailboxId,
      since,
      expungedSince,
      limit: this.#limit,
    })
    this.#remember(key, { ...known, changes })
    return changes
  }

  #remember(key: string, answer: Answer): void {
    this.#answers.delete(key)
    this.#answers.set(key, answer)
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= REMEMBERED_ANSWERS) break
      this.#answers.delete(oldest)
    }
    const forget = (): void => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key)
    }
    answer.changes.then(changes => {
      answer.noticed = Math.max(answer.noticed, changes?.highestModseq ?? 0)
      if (!changes || changes.changed.length + changes.expunged.length > REMEMBERED_CHANGES) forget()
    }, forget)
  }
}
