/** APPEND (RFC 9051 §6.3.12) of one message or several at once (RFC 3502); APPENDUID (RFC 4315 §3). */
import { Breather } from '../../../mail/breather.ts'
import type { AppendMessage } from '../../../wire/imap/command.ts'
import { rangesOf } from '../../../wire/imap/number-set.ts'
import { freeMemory } from '../../../wire/memory.ts'
import { nulInBase64 } from '../../../wire/mime/nul-in-base64.ts'
import { bad, type ImapCommand, ok } from '../command.ts'
import { hasNul } from '../nul-octets.ts'
import { targetMailbox } from '../target.ts'

export const append: ImapCommand<'APPEND'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name, messages: sent }) {
    // RFC 6855 §4: the data item belongs to those who enabled it.
    if (sent.some(({ utf8 }) => utf8) && !context.enabled.utf8Accept) return bad('ENABLE UTF8=ACCEPT first')
    const target = await targetMailbox(context, name)
    const { messages: appended, sentCopies } = context.services
    const messages = await withNulInBase64(sent)
    const once = messages.length === 1 ? await sentCopies.once(target, messages[0]!.bytes) : null
    const { uidValidity, uids, modseq, isThere } = await appended.append(target, messages, once)
    // On disk by now.
    for (const { bytes } of messages) freeMemory(bytes)
    const code = { code: 'APPENDUID', uidValidity, uids: rangesOf(uids) } as const
    if (isThere) return ok('APPEND completed: it is there already', code)
    context.selected?.notice(modseq)
    context.own(modseq, target.mailboxId, uids)
    return ok('APPEND completed', code)
  },
}

/** What BODY is to give back whole as well (RFC 3516 §6): of the literals only literal8 holds NUL octets. */
export async function withNulInBase64(messages: readonly AppendMessage[]): Promise<AppendMessage[]> {
  const breather = new Breather()
  const kept: AppendMessage[] = []
  for (const message of messages) {
    const pieces: Uint8Array[] = []
    if (message.binary && hasNul(message.bytes))
      for (const piece of nulInBase64(message.bytes)) {
        pieces.push(piece)
        await breather.pause()
      }
    const bytes = pieces.length > 1 ? Buffer.concat(pieces) : message.bytes
    if (bytes !== message.bytes) freeMemory(message.bytes)
    kept.push({ ...message, bytes })
  }
  return kept
}
