/** DELE and RSET (RFC 1939 §5): marks, which QUIT makes good. */
import { ok } from '../../../wire/pop3/reply.ts'
import type { Pop3Command } from '../command.ts'

export const dele: Pop3Command<'DELE'> = {
  states: ['transaction'],
  async run(context, { message }) {
    context.maildrop.mark(context.position(message))
    return ok(`Message ${message} is deleted`)
  },
}

export const rset: Pop3Command<'RSET'> = {
  states: ['transaction'],
  async run({ maildrop }) {
    maildrop.unmarkAll()
    const { messages, bytes } = maildrop.summary
    return ok(`${messages} messages (${bytes} octets)`)
  },
}
