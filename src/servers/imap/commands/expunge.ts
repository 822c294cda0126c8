/** EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 9051 §6.4.9, RFC 4315 §2.1). */
import { type ImapCommand, no, ok } from '../command.ts'
import { ToldProgress } from '../progress.ts'
import { ALL_UIDS } from '../ranges.ts'

export const expunge: ImapCommand<'EXPUNGE'> = {
  states: ['selected'],
  reports: 'expunged',
  async run(context, { set }, tag) {
    const { mailbox } = context
    if (mailbox.readOnly) return no('The mailbox is selected read-only', 'READ-ONLY')
    const uids = set === null ? [ALL_UIDS] : mailbox.view.rangesOf(context.resolve(set, true))
    // How many of them have \Deleted shows as they go.
    const progress = new ToldProgress(context, tag)
    const { uids: expunged, modseq } = await context.services.messages.expunge(mailbox, uids, true, progress)
    if (expunged.length === 0) return ok('EXPUNGE completed')
    mailbox.notice(modseq)
    context.own(modseq)
    // RFC 7162 §3.2.7: with QRESYNC the client learns the new HIGHESTMODSEQ.
    return ok('EXPUNGE completed', context.enabled.qresync ? { code: 'HIGHESTMODSEQ', value: modseq } : undefined)
  },
}
