/** The items of STATUS, for the command and for LIST's return option (RFC 9051 §6.3.11, RFC 8438, RFC 7889, RFC 9208). */
import { Breather } from '../../mail/breather.ts'
import { mailboxObjectId } from '../../mail/object-id.ts'
import { Flag, type MailboxRow } from '../../store/types.ts'
import type { StatusItem } from '../../wire/imap/command.ts'
import { type StatusValue, status } from '../../wire/imap/responses.ts'
import type { ImapContext } from './context.ts'

export async function statusResponse(
  context: ImapContext,
  row: MailboxRow,
  items: readonly StatusItem[],
): Promise<string> {
  const values: StatusValue[] = []
  for (const item of items) values.push([item, await itemValue(item, row, context)])
  return status(row.name, values, context.utf8)
}

function itemValue(item: StatusItem, row: MailboxRow, context: ImapContext): Promise<number> | number | string {
  switch (item) {
    case 'MESSAGES':
      return row.messages
    case 'UIDNEXT':
      return row.uidNext
    case 'UIDVALIDITY':
      return row.uidValidity
    case 'UNSEEN':
      return row.unseen
    case 'DELETED':
      return row.deleted
    case 'SIZE':
      return row.sizeBytes
    case 'RECENT':
      return unheardOf(context, row)
    case 'DELETED-STORAGE':
      return deletedBytes(context, row)
    case 'HIGHESTMODSEQ':
      return row.highestModseq
    case 'APPENDLIMIT':
      return context.services.settings.appendLimit
    case 'MAILBOXID':
      return mailboxObjectId(row.mailboxId)
  }
}

/** RFC 3501 §6.3.10: messages that are \Recent to whoever selects the mailbox next. */
async function unheardOf({ services }: ImapContext, row: MailboxRow): Promise<number> {
  const { recentAbove: above, uidNext, messages } = row
  if (above === null || above >= uidNext - 1) return 0
  // Nobody was ever in it: there may be many.
  if (above === 0) return messages
  return (await services.messages.uids(row, above)).length
}

/** RFC 9208 §4.1.4: what expunging would free. Nothing keeps count of it, as no client is known to ask often. */
async function deletedBytes(context: ImapContext, row: MailboxRow): Promise<number> {
  let bytes = 0
  let left = row.deleted
  const breather = new Breather()
  for (let from = 1; left > 0; ) {
    const rows = await context.services.messages.rows(row, { from, to: 0xffffffff })
    const last = rows.at(-1)
    if (!last) break
    for (const message of rows)
      if (message.flags.system & Flag.Deleted) {
        bytes += message.sizeBytes
        left--
      }
    from = last.uid + 1
    await breather.pause()
  }
  return bytes
}
