/** UNAUTHENTICATE (RFC 8437): the connection is for whoever signs in next, and nothing of this one is left on it. */
import { capabilities } from '../capabilities.ts'
import { bad, type ImapCommand, ok } from '../command.ts'

export const unauthenticate: ImapCommand<'UNAUTHENTICATE'> = {
  states: ['authenticated', 'selected'],
  // RFC 8437 §3: nothing is told of the mailbox that was selected.
  reports: 'none',
  async run(context) {
    // The client's DEFLATE ends behind the command (RFC 8437 §4.1), where the stream does not show it: what is read behind it would
    // mean nothing. Not announced any more, and the end that RFC 8437 §3 allows.
    if (context.compressed) {
      context.end('A compressed connection is not signed out of')
      return bad('UNAUTHENTICATE is not possible under DEFLATE')
    }
    context.signOut()
    return ok('Signed out', { code: 'CAPABILITY', capabilities: capabilities(context) })
  },
}
