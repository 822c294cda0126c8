/** NOOP (RFC 1939 §5). */
import { ok } from '../../../wire/pop3/reply.ts'
import type { Pop3Command } from '../command.ts'

export const noop: Pop3Command<'NOOP'> = {
  states: ['transaction'],
  run: async () => ok('Nothing done'),
}
