/** STAT, LIST (RFC 1939 §5) and UIDL (§7). Messages marked as deleted are left out. */
import { Breather } from '../../../mail/breather.ts'
import { END, ok } from '../../../wire/pop3/reply.ts'
import type { Pop3Command } from '../command.ts'
import type { Pop3Context } from '../context.ts'
import { LISTED_AT_ONCE } from '../limits.ts'

export const stat: Pop3Command<'STAT'> = {
  states: ['transaction'],
  async run({ maildrop }) {
    const { messages, bytes } = maildrop.summary
    return ok(`${messages} ${bytes}`)
  },
}

export const list: Pop3Command<'LIST'> = {
  states: ['transaction'],
  async run(context, { message }) {
    const { maildrop } = context
    const size = (position: number): string => `${position + 1} ${maildrop.sizeOf(position)}`
    if (message !== null) return ok(size(context.position(message)))
    const { messages, bytes } = maildrop.summary
    return listed(context, `${messages} messages (${bytes} octets)`, size)
  },
}

export const uidl: Pop3Command<'UIDL'> = {
  states: ['transaction'],
  async run(context, { message }) {
    const { maildrop } = context
    const uniqueId = (position: number): string => `${position + 1} ${maildrop.uniqueIdOf(position)}`
    if (message !== null) return ok(uniqueId(context.position(message)))
    return listed(context, 'Unique-ids follow', uniqueId)
  },
}

/** Writes the lines as they are made; returns the last of the answer. */
async function listed(context: Pop3Context, text: string, line: (position: number) => string): Promise<string> {
  const { maildrop, connection } = context
  const breather = new Breather()
  let lines = ok(text)
  for (let position = 0; position < maildrop.length; position++) {
    if (!maildrop.isMarked(position)) lines += `${line(position)}\r\n`
    if (position % LISTED_AT_ONCE < LISTED_AT_ONCE - 1) continue
    await connection.write(lines)
    lines = ''
    await breather.pause()
  }
  return lines + END
}
