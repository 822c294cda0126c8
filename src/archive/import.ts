/** Old mail put into mailboxes: folders are made as they are met, flags and dates are kept. */
import type { Mailboxes } from '../mail/mailboxes.ts'
import type { Messages } from '../mail/messages.ts'
import { StoreError } from '../store/store.ts'
import type { AccountId, Flags, MailboxRow, Uid } from '../store/types.ts'

export interface ImportTarget {
  accountId: AccountId
  mailbox: string
  flags: Flags
  internalDate: number | null
}

export class Importer {
  readonly #mailboxes: Mailboxes
  readonly #messages: Messages

  constructor(mailboxes: Mailboxes, messages: Messages) {
    this.#mailboxes = mailboxes
    this.#messages = messages
  }

  /** Rejects with MailboxNameError where the name can't be had, StoreError `over-quota` where there is no room. */
  async add({ accountId, mailbox, flags, internalDate }: ImportTarget, bytes: Uint8Array): Promise<{ uid: Uid }> {
    const { mailboxId } = await this.#mailbox(accountId, mailbox)
    const { uids } = await this.#messages.append({ accountId, mailboxId }, [{ bytes, flags, internalDate }])
    return { uid: uids[0] ?? 0 }
  }

  async #mailbox(accountId: AccountId, name: string): Promise<MailboxRow> {
    const existing = await this.#mailboxes.find(accountId, name)
    if (existing) return existing
    try {
      const created = await this.#mailboxes.create(accountId, name, null)
      // Programs that show subscribed mailboxes only would hide it.
      await this.#mailboxes.subscribe(accountId, name)
      return created
    } catch (error) {
      // Messages come several at once: another one made it.
      if (error instanceof StoreError && error.code === 'already-exists') return this.#mailboxes.get(accountId, name)
      throw error
    }
  }
}
