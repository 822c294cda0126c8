/**
 * Content of the binary transfer encoding that holds NUL octets, in base64: of IMAP's literals those of BINARY alone can hold
 * them, and whatever else reads the message is to get it whole (RFC 3516 §4.4, §6). Nothing else of the message changes.
 */
import { parseMessage } from './parser.ts'
import { encodeBase64 } from './transfer-encoding.ts'
import type { MimePart } from './types.ts'

/** Of whole lines: 57 octets make one of 76 characters. */
const PIECE_BYTES = 57 * 1024

/** The message in pieces, which are views of it as far as they can be; where there is no such content, itself. */
export function* nulInBase64(bytes: Uint8Array): Generator<Uint8Array> {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (const { encoding, header, bodyStart, bodyEnd } of leaves(parseMessage(message))) {
    const body = message.subarray(bodyStart, bodyEnd)
    if (encoding !== 'BINARY' || !body.includes(0) || !isBehindEmptyLine(message, bodyStart)) continue
    // Of two of that name the first counts, which may say nothing.
    const field = header.find(({ name }) => name.toLowerCase() === 'content-transfer-encoding')!
    yield message.subarray(at, field.valueStart)
    yield Buffer.from(' base64\r\n')
    yield message.subarray(field.end, bodyStart)
    yield* base64Of(body)
    at = bodyEnd
  }
  yield message.subarray(at)
}

/** Without one, a first line in base64 would be read as one of the header, and lost. */
const isBehindEmptyLine = (message: Buffer, bodyStart: number): boolean =>
  /\n\r?\n$/.test(message.toString('latin1', bodyStart - 3, bodyStart))

/** Without the last line end: behind a body there is that of the delimiter. */
function* base64Of(body: Buffer): Generator<Uint8Array> {
  for (let from = 0; from < body.length; from += PIECE_BYTES) {
    const lines = encodeBase64(body.subarray(from, from + PIECE_BYTES))
    yield Buffer.from(from + PIECE_BYTES < body.length ? lines : lines.slice(0, -2), 'latin1')
  }
}

function* leaves(part: MimePart): Generator<MimePart> {
  if (part.message) yield* leaves(part.message)
  else if (part.children.length === 0) yield part
  else for (const child of part.children) yield* leaves(child)
}
