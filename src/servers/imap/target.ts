/** The mailbox that APPEND, COPY or MOVE puts messages into. */
import type { MailboxRow } from '../../store/types.ts'
import { no } from './command.ts'
import type { ImapContext } from './context.ts'
import { Refusal } from './errors.ts'

export async function targetMailbox(context: ImapContext, name: string): Promise<MailboxRow> {
  const mailbox = await context.services.mailboxes.find(context.accountId, name)
  // RFC 9051 §6.3.12: the client may create it and try again.
  if (!mailbox) throw new Refusal(no('There is no mailbox of that name', 'TRYCREATE'))
  return mailbox
}
