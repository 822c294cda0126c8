/**
 * A message as RETR and TOP send it: lines that begin with a dot get another (RFC 1939 §3), a last line without its end
 * gets one. Bytes are sent as they are stored, but for LFs without CR, which POP3 has no way to send.
 *
 * Nothing is parsed; a message that needs nothing added is not copied.
 */

const LF = 0x0a
const CR = 0x0d
const DOT = 0x2e
const CRLF = Buffer.from('\r\n')
/** Looked at, or copied, in one go: well under a millisecond, whatever its lines are. */
const SLICE_BYTES = 64 * 1024

/**
 * The message on the wire, without the line that ends it: `bytes` themselves where nothing is to be added, else memory that
 * nobody else has. Yields nothing, but a turn for each slice.
 */
export function* wireForm(bytes: Uint8Array): Generator<void, Uint8Array> {
  const message = bufferOf(bytes)
  const { length } = message
  const isEnded = length === 0 || message[length - 1] === LF
  let added = isEnded ? 0 : CRLF.length
  for (let from = 0; from < length; from += SLICE_BYTES) {
    added += wireAdditions(message, from, Math.min(from + SLICE_BYTES, length))
    yield
  }
  if (added === 0) return bytes
  const wire = Buffer.allocUnsafeSlow(length + added)
  let written = 0
  for (let from = 0; from < length; from += SLICE_BYTES) {
    written += writeWire(wire.subarray(written), message, from, Math.min(from + SLICE_BYTES, length))
    yield
  }
  if (!isEnded) written += CRLF.copy(wire, written)
  // Else the client would get what lay in this memory before.
  if (written !== wire.length) throw new Error(`${written} octets of ${wire.length} on the wire`)
  return wire
}

/** The header, the line that ends it, and the first `lines` lines of the body (RFC 1939 §7). */
export function topOf(bytes: Uint8Array, lines: number): Uint8Array {
  const message = bufferOf(bytes)
  let end = endOfHeader(message)
  for (let line = 0; line < lines && end < message.length; line++) end = behindLine(message, end)
  return message.subarray(0, end)
}

/** Behind the empty line that ends the header; the whole message where there is none. */
export function endOfHeader(message: Buffer): number {
  for (let start = 0; start < message.length; start = behindLine(message, start)) {
    if (message[start] === LF) return start + 1
    if (message[start] === CR && message[start + 1] === LF) return start + 2
  }
  return message.length
}

/** Returns how many octets were written; what needs nothing added is copied as it lies. */
function writeWire(wire: Buffer, message: Buffer, from: number, to: number): number {
  const slice = message.subarray(from, to)
  let written = 0
  let copied = from
  if (from === 0 && message[0] === DOT) wire[written++] = DOT
  for (let at = slice.indexOf(LF); at >= 0; at = slice.indexOf(LF, at + 1)) {
    const lf = from + at
    const isBare = message[lf - 1] !== CR
    const isBeforeDot = message[lf + 1] === DOT
    if (!isBare && !isBeforeDot) continue
    written += message.copy(wire, written, copied, lf)
    if (isBare) wire[written++] = CR
    wire[written++] = LF
    if (isBeforeDot) wire[written++] = DOT
    copied = lf + 1
  }
  return written + message.copy(wire, written, copied, to)
}

/** Octets to be added: a CR before a bare LF, a dot before a line's dot. */
function wireAdditions(message: Buffer, from: number, to: number): number {
  const slice = message.subarray(from, to)
  let added = from === 0 && message[0] === DOT ? 1 : 0
  for (let at = slice.indexOf(LF); at >= 0; at = slice.indexOf(LF, at + 1)) {
    const lf = from + at
    if (message[lf - 1] !== CR) added++
    if (message[lf + 1] === DOT) added++
  }
  return added
}

function behindLine(message: Buffer, start: number): number {
  const lf = message.indexOf(LF, start)
  return lf < 0 ? message.length : lf + 1
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
