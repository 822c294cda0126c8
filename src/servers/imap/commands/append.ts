/** APPEND (RFC 9051 §6.3.12) of one message or several at once (RFC 3502); APPENDUID (RFC 4315 §3). */
import { rangesOf } from '../../../wire/imap/number-set.ts'
import { freeMemory } from '../../../wire/memory.ts'
import { bad, type ImapCommand, ok } from '../command.ts'
import { targetMailbox } from '../target.ts'

export const append: ImapCommand<'APPEND'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name, messages }) {
    // RFC 6855 §4: the data item belongs to those who enabled it.
    if (messages.some(({ utf8 }) => utf8) && !context.enabled.utf8Accept) return bad('ENABLE UTF8=ACCEPT first')
    const target = await targetMailbox(context, name)
    const { messages: appended, sentCopies } = context.services
    const once = messages.length === 1 ? await sentCopies.once(target, messages[0]!.bytes) : null
    const { uidValidity, uids, modseq, isThere } = await appended.append(target, messages, once)
    // On disk by now.
    for (const { bytes } of messages) freeMemory(bytes)
    const code = { code: 'APPENDUID', uidValidity, uids: rangesOf(uids) } as const
    if (isThere) return ok('APPEND completed: it is there already', code)
    context.selected?.notice(modseq)
    return ok('APPEND completed', code)
  },
}
