/**
 * What changed in a mailbox, read once for all sessions that know as much of it: a person's programs wait side by side for
 * the same message.
 *
 * Invariant: what a session has heard of was on disk before. So an answer that was asked for by one that had heard of changes
 * up to `noticed` holds all that others wait for who heard of no more.
 */
import type { Store } from '../store/store.ts'
import type { AccountId, MailboxChanges, MailboxId, MessageRow, Modseq, Uid } from '../store/types.ts'
import { REMEMBERED_ANSWERS, REMEMBERED_CHANGES, REMEMBERED_PAGES } from './limits.ts'
import { Remembered } from './remembered.ts'

/** What a session knows of its mailbox: all changes, and what is gone, up to these; and the newest change it heard of. */
export interface KnownChanges {
  since: Modseq
  expungedSince: Modseq
  noticed: Modseq
}

export interface ReadChanges extends MailboxChanges {
  /** `changed` goes on behind that UID: the next page, of what is there now. */
  changedAfter(uid: Uid): Promise<MessageRow[]>
}

interface InMailbox {
  accountId: AccountId
  mailboxId: MailboxId
}

interface Answer extends KnownChanges {
  changes: Promise<ReadChanges | null>
}

export class AnsweredChanges {
  readonly #store: Pick<Store, 'read'>
  readonly #limit: number
  /** Of each mailbox the last one; those asked for longest ago are forgotten first. */
  readonly #answers = new Remembered<string, Answer>(REMEMBERED_ANSWERS)
  /** The mailbox that has a long one. */
  #long: string | null = null

  /** `limit`: rows of an answer, and of each page behind it. */
  constructor(store: Pick<Store, 'read'>, limit: number) {
    this.#store = store
    this.#limit = limit
  }

  /** `fresh`: what is on disk now, even where it was not heard of. */
  since({ accountId, mailboxId }: InMailbox, known: KnownChanges, fresh: boolean): Promise<ReadChanges | null> {
    const { since, expungedSince, noticed } = known
    const key = `${accountId}/${mailboxId}`
    const last = this.#answers.get(key)
    const isSame = last?.since === since && last.expungedSince === expungedSince
    if (last && isSame && last.noticed >= noticed && !fresh) return last.changes
    const changes = this.#read({ accountId, mailboxId }, known)
    this.#remember(key, { ...known, changes })
    return changes
  }

  async #read(mailbox: InMailbox, { since, expungedSince }: KnownChanges): Promise<ReadChanges | null> {
    const limit = this.#limit
    const changes = await this.#store.read('mailbox.changes', { ...mailbox, since, expungedSince, limit })
    const page = (after: Uid) => this.#store.read('message.changedSince', { ...mailbox, since, after, limit })
    return changes && { ...changes, changedAfter: remembered(page) }
  }

  #remember(key: string, answer: Answer): void {
    this.#answers.set(key, answer)
    const forget = (): void => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key)
    }
    answer.changes.then(changes => {
      answer.noticed = Math.max(answer.noticed, changes?.highestModseq ?? 0)
      if (!changes) forget()
      else if (changes.changed.length + changes.expunged.length > REMEMBERED_CHANGES) this.#keepOneLong(key)
    }, forget)
  }

  #keepOneLong(key: string): void {
    if (this.#long !== null && this.#long !== key) this.#answers.delete(this.#long)
    this.#long = key
  }
}

/** What is read lies beside the answer itself, and holds all that it holds: it was read after it. */
function remembered(read: (after: Uid) => Promise<MessageRow[]>): ReadChanges['changedAfter'] {
  const pages = new Map<Uid, Promise<MessageRow[]>>()
  return after => {
    const known = pages.get(after)
    if (known) return known
    const page = read(after)
    if (pages.size >= REMEMBERED_PAGES) return page
    pages.set(after, page)
    page.catch(() => pages.delete(after))
    return page
  }
}
