/** Whether what an account sent lies in the mailbox of what it sent already: filed by the service, or by a mail program. */
import type { Store } from '../../store/store.ts'
import type { MailboxRow, Uid } from '../../store/types.ts'
import { fieldText, readHeader } from '../../wire/mime/header.ts'
import { parseMessageId } from '../../wire/mime/message-id.ts'
import { isSubmittedOnTop } from '../../wire/smtp/received.ts'
import type { Once } from '../messages.ts'
import { SENT_LOOKED_AT } from './limits.ts'

/** Its Bcc and Cc fields stand above the one that was written as the message was submitted. */
function isFiledByService(bytes: Uint8Array): boolean {
  const first = readHeader(bytes).fields.find(({ name }) => name !== 'Bcc' && name !== 'Cc')
  return first !== undefined && isSubmittedOnTop(bytes.subarray(first.start))
}

export class SentCopies {
  readonly #store: Pick<Store, 'read'>

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store
  }

  /**
   * For a mail program that files what it has just sent: the copy of the service stands for its own. null where the service
   * files none there.
   */
  async once(mailbox: MailboxRow, bytes: Uint8Array): Promise<Once | null> {
    if (mailbox.specialUse !== 'sent') return null
    const rules = await this.#store.read('sendingRules.get', { accountId: mailbox.accountId })
    if (!rules?.filesSentCopy) return null
    // A message that has been on its way, such as a list's, is none that was just sent.
    const isOwn = !readHeader(bytes).fields.some(({ name }) => name.toLowerCase() === 'received')
    return { among: SENT_LOOKED_AT, isSame: there => isOwn && isFiledByService(there) }
  }

  /** By its Message-ID, among the last ones. */
  async find({ accountId, mailboxId }: MailboxRow, bytes: Uint8Array): Promise<Uid | null> {
    const field = readHeader(bytes).fields.find(({ name }) => name.toLowerCase() === 'message-id')
    const messageId = field ? parseMessageId(fieldText(bytes, field)) : ''
    if (messageId === '') return null
    return this.#store.read('message.recent', { accountId, mailboxId, messageId, among: SENT_LOOKED_AT })
  }
}
