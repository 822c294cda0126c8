/** IDLE (RFC 9051 §6.3.13, RFC 2177). */
import { continuation } from '../../../wire/imap/status-response.ts'
import { bad, type ImapCommand, ok } from '../command.ts'
import { reportChanges } from '../report.ts'

export const idle: ImapCommand<'IDLE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context) {
    // What was missed before, even without a notice of it.
    await reportChanges(context, { expunges: true, look: true })
    context.output.text(continuation('idling'))
    context.beginIdling()
    context.expectLine(async line => {
      context.idling = false
      const done = Buffer.from(line).toString('latin1').toUpperCase() === 'DONE'
      return done ? ok('IDLE completed') : bad('Expected DONE')
    })
    return null
  },
}
