/** REPLACE and UID REPLACE (RFC 8508): a message comes in the place of another, in one step of the store. */
import { StoreError } from '../../../store/store.ts'
import type { Uid } from '../../../store/types.ts'
import { untagged } from '../../../wire/imap/status-response.ts'
import { freeMemory } from '../../../wire/memory.ts'
import { bad, type ImapCommand, no, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { targetMailbox } from '../target.ts'
import { withNulInBase64 } from './append.ts'

export const replace: ImapCommand<'REPLACE'> = {
  states: ['selected'],
  // As EXPUNGE, also by sequence number.
  reports: 'expunged',
  async run(context, { uid: byUid, number, mailbox: name, message: sent }) {
    const { mailbox: source } = context
    if (source.readOnly) return no('The mailbox is selected read-only', 'READ-ONLY')
    // RFC 6855 §4.
    if (sent.utf8 && !context.enabled.utf8Accept) return bad('ENABLE UTF8=ACCEPT first')
    const uid = replacedUid(context, number, byUid)
    const target = await targetMailbox(context, name)
    const { messages, sentCopies } = context.services
    const [message] = await withNulInBase64([sent])
    const once = await sentCopies.once(target, message!.bytes)
    const { uidValidity, uids, modseq } = await orGone(messages.replace(source, uid, target, message!, once))
    // On disk by now.
    freeMemory(message!.bytes)
    source.notice(modseq)
    context.own(modseq, target.mailboxId, uids)
    // RFC 8508 §4.3: before the EXPUNGE or VANISHED.
    const code = { code: 'APPENDUID', uidValidity, uids: uids.map(each => [each, each] as const) } as const
    context.output.text(untagged('OK', 'Replaced', code))
    return ok('REPLACE completed')
  },
}

function replacedUid(context: ImapContext, number: number, byUid: boolean): Uid {
  const { view } = context.mailbox
  const [run] = view.resolve([[number, number]], byUid)
  if (!run) throw new Refusal(no('There is no such message to replace', 'NONEXISTENT'))
  return view.uidAt(run.first)
}

/** RFC 5530 §3: another session expunged it, and the client was not told yet. */
async function orGone<Done>(replaced: Promise<Done>): Promise<Done> {
  try {
    return await replaced
  } catch (error) {
    if (error instanceof StoreError && error.code === 'conflict')
      throw new Refusal(no('The message to replace is gone: nothing was done', 'EXPUNGEISSUED'))
    throw error
  }
}
