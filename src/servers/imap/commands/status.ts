/** STATUS (RFC 9051 §6.3.11). */
import { type ImapCommand, ok } from '../command.ts'
import { statusResponse } from '../status.ts'

export const status: ImapCommand<'STATUS'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { mailbox: name, items }) {
    const row = await context.services.mailboxes.get(context.accountId, name)
    // RFC 7162 §3.1: asking for it is a CONDSTORE enabling command.
    if (items.includes('HIGHESTMODSEQ')) context.enableCondstore()
    context.output.text(await statusResponse(context, row, items))
    return ok('STATUS completed')
  },
}
