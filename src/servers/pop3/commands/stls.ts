/** STLS (RFC 2595 §4). */
import { ok } from '../../../wire/pop3/reply.ts'
import type { Pop3Command } from '../command.ts'
import { Refusal } from '../context.ts'

export const stls: Pop3Command<'STLS'> = {
  states: ['authorization'],
  async run(context) {
    if (context.connection.secure) throw new Refusal('TLS is active already')
    // RFC 6856 §2.1
    if (context.utf8) throw new Refusal('STLS comes before UTF8')
    context.afterReply = () => {
      // What came before the handshake is not the client's word any more.
      context.receiver.reset()
      context.pendingUser = null
      return context.connection.startTls()
    }
    return ok('Begin TLS negotiation now')
  },
}
