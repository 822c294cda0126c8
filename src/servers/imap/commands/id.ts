/** ID (RFC 2971): what this is, without anything a stranger could use. */
import { id as idResponse } from '../../../wire/imap/responses.ts'
import { type ImapCommand, ok } from '../command.ts'

export const id: ImapCommand<'ID'> = {
  states: ['not-authenticated', 'authenticated', 'selected'],
  reports: 'all',
  async run({ output, services }) {
    output.text(
      idResponse([
        ['name', 'Facteur'],
        ['vendor', 'Facteur'],
        ['version', services.settings.version],
      ]),
    )
    return ok('ID completed')
  },
}
