/** ENABLE (RFC 9051 §6.3.1, RFC 5161). */
import { enabled as enabledResponse } from '../../../wire/imap/responses.ts'
import { type ImapCommand, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'

export const enable: ImapCommand<'ENABLE'> = {
  // RFC 9051 §6.3.1: before any mailbox is selected.
  states: ['authenticated'],
  reports: 'all',
  async run(context, { capabilities }) {
    const asked = [...new Set(capabilities)]
    // What can't be enabled is passed over (RFC 5161 §3.1).
    context.output.text(enabledResponse(asked.filter(name => switchOn[name]?.(context))))
    return ok('ENABLE completed')
  },
}

/** Each returns whether it is on now. */
const switchOn: Record<string, (context: ImapContext) => boolean> = {
  CONDSTORE(context) {
    context.enableCondstore()
    return true
  },
  // RFC 7162 §3.2.3: QRESYNC is CONDSTORE and more.
  QRESYNC(context) {
    context.enableCondstore()
    context.enabled.qresync = true
    return true
  },
  'UTF8=ACCEPT'(context) {
    context.enabled.utf8Accept = true
    context.receiver.setUtf8()
    return true
  },
  IMAP4REV2(context) {
    context.enabled.rev2 = true
    context.receiver.setUtf8()
    return true
  },
}
