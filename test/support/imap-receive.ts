/** Drives an IMAP receiver in tests: text in, what came out. */
import type { CommandBody, Received, ReceiverLimits } from '../../src/wire/imap/command.ts'
import { DEFAULT_LIMITS } from '../../src/wire/imap/limits.ts'
import { createReceiver } from '../../src/wire/imap/receiver.ts'

export interface ReceiveOptions {
  utf8?: boolean
  authenticated?: boolean
  limits?: Partial<ReceiverLimits>
}

/** All that comes out of these bytes; text is sent as UTF-8. */
export function receiveAll(input: string | Uint8Array, options: ReceiveOptions = {}): Received[] {
  const receiver = createReceiver({ ...DEFAULT_LIMITS, ...options.limits })
  if (options.authenticated ?? true) receiver.setAuthenticated()
  if (options.utf8) receiver.setUtf8()
  receiver.push(typeof input === 'string' ? Buffer.from(input) : input)
  const received: Received[] = []
  for (let next = receiver.next(); next.kind !== 'need-more'; next = receiver.next()) received.push(next)
  return received
}

/** What one command comes to; literals are sent without waiting for "+". */
export function receiveOne(line: string | Uint8Array, options: ReceiveOptions = {}): Received {
  const text = typeof line === 'string' ? Buffer.from(line) : line
  const input = Buffer.concat([Buffer.from('a '), text, Buffer.from('\r\n')])
  const received = receiveAll(input, options).filter(({ kind }) => kind !== 'continue')
  if (received.length !== 1 || received[0] === undefined)
    throw new Error(`expected one command, received ${JSON.stringify(received)}`)
  return received[0]
}

export function bodyOf(line: string | Uint8Array, options: ReceiveOptions = {}): CommandBody {
  const received = receiveOne(line, options)
  if (received.kind !== 'command') throw new Error(`expected a command, received ${JSON.stringify(received)}`)
  return received.command.body
}

/** `BAD text` or `NO [CODE] text`, as the client reads it. */
export function problemOf(line: string | Uint8Array, options: ReceiveOptions = {}): string {
  const received = receiveOne(line, options)
  if (received.kind !== 'problem') throw new Error(`expected a problem, received ${JSON.stringify(received)}`)
  return `${received.type} ${received.code === null ? '' : `[${received.code}] `}${received.text}`
}
