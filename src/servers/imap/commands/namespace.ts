/** NAMESPACE (RFC 9051 §6.3.10): all mailboxes are the account's own. */
import { namespace as namespaceResponse } from '../../../wire/imap/responses.ts'
import { type ImapCommand, ok } from '../command.ts'

export const namespace: ImapCommand<'NAMESPACE'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context) {
    context.output.text(namespaceResponse())
    return ok('NAMESPACE completed')
  },
}
