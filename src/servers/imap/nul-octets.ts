/**
 * A literal holds no NUL octet (RFC 9051 §9, CHAR8), and messages do. Another octet stands for each, so that sizes stay as they are
 * told; BINARY gives the octet itself.
 */
import type { Breather } from '../../mail/breather.ts'
import type { Output } from './output.ts'

const SUBSTITUTE = 0x80
/** Copied between two pauses; a client that does not read holds up the next. */
const SLICE_BYTES = 64 * 1024

export const hasNul = ({ buffer, byteOffset, byteLength }: Uint8Array): boolean =>
  Buffer.from(buffer, byteOffset, byteLength).includes(0)

export async function writeWithoutNul(output: Output, bytes: Uint8Array, breather: Breather): Promise<void> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    // A copy, which `slice` of a Buffer is not.
    const slice = new Uint8Array(bytes.subarray(at, at + SLICE_BYTES))
    for (let index = 0; index < slice.length; index++) if (slice[index] === 0) slice[index] = SUBSTITUTE
    output.bytes(slice, true)
    await output.drain()
    await breather.pause()
  }
}
