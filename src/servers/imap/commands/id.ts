/** ID (RFC 2971): what this is, without anything a stranger could use. */
import { id as idResponse } from '../../../wire/imap/responses.ts'
import { type ImapCommand, ok } from '../command.ts'

export const id: ImapCommand<'ID'> = {
  states: ['not-authenticated', 'authenticated', 'selected'],
  reports: 'all',
  async run(context, { parameters }) {
    const { output, services } = context
    context.clientName = nameIn(parameters ?? [])
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

/** What a client that tells before it signs in is called in the list of sign-ins. */
function nameIn(parameters: readonly (readonly [string, string | null])[]): string {
  const textOf = (wanted: string) => parameters.find(([field]) => field.toLowerCase() === wanted)?.[1] ?? ''
  return `${textOf('name')} ${textOf('version')}`.trim()
}
