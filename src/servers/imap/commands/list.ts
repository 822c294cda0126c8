/** LIST (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154) and the LSUB of rev1 (RFC 3501 §6.3.9). */
import { Breather } from '../../../mail/breather.ts'
import { list as listResponse, listRoot, lsub } from '../../../wire/imap/responses.ts'
import { type ImapCommand, ok } from '../command.ts'
import { selectForList } from '../list-selection.ts'
import { statusResponse } from '../status.ts'

export const list: ImapCommand<'LIST'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { arguments: asked }) {
    const { output, utf8, accountId } = context
    const { mailboxes } = context.services
    if (asked.extended) context.listedExtended = true
    const completed = ok(`${asked.lsub ? 'LSUB' : 'LIST'} completed`)
    if (!asked.extended && asked.patterns[0] === '') {
      output.text(asked.lsub ? lsub({ name: '', attributes: ['\\Noselect'] }, utf8) : listRoot())
      return completed
    }
    const rows = await mailboxes.list(accountId)
    const wantsSubscriptions = asked.lsub || asked.select.subscribed || asked.return.subscribed
    const subscriptions = wantsSubscriptions ? await mailboxes.subscriptions(accountId) : []
    const items = asked.return.status
    if (items?.includes('HIGHESTMODSEQ')) context.enableCondstore()
    const breather = new Breather(context.whileConnected)
    for (const entry of await selectForList(rows, subscriptions, asked, breather)) {
      output.text((asked.lsub ? lsub : listResponse)(entry, utf8))
      if (items && entry.row) output.text(await statusResponse(context, entry.row, items))
      await output.drain()
      await breather.pause()
    }
    return completed
  },
}
