/** Whether what an account sent lies in the mailbox of what it sent already: filed by the service, or by a mail program. */
import type { Store } from '../../store/store.ts'
import type { MailboxRow, Uid } from '../../store/types.ts'
import { fieldText, readHeader } from '../../wire/mime/header.ts'
import { parseMessageId } from '../../wire/mime/message-id.ts'
import { SENT_LOOKED_AT } from './limits.ts'

export class SentCopies {
  readonly #store: Pick<Store, 'read'>

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store
  }

  /**
   * For a mail program that files what it has just sent: among how many of the last ones of the mailbox the copy of the
   * service stands for its own. null where the service files none there.
   */
  async onceAmong(mailbox: MailboxRow): Promise<number | null> {
    if (mailbox.specialUse !== 'sent') return null
    const rules = await this.#store.read('sendingRules.get', { accountId: mailbox.accountId })
    return rules?.filesSentCopy ? SENT_LOOKED_AT : null
  }

  /** By its Message-ID, among the last ones. */
  async find({ accountId, mailboxId }: MailboxRow, bytes: Uint8Array): Promise<Uid | null> {
    const field = readHeader(bytes).fields.find(({ name }) => name.toLowerCase() === 'message-id')
    const messageId = field ? parseMessageId(fieldText(bytes, field)) : ''
    if (messageId === '') return null
    return this.#store.read('message.recent', { accountId, mailboxId, messageId, among: SENT_LOOKED_AT })
  }
}
