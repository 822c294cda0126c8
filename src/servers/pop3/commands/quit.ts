/** QUIT (RFC 1939 §4 and §6): the only command that removes messages. */
import { ok } from '../../../wire/pop3/reply.ts'
import type { Pop3Command } from '../command.ts'
import { type Pop3Context, Refusal } from '../context.ts'

export const quit: Pop3Command<'QUIT'> = {
  states: ['authorization', 'transaction'],
  async run(context) {
    context.ending = true
    if (context.state === 'transaction') await update(context)
    return ok('Goodbye')
  },
}

async function update(context: Pop3Context): Promise<void> {
  const { maildrop, services, connection } = context
  try {
    context.removed = await maildrop.removeMarked()
    await context.noteRetrieved(maildrop)
  } catch (error) {
    services.log.error({ connection: connection.id, user: context.user, err: error }, 'deleted messages not removed')
    throw new Refusal('The deleted messages could not be removed: nothing was changed', 'SYS/TEMP')
  } finally {
    // Before the answer: the client may be back at once.
    maildrop.close()
  }
}
