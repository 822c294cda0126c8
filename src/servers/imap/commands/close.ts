/** CLOSE (RFC 9051 §6.4.1) and UNSELECT (RFC 9051 §6.4.2). */
import { type ImapCommand, ok } from '../command.ts'
import { ALL_UIDS } from '../ranges.ts'

export const close: ImapCommand<'CLOSE'> = {
  states: ['selected'],
  reports: 'none',
  async run(context) {
    const { mailbox } = context
    if (!mailbox.readOnly && !mailbox.gone) await context.services.messages.expunge(mailbox, [ALL_UIDS], true)
    context.unselect()
    // RFC 7162 §3.2.8: without HIGHESTMODSEQ, and nothing is told of what was expunged.
    return ok('CLOSE completed')
  },
}

export const unselect: ImapCommand<'UNSELECT'> = {
  states: ['selected'],
  reports: 'none',
  async run(context) {
    context.unselect()
    return ok('UNSELECT completed')
  },
}
