/** ENABLE (RFC 9051 §6.3.1, RFC 5161). */
import { enabled as enabledResponse } from '../../../wire/imap/responses.ts'
import { type ImapCommand, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'

export const enable: ImapCommand<'ENABLE'> = {
  // RFC 9051 §6.3.1: before any mailbox is selected.
  states: ['authenticated'],
  reports: 'all',
  async run(context, { capabilities }) {
    const asked = [...new Set(capabilities)]
    // What can't be enabled is passed over (RFC 5161 §3.1).
    const done = asked.flatMap(name => {
      const extension = extensions.get(name)
      extension?.switchOn(context)
      return extension ? [extension.name] : []
    })
    context.output.text(enabledResponse(done))
    return ok('ENABLE completed')
  },
}

interface Extension {
  name: string
  switchOn(context: ImapContext): void
}

const extensions: ReadonlyMap<string, Extension> = new Map(
  [
    {
      name: 'CONDSTORE',
      switchOn: (context: ImapContext) => context.enableCondstore(),
    },
    {
      // RFC 7162 §3.2.3: QRESYNC is CONDSTORE and more.
      name: 'QRESYNC',
      switchOn(context: ImapContext) {
        context.enableCondstore()
        context.enabled.qresync = true
      },
    },
    {
      name: 'UTF8=ACCEPT',
      switchOn(context: ImapContext) {
        context.enabled.utf8Accept = true
        context.receiver.setUtf8()
      },
    },
    {
      name: 'IMAP4rev2',
      switchOn(context: ImapContext) {
        context.enabled.rev2 = true
        context.receiver.setUtf8()
      },
    },
    {
      name: 'UIDONLY',
      switchOn(context: ImapContext) {
        context.enabled.uidOnly = true
      },
    },
  ].map(extension => [extension.name.toUpperCase(), extension]),
)
