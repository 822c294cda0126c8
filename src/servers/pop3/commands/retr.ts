/** RETR (RFC 1939 §5) and TOP (§7). */
import { Breather } from '../../../mail/breather.ts'
import { freeWholeMemory } from '../../../wire/memory.ts'
import { topOf, wireForm } from '../../../wire/pop3/message.ts'
import { END, ok } from '../../../wire/pop3/reply.ts'
import { asciiHeaders } from '../../../wire/pop3/surrogate.ts'
import { UNCOUNTED_BYTES } from '../../limits.ts'
import type { MessageShare } from '../../message-budget.ts'
import type { Pop3Command } from '../command.ts'
import { type Pop3Context, Refusal } from '../context.ts'

export const retr: Pop3Command<'RETR'> = {
  states: ['transaction'],
  async run(context, { message }) {
    return holding(context, message, async share => {
      const { bytes, isAlone } = await read(context, message)
      context.retrieved++
      noteRead(context, bytes)
      void context.connection.write(ok(`${bytes.length} octets`))
      await send(context, bytes, { isAlone, share })
      context.maildrop.retrieved(message - 1)
      return END
    })
  },
}

export const top: Pop3Command<'TOP'> = {
  states: ['transaction'],
  async run(context, { message, lines }) {
    return holding(context, message, async share => {
      const { bytes, isAlone } = await read(context, message)
      void context.connection.write(ok('Top of message follows'))
      await send(context, topOf(bytes, lines), { isAlone, share })
      return END
    })
  },
}

function noteRead({ services: { trace }, maildrop, user }: Pop3Context, bytes: Uint8Array): void {
  if (user !== null) trace?.read({ accountId: maildrop.accountId, address: user, bytes })
}

/**
 * Waits until there is memory for the message, and gives it back at the end. Most are smaller, and are not counted: theirs is null. A
 * share that outlived its command would be the oldest before long, which never waits, while all others wait for it.
 */
async function holding<T>(
  context: Pop3Context,
  number: number,
  work: (share: MessageShare | null) => Promise<T>,
): Promise<T> {
  const bytes = context.maildrop.sizeOf(context.position(number))
  if (bytes <= UNCOUNTED_BYTES) return work(null)
  try {
    const { share } = context
    await share.take(bytes)
    return await work(share)
  } finally {
    context.releaseShare()
  }
}

async function read(context: Pop3Context, number: number): Promise<{ bytes: Uint8Array; isAlone: boolean }> {
  const stored = await context.maildrop.read(context.position(number))
  if (!stored) throw new Refusal(`Message ${number} was removed by another session`)
  if (context.utf8) return stored
  // RFC 6856 §2.1: without UTF-8 mode, a surrogate whose header is ASCII.
  const bytes = asciiHeaders(stored.bytes)
  if (bytes === stored.bytes) return stored
  if (stored.isAlone) freeWholeMemory(stored.bytes)
  return { bytes, isAlone: false }
}

/** `isAlone`: nobody else has the memory that `bytes` are a part of. */
async function send(
  { connection }: Pop3Context,
  bytes: Uint8Array,
  { isAlone, share }: { isAlone: boolean; share: MessageShare | null },
): Promise<void> {
  const breather = new Breather()
  const form = wireForm(bytes)
  let step = form.next()
  for (; !step.done; step = form.next()) await breather.pause()
  const wire = step.value
  if (wire === bytes) return connection.write(bytes, isAlone)
  if (isAlone) freeWholeMemory(bytes)
  // This is what is held from now on, and may be twice as long; of `bytes`, who else has them keeps count.
  share?.hold(wire.length)
  return connection.write(wire, true)
}
