/**
 * Old mail put into mailboxes: folders are made as they are met, flags and dates are kept. What a folder has already is passed
 * over: whoever moves here imports once before the MX changes, and once after.
 */
import { newMailboxName } from '../mail/mailbox-name.ts'
import type { Mailboxes } from '../mail/mailboxes.ts'
import type { Messages } from '../mail/messages.ts'
import { StoreError } from '../store/store.ts'
import type { AccountId, Flags, MailboxRow } from '../store/types.ts'

export interface ImportBatch {
  accountId: AccountId
  mailbox: string
  /** In the order they get their UIDs in. */
  messages: { flags: Flags; internalDate: number; bytes: Uint8Array }[]
}

export class Importer {
  readonly #mailboxes: Mailboxes
  readonly #messages: Messages

  constructor(mailboxes: Mailboxes, messages: Messages) {
    this.#mailboxes = mailboxes
    this.#messages = messages
  }

  /** All that the folder doesn't have, or none; how many they are, and how many whose bytes were damaged here are whole again. Rejects with MailboxNameError where the name can't be had, StoreError `over-quota` where there is no room. */
  async add({ accountId, mailbox, messages }: ImportBatch): Promise<{ imported: number; restored: number }> {
    const { mailboxId } = await this.#mailbox(accountId, mailbox)
    const { appended, restored } = await this.#messages.appendLacking({ accountId, mailboxId }, messages)
    return { imported: appended, restored }
  }

  async #mailbox(accountId: AccountId, given: string): Promise<MailboxRow> {
    const name = newMailboxName(given)
    const existing = await this.#mailboxes.find(accountId, name)
    if (existing) return existing
    try {
      const created = await this.#mailboxes.create(accountId, name, null)
      // Programs that show subscribed mailboxes only would hide it.
      await this.#mailboxes.subscribe(accountId, name)
      return created
    } catch (error) {
      // A client of the mailbox made it just now.
      if (error instanceof StoreError && error.code === 'already-exists') return this.#mailboxes.get(accountId, name)
      throw error
    }
  }
}
