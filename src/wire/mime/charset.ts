/**
 * Bytes of a named charset to text (RFC 2045 §5.1, RFC 2046 §4.1.2). Never throws: names that nobody knows, and names that
 * are not true, are usual in real mail. What TextDecoder knows (WHATWG Encoding) is decoded; UTF-7 is not, as in browsers.
 */
import { isAscii, isUtf8 } from 'node:buffer'

/** Names met in mail that WHATWG's list lacks. */
const ALIASES: Record<string, string> = {
  iso8859_1: 'windows-1252',
  '8859-1': 'windows-1252',
  '8859_1': 'windows-1252',
  'latin-1': 'windows-1252',
  'iso-8859-1-windows-3.1-latin-1': 'windows-1252',
  'cp-1250': 'windows-1250',
  'cp-1251': 'windows-1251',
  'cp-1252': 'windows-1252',
  'ansi_x3.4-1986': 'windows-1252',
  'win-1251': 'windows-1251',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  cp950: 'big5',
  'euc-cn': 'gbk',
  ks_c_5601: 'euc-kr',
  utf8mb4: 'utf-8',
  utf_8: 'utf-8',
}

const utf8 = new TextDecoder('utf-8')

/** Headers and text without a charset: UTF-8 where it is valid (RFC 6532), else windows-1252. */
export function decodeUnlabelled(bytes: Uint8Array): string {
  if (isAscii(bytes)) return latin1(bytes)
  return isUtf8(bytes) ? utf8.decode(bytes) : new TextDecoder('windows-1252').decode(bytes)
}

/** Text of the named charset; what it can't represent becomes U+FFFD. */
export function decodeCharset(bytes: Uint8Array, charset: string | null): string {
  const decoder = decoderFor(charset)
  if (decoder === null) return decodeUnlabelled(bytes)
  if (isAscii(bytes) && decoder.encoding !== 'iso-2022-jp' && !decoder.encoding.startsWith('utf-16'))
    return latin1(bytes)
  return decoder.decode(bytes)
}

/**
 * A decoder for text that comes in pieces; null where the charset says nothing (none, US-ASCII, unknown), so that
 * `decodeUnlabelled` must look at the bytes.
 */
export function decoderFor(charset: string | null): InstanceType<typeof TextDecoder> | null {
  const name = (charset ?? '').trim().toLowerCase()
  if (name === '' || name === 'us-ascii' || name === 'ascii') return null
  try {
    const decoder = new TextDecoder(ALIASES[name] ?? name)
    // WHATWG maps charsets it deems unsafe (ISO-2022-KR, HZ) to a decoder that gives nothing.
    return decoder.encoding === 'replacement' ? null : decoder
  } catch {
    return null
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
