/** The charset of search texts (RFC 9051 §6.4.4, RFC 5256 §3). */
import type { Decoder } from './decoder.ts'

export type DecodeText = (bytes: string, what: string) => string

const eightBit = /[\x80-\xff]/

export function charset(decoder: Decoder): string {
  return decoder.astring('the charset').toUpperCase()
}

/**
 * How texts of this charset are read. Null, where the client named none, is UTF-8, which US-ASCII is part of.
 * Who writes them in another is told NO, not BAD: JavaMail, Jakarta Mail and Angus Mail send the low bytes of each character where
 * they have enabled UTF8=ACCEPT, and at a NO, but not at a BAD, look through the messages themselves.
 */
export function textDecoder(decoder: Decoder, name: string | null): DecodeText {
  if (name === null || name === 'UTF-8') return (bytes, what) => decoder.decodeUtf8(bytes, what, 'NO')
  if (name === 'US-ASCII')
    return (bytes, what) => (eightBit.test(bytes) ? decoder.refuse(`${what} is not US-ASCII`, 'NO') : bytes)
  let decode: TextDecoder
  try {
    decode = new TextDecoder(name, { fatal: true, ignoreBOM: true })
  } catch {
    return decoder.refuse('unknown charset', 'NO', 'BADCHARSET (UTF-8 US-ASCII)')
  }
  return (bytes, what) => {
    try {
      return decode.decode(Buffer.from(bytes, 'latin1'))
    } catch {
      return decoder.refuse(`${what} is not valid in the charset named`, 'NO')
    }
  }
}
