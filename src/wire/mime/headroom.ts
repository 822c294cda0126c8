/**
 * Room in front of a message, where fields are added on its way (RFC 5321 §4.4): so a message is not copied for each of them.
 *
 * A field is written there only where the octets in front of the message are nobody's; what was the message before stays as
 * it was, behind the field.
 */

/** A Received and a Return-Path field with the longest addresses, and an empty line. */
export const HEADROOM_BYTES = 2_048

/** By memory with headroom, where its first used octet is. */
const firstUsed = new WeakMap<ArrayBufferLike, number>()

/** The message of `length` octets that begins behind the headroom of `block`, which is whole memory of its own. */
export function behindHeadroom(block: Buffer, length: number): Buffer {
  firstUsed.set(block.buffer, HEADROOM_BYTES)
  return block.subarray(HEADROOM_BYTES, HEADROOM_BYTES + length)
}

/** `message` with `field`, which is ASCII or UTF-8 and ends with CRLF, above all else. */
export function withFieldOnTop(field: string, message: Uint8Array): Buffer {
  const { buffer, byteOffset, byteLength } = message
  const octets = Buffer.from(field)
  const start = byteOffset - octets.length
  if (start < 0 || firstUsed.get(buffer) !== byteOffset) return Buffer.concat([octets, message])
  firstUsed.set(buffer, start)
  const whole = Buffer.from(buffer as ArrayBuffer, start, octets.length + byteLength)
  whole.set(octets)
  return whole
}
