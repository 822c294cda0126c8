/** CAPA (RFC 2449 §5). */
import { listing } from '../../../wire/pop3/reply.ts'
import type { Pop3Command } from '../command.ts'
import type { Pop3Context } from '../context.ts'

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
      `EXPIRE ${await expiry(context)}`,
      'IMPLEMENTATION Facteur',
    ])
  },
}

/** RFC 2449 §6.7: before sign-in the least that any mailbox has, and that they differ; then that of the mailbox. */
async function expiry(context: Pop3Context): Promise<string> {
  if (context.state === 'transaction') return String(context.maildrop.keepDays ?? 'NEVER')
  const least = await context.services.maildrops.leastKeepDays()
  return least === null ? 'NEVER' : `${least} USER`
}
