/** CAPA (RFC 2449 §5). */
import { listing } from '../../../wire/pop3/reply.ts'
import type { Pop3Command } from '../command.ts'

export const capa: Pop3Command<'CAPA'> = {
  states: ['authorization', 'transaction'],
  async run(context) {
    const { connection, state, utf8, passwordsAllowed } = context
    return listing('Capabilities follow', [
      'TOP',
      'UIDL',
      // RFC 8314 §4.1 and RFC 2595 §6: not offered where passwords are not taken.
      ...(passwordsAllowed ? ['USER', 'SASL PLAIN'] : []),
      // RFC 2595 §4: only where it is permitted now; RFC 6856 §2.1: not after UTF8.
      ...(state === 'authorization' && !connection.secure && !utf8 ? ['STLS'] : []),
      'RESP-CODES',
      // RFC 3206 §6
      'AUTH-RESP-CODE',
      'PIPELINING',
      'UTF8 USER',
      'EXPIRE NEVER',
      'IMPLEMENTATION Facteur',
    ])
  },
}
