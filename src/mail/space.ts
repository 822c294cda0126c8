/** What an account's mail takes of its space, folder by folder, and getting some of it back. */
import type { AccountId, MailboxRow } from '../store/types.ts'
import type { Mailboxes } from './mailboxes.ts'
import type { Messages } from './messages.ts'

export interface SpaceUsed {
  usedBytes: number
  /** null: no limit. */
  quotaBytes: number | null
  messages: number
  /** Those with something in them, largest first. */
  folders: Pick<MailboxRow, 'name' | 'specialUse' | 'messages' | 'sizeBytes'>[]
}

export type Emptied = 'trash' | 'junk'

export class MailSpace {
  readonly #mailboxes: Mailboxes
  readonly #messages: Messages

  constructor(mailboxes: Mailboxes, messages: Messages) {
    this.#mailboxes = mailboxes
    this.#messages = messages
  }

  /** null where the account is gone. */
  async of(accountId: AccountId): Promise<SpaceUsed | null> {
    const [account, mailboxes] = await Promise.all([
      this.#mailboxes.account(accountId),
      this.#mailboxes.list(accountId),
    ])
    if (!account) return null
    const { usedBytes, quotaBytes, messages } = account
    const folders = mailboxes
      .filter(mailbox => mailbox.messages > 0)
      .map(({ name, specialUse, messages, sizeBytes }) => ({ name, specialUse, messages, sizeBytes }))
      .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
    return { usedBytes, quotaBytes, messages, folders }
  }

  /**
   * Removes what is in the folder now, for good; what arrives meanwhile stays. Open sessions of IMAP are told as of any
   * change. null where the account has no such folder.
   */
  async empty(accountId: AccountId, specialUse: Emptied): Promise<{ messages: number } | null> {
    const mailbox = (await this.#mailboxes.list(accountId)).find(found => found.specialUse === specialUse)
    if (!mailbox) return null
    const { uids } = await this.#messages.expunge(mailbox, [{ from: 1, to: mailbox.uidNext - 1 }], false)
    return { messages: uids.length }
  }
}
