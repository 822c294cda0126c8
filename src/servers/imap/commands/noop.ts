/** NOOP (RFC 9051 §6.1.2) and the CHECK of rev1 (RFC 3501 §6.4.1): all there is to do is to tell of changes. */
import { type ImapCommand, ok } from '../command.ts'

export const noop: ImapCommand<'NOOP'> = {
  states: ['not-authenticated', 'authenticated', 'selected'],
  reports: 'look',
  run: async () => ok('NOOP completed'),
}

export const check: ImapCommand<'CHECK'> = {
  states: ['selected'],
  reports: 'look',
  run: async () => ok('CHECK completed'),
}
