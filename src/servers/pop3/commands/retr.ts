/** RETR (RFC 1939 §5) and TOP (§7). */
import { Breather } from '../../../mail/breather.ts'
import { onTheWire, topOf } from '../../../wire/pop3/message.ts'
import { END, ok } from '../../../wire/pop3/reply.ts'
import { asciiHeaders } from '../../../wire/pop3/surrogate.ts'
import type { Pop3Command } from '../command.ts'
import { type Pop3Context, Refusal } from '../context.ts'

export const retr: Pop3Command<'RETR'> = {
  states: ['transaction'],
  async run(context, { message }) {
    const bytes = await read(context, message)
    context.retrieved++
    noteRead(context, bytes)
    const end = await sent(context, `${bytes.length} octets`, bytes)
    context.maildrop.retrieved(message - 1)
    return end
  },
}

export const top: Pop3Command<'TOP'> = {
  states: ['transaction'],
  async run(context, { message, lines }) {
    const bytes = topOf(await read(context, message), lines)
    return sent(context, 'Top of message follows', bytes)
  },
}

function noteRead({ services: { trace }, maildrop, user }: Pop3Context, bytes: Uint8Array): void {
  if (user !== null) trace?.read({ accountId: maildrop.accountId, address: user, bytes })
}

async function read(context: Pop3Context, number: number): Promise<Uint8Array> {
  const stored = await context.maildrop.read(context.position(number))
  if (!stored) throw new Refusal(`Message ${number} was removed by another session`)
  // RFC 6856 §2.1: without UTF-8 mode, a surrogate whose header is ASCII.
  return context.utf8 ? stored : asciiHeaders(stored)
}

async function sent(context: Pop3Context, text: string, bytes: Uint8Array): Promise<string> {
  const { connection } = context
  const breather = new Breather()
  void connection.write(ok(text))
  for (const piece of onTheWire(bytes)) {
    await connection.write(piece)
    await breather.pause()
  }
  return END
}
