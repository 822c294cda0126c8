/** NOTIFY (RFC 5465 §3.1). */
import { notifyEvents } from '../../../wire/imap/notify.ts'
import { type ImapCommand, no, ok } from '../command.ts'

export const notify: ImapCommand<'NOTIFY'> = {
  states: ['authenticated', 'selected'],
  // What gathered in the selected mailbox is told at once.
  reports: 'look',
  async run(context, { set }) {
    if (set?.unknownEvents) return no('There is no such event here', { code: 'BADEVENT', events: notifyEvents })
    if (!(await context.setNotify(set?.groups ?? null)))
      return no('These are more mailboxes than are watched at once', 'NOTIFICATIONOVERFLOW')
    if (set?.status) await context.notify?.tellStates(context)
    return ok('NOTIFY completed')
  },
}
