/**
 * Who is told of new messages first (RFC 3501 §2.3.2). The store knows, for all processes; of those that wait side by side in this one, the
 * first asks it, and the others need not.
 */
import type { Store } from '../store/store.ts'
import type { AccountId, MailboxId, Uid } from '../store/types.ts'
import { REMEMBERED_ANSWERS } from './limits.ts'
import { Remembered } from './remembered.ts'

interface InMailbox {
  accountId: AccountId
  mailboxId: MailboxId
}

const keyOf = ({ accountId, mailboxId }: InMailbox): string => `${accountId}/${mailboxId}`

export class RecentMarks {
  readonly #store: Pick<Store, 'write'>
  /** Up to where a session of this process took the messages of a mailbox; those taken longest ago are forgotten first. */
  readonly #taken = new Remembered<string, Uid>(REMEMBERED_ANSWERS)

  constructor(store: Pick<Store, 'write'>) {
    this.#store = store
  }

  /** Whether somebody here took all messages up to that one, or does so now. */
  areTaken(mailbox: InMailbox, upTo: Uid): boolean {
    return (this.#taken.get(keyOf(mailbox)) ?? 0) >= upTo
  }

  /** See `mailbox.takeRecent`: resolves with the UID above which, up to `upTo`, the messages are the caller's. */
  async take(mailbox: InMailbox, upTo: Uid): Promise<Uid> {
    const { accountId, mailboxId } = mailbox
    const key = keyOf(mailbox)
    this.#taken.set(key, upTo)
    try {
      return (await this.#store.write('mailbox.takeRecent', { accountId, mailboxId, upTo })).above
    } catch (error) {
      this.#taken.delete(key)
      throw error
    }
  }
}
