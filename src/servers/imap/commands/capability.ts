/** CAPABILITY (RFC 9051 §6.1.1). */
import { capability as capabilityResponse } from '../../../wire/imap/responses.ts'
import { capabilities } from '../capabilities.ts'
import { type ImapCommand, ok } from '../command.ts'

export const capability: ImapCommand<'CAPABILITY'> = {
  states: ['not-authenticated', 'authenticated', 'selected'],
  reports: 'all',
  async run(context) {
    context.output.text(capabilityResponse(capabilities(context)))
    return ok('CAPABILITY completed')
  },
}
