/**
 * A message as RETR and TOP send it: lines that begin with a dot get another (RFC 1939 §3), a last line without its end
 * gets one. Bytes are sent as they are stored, but for LFs without CR, which POP3 has no way to send.
 *
 * Nothing is parsed; what needs nothing added is not copied.
 */

const LF = 0x0a
const CR = 0x0d
const DOT = 0x2e
const CRLF = Buffer.from('\r\n')
/** Looked at in one go, and copied at the most: well under a millisecond. */
const SLICE_BYTES = 64 * 1024

/** Whether it goes out as it is stored; yields nothing of it, but a turn for each slice that was looked at. */
export function* isWireReady(bytes: Uint8Array): Generator<void, boolean> {
  const message = bufferOf(bytes)
  for (let from = 0; from < message.length; from += SLICE_BYTES) {
    if (wireAdditions(message, from, Math.min(from + SLICE_BYTES, message.length)) > 0) return false
    yield
  }
  return message.length === 0 || message[message.length - 1] === LF
}

/** The pieces of a message on the wire, without the line that ends it. */
export function* onTheWire(bytes: Uint8Array): Generator<Uint8Array> {
  const message = bufferOf(bytes)
  for (let from = 0; from < message.length; from += SLICE_BYTES)
    yield wireSlice(message, from, Math.min(from + SLICE_BYTES, message.length))
  if (message.length > 0 && message[message.length - 1] !== LF) yield CRLF
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

function wireSlice(message: Buffer, from: number, to: number): Uint8Array {
  const slice = message.subarray(from, to)
  const added = wireAdditions(message, from, to)
  if (added === 0) return slice
  const wire = Buffer.allocUnsafe(slice.length + added)
  let written = 0
  let copied = from
  if (from === 0 && message[0] === DOT) wire[written++] = DOT
  for (let at = slice.indexOf(LF); at >= 0; at = slice.indexOf(LF, at + 1)) {
    const lf = from + at
    written += message.copy(wire, written, copied, lf)
    if (message[lf - 1] !== CR) wire[written++] = CR
    wire[written++] = LF
    if (message[lf + 1] === DOT) wire[written++] = DOT
    copied = lf + 1
  }
  message.copy(wire, written, copied, to)
  return wire
}

/** Octets to be added: a CR before a bare LF, a dot before a line's dot. */
function wireAdditions(message: Buffer, from: number, to: number): number {
  let added = from === 0 && message[0] === DOT ? 1 : 0
  for (let lf = message.indexOf(LF, from); lf >= 0 && lf < to; lf = message.indexOf(LF, lf + 1)) {
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
