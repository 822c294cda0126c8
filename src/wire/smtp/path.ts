/**
 * Reverse-path and forward-path (RFC 5321 §4.1.2, with the UTF-8 of RFC 6531 §3.3).
 *
 * A mailbox comes out in one form: a quoted local part that needs no quotes loses them, one that does keeps the least
 * quoting, as does one with dots where they need it; a source route is dropped (RFC 5321 §3.3, appendix C). Domains keep their case.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { LABEL_CHARACTERS, MAILBOX_OCTETS } from './limits.ts'

export interface Path {
  /** `local-part@domain`; empty for `<>`; without domain for `<Postmaster>`. */
  address: string
  /** Whether it holds characters outside ASCII. */
  utf8: boolean
  /** Index behind the closing bracket. */
  end: number
}

const atext = "A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~\\u0080-\\u{10ffff}"
const dotString = new RegExp(`[${atext}]+(?:\\.[${atext}]+)*`, 'uy')
/** Dots where RFC 5321 has none: at an end, or several together. Carriers give their users such addresses, without quotes. */
const anyDotString = new RegExp(`[${atext}.]+`, 'uy')
const wholeDotString = new RegExp(`^[${atext}]+(?:\\.[${atext}]+)*$`, 'u')
const quotedString = /"((?:[ !#-[\]-~\u0080-\u{10ffff}]|\\[ -~])*)"/uy
const sourceRoute = /@[^\s,:@<>]+(?:,@[^\s,:@<>]+)*:/y
const addressLiteral = /\[([^\s[\]\\]+)\]/y
/** Underscores are no host name, but senders' domains with them exist and resolve. */
const domainName = /[A-Za-z0-9_\u0080-\u{10ffff}](?:[A-Za-z0-9_.\-\u0080-\u{10ffff}]*[A-Za-z0-9_\u0080-\u{10ffff}])?/uy
/** Characters that make one address look like another, or text run the other way; never part of an address. */
const invisible = /[\u0080-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffd]/

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/**
 * Reads the path that starts at `at` with "<"; null where it is none. `anyDots`: whether a local part without quotes may have dots
 * anywhere.
 */
export function parsePath(text: string, at: number, anyDots = false): Path | null {
  if (text[at] !== '<') return null
  let position = at + 1
  if (text[position] === '>') return { address: '', utf8: false, end: position + 1 }
  const route = matchAt(sourceRoute, text, position)
  if (route) position += route[0].length

  const quoted = matchAt(quotedString, text, position)
  const local = quoted ?? matchAt(anyDots ? anyDotString : dotString, text, position)
  if (!local) return null
  position += local[0].length
  const localPart = requote(quoted ? quoted[1]!.replace(/\\(.)/g, '$1') : local[0])

  if (text[position] === '>') {
    // RFC 5321 §4.1.1.3: the one mailbox that is known without a domain.
    if (localPart.toLowerCase() !== 'postmaster') return null
    return { address: localPart, utf8: false, end: position + 1 }
  }
  if (text[position] !== '@') return null
  position++

  const literal = matchAt(addressLiteral, text, position)
  const name = literal ?? matchAt(domainName, text, position)
  if (!name) return null
  position += name[0].length
  if (text[position] !== '>') return null
  if (literal ? !isAddressLiteral(literal[1]!) : !isDomainName(name[0])) return null

  const address = `${localPart}@${name[0]}`
  if (Buffer.byteLength(address) > MAILBOX_OCTETS || invisible.test(address)) return null
  return { address, utf8: /[^ -~]/.test(address), end: position + 1 }
}

/** What a local part may be without quotes (RFC 5321 §4.1.2). */
export function isDotString(text: string): boolean {
  return wholeDotString.test(text)
}

/** A local part without its quotes, in the one form: with the least that it needs. */
export function requote(text: string): string {
  return isDotString(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`
}

function isDomainName(name: string): boolean {
  return name
    .split('.')
    .every(label => label !== '' && label.length <= LABEL_CHARACTERS && !label.startsWith('-') && !label.endsWith('-'))
}

/** RFC 5321 §4.1.3; a general address literal names no network of ours. */
function isAddressLiteral(content: string): boolean {
  return /^IPv6:/i.test(content) ? isIPv6(content.slice(5)) : isIPv4(content)
}
