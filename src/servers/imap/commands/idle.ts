/** IDLE (RFC 9051 §6.3.13, RFC 2177). */
import { continuation } from '../../../wire/imap/status-response.ts'
import { bad, type ImapCommand, ok } from '../command.ts'

export const idle: ImapCommand<'IDLE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context) {
    // Before anything is told: many programs take what comes instead of "+" for a refusal.
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
