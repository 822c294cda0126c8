/** What Dovecot's plugins zlib and mail_crypt make of messages, by how their files begin: no text of a header does. */
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

type Unpack = (content: Uint8Array, options: { maxOutputLength: number }) => Uint8Array

const beginnings: [latin1: string, what: string, unpack: Unpack | null][] = [
  ['\x1f\x8b', 'gzip', gunzipSync],
  ['\x28\xb5\x2f\xfd', 'zstd', zstdDecompressSync],
  ['BZh91AY&SY', 'bzip2', null],
  ['\xfd7zXZ\0', 'xz', null],
  ['Dovecot-LZ4\r\x2a\x9b\xc5', 'lz4', null],
  ['CRYPTED\x03\x07', 'mail_crypt', null],
]
const LONGEST = Math.max(...beginnings.map(([latin1]) => latin1.length))

/** The message as it came; throws where it can't be had. */
export function unpacked(content: Uint8Array, maxBytes: number): Uint8Array {
  const beginning = Buffer.from(content.subarray(0, LONGEST)).toString('latin1')
  const [, what, unpack] = beginnings.find(([latin1]) => beginning.startsWith(latin1)) ?? []
  if (what === undefined) return content
  if (!unpack) throw new Error(`packed with ${what} by Dovecot, which is not read: let Dovecot write it out`)
  try {
    return unpack(content, { maxOutputLength: maxBytes })
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw isTooLarge
      ? new Error(`larger than ${maxBytes} bytes`)
      : new Error(`packed with ${what} by Dovecot, and damaged`)
  }
}
