/** STARTTLS (RFC 9051 §6.2.1). */
import { bad, type ImapCommand, ok } from '../command.ts'

export const startTls: ImapCommand<'STARTTLS'> = {
  states: ['not-authenticated'],
  reports: 'none',
  async run(context) {
    if (context.connection.secure) return bad('TLS is active already')
    context.afterCompletion = () => {
      // What came before the handshake is not the client's word any more.
      context.receiver.reset()
      return context.connection.startTls()
    }
    return ok('Begin TLS negotiation now')
  },
}
