/** LOGOUT (RFC 9051 §6.1.3). */
import { type ImapCommand, ok } from '../command.ts'

export const logout: ImapCommand<'LOGOUT'> = {
  states: ['not-authenticated', 'authenticated', 'selected'],
  reports: 'none',
  async run(context) {
    context.end('Until next time')
    return ok('LOGOUT completed')
  },
}
