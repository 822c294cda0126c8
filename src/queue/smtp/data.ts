/**
 * A message as it goes behind DATA: transparent (RFC 5321 §4.5.2), every line end CRLF, ended by a line with a dot.
 * Bare CR and LF never leave this server, so that no receiver can take one for the end of the data (SMTP smuggling).
 */

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e

/** Bytes handled in one turn of the event loop, and held by the socket at a time. */
export const DATA_CHUNK_BYTES = 64 * 1024

const END = Buffer.from('.\r\n')
const LINE_END_AND_END = Buffer.from('\r\n.\r\n')

export function* dataChunks(message: Uint8Array): Generator<Buffer> {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  const end = bytes.length === 0 || isLineEnd(bytes[bytes.length - 1]) ? END : LINE_END_AND_END
  let start = 0
  for (; start + DATA_CHUNK_BYTES < bytes.length; start += DATA_CHUNK_BYTES)
    yield stuff(bytes, start, start + DATA_CHUNK_BYTES)
  // In one write with what is before it: a small message is one packet less.
  yield Buffer.concat([stuff(bytes, start, bytes.length), end])
}

const isLineEnd = (byte: number | undefined): boolean => byte === LF || byte === CR

function stuff(bytes: Buffer, start: number, end: number): Buffer {
  const parts: Buffer[] = []
  let copied = start
  const insert = (at: number, text: string): void => {
    parts.push(bytes.subarray(copied, at), Buffer.from(text))
    copied = at
  }
  if (bytes[start] === DOT && (start === 0 || isLineEnd(bytes[start - 1]))) insert(start, '.')
  let nextCr = bytes.indexOf(CR, start)
  for (let at = bytes.indexOf(LF, start); ; at = bytes.indexOf(LF, at + 1)) {
    const stop = at < 0 || at >= end ? end : at
    // Each CR in this line that has no LF behind it.
    while (nextCr >= 0 && nextCr < stop) {
      const bare = bytes[nextCr + 1] !== LF
      if (bare) {
        insert(nextCr + 1, '\n')
        if (bytes[nextCr + 1] === DOT && nextCr + 1 < end) insert(nextCr + 1, '.')
      }
      nextCr = bytes.indexOf(CR, nextCr + 1)
    }
    if (stop === end) break
    if (at === 0 || bytes[at - 1] !== CR) insert(at, '\r')
    if (at + 1 < end && bytes[at + 1] === DOT) insert(at + 1, '.')
  }
  if (parts.length === 0) return bytes.subarray(start, end)
  parts.push(bytes.subarray(copied, end))
  return Buffer.concat(parts)
}
