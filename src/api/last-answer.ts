/**
 * The answer to a request whose body is not wanted, where the client asked for the connection to be closed (RFC 9112 §9.6). The
 * answer is whole at once, but ends no sooner than the body: closed with octets unread, the system would tell a client that is
 * still sending of a broken connection rather than let it read.
 */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { LINGER_MS } from './limits.ts'

export function lastAnswer(text: string, request: IncomingMessage): Readable {
  return Readable.from(textAndRest(text, request), { objectMode: false })
}

async function* textAndRest(text: string, request: IncomingMessage): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
  request.resume()
  // Whether all came, or it took too long, or the client is gone: the connection ends.
  await finished(request, { signal: AbortSignal.timeout(LINGER_MS), cleanup: true }).catch(() => {})
}
