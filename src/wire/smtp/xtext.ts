/**
 * xtext (RFC 3461 §4): printable ASCII without "+" and "=", other octets as "+" and two hexadecimal digits. They are of upper
 * case, but Exim wrote them in lower case for long.
 */
import { isUtf8 } from 'node:buffer'

const wellFormed = /^(?:[!-*,-<>-~]|\+[0-9A-Fa-f]{2})*$/
const control = /[\0-\x1f\x7f-\x9f]/

/** The decoded text, or null where it is not xtext or hides a control character (which could split a header or an answer). */
export function decodeXtext(value: string): string | null {
  if (!wellFormed.test(value)) return null
  const octets = value.replace(/\+(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const decoded = Buffer.from(octets, 'latin1')
  return isUtf8(decoded) && !control.test(decoded.toString()) ? decoded.toString() : null
}

/**
 * The address of type utf-8 in ORCPT (RFC 6533 §3): UTF-8 as it is, or characters written `\x{HEX}`. null as above.
 */
export function decodeUtf8Address(value: string): string | null {
  if (!/^(?:[!-*,-<>-[\]-~\u0080-\u{10ffff}]|\\x\{[0-9A-Fa-f]{2,6}\})+$/u.test(value)) return null
  let wrong = false
  const decoded = value.replace(/\\x\{(\w+)\}/g, (_, hex: string) => {
    const codePoint = Number.parseInt(hex, 16)
    const character = codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\0'
    wrong ||= /[\0-\x1f\x7f-\x9f\ud800-\udfff]/u.test(character)
    return character
  })
  return wrong ? null : decoded
}
