/** UTF8 (RFC 6856 §2.1). */
import { ok } from '../../../wire/pop3/reply.ts'
import type { Pop3Command } from '../command.ts'

export const utf8: Pop3Command<'UTF8'> = {
  states: ['authorization'],
  async run(context) {
    context.utf8 = true
    return ok('UTF-8 from here on')
  },
}
