/** Parts of addresses (RFC 5228 §2.7.4, RFC 5233). */
import type { Given, TagSpec } from './arguments.ts'

export const addressPartTags: Readonly<Record<string, TagSpec>> = {
  ':all': { group: 'address part' },
  ':localpart': { group: 'address part' },
  ':domain': { group: 'address part' },
  ':user': { group: 'address part', capabilities: ['subaddress'] },
  ':detail': { group: 'address part', capabilities: ['subaddress'] },
}

export interface ParsedAddress {
  /** As one writes it, with the quotes that its local part needs. */
  all: string
  local: string
  domain: string
  /** RFC 5228 §2.7.4: of one that is not, no part matches but the whole. */
  isValid: boolean
}

/** The part of an address that a test looks at; null where it has none, which matches nothing (RFC 5233 §4). */
export type AddressPart = (address: ParsedAddress) => string | null

/** What stands between the user and the detail. */
const SEPARATOR = '+'

const PARTS: Readonly<Record<':localpart' | ':domain' | ':user' | ':detail', AddressPart>> = {
  ':localpart': ({ local }) => local,
  ':domain': ({ domain }) => (domain === '' ? null : domain),
  ':user': ({ local }) => (local.includes(SEPARATOR) ? local.slice(0, local.indexOf(SEPARATOR)) : local),
  ':detail': ({ local }) => (local.includes(SEPARATOR) ? local.slice(local.indexOf(SEPARATOR) + 1) : null),
}

const whole: AddressPart = ({ all }) => all

export function readAddressPart(given: Given): AddressPart {
  const tag = given.oneOf([':localpart', ':domain', ':user', ':detail'])
  return tag === null ? whole : address => (address.isValid ? PARTS[tag](address) : null)
}

/** Of the envelope; SMTP has found it valid, `postmaster` without a domain too. */
export function splitAddress(address: string): ParsedAddress {
  const at = address.lastIndexOf('@')
  const [local, domain] = at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)]
  return { all: address, local, domain, isValid: true }
}

/** The local parts that have quotes in the text of a field, as they are written there. In one pass: a field may have thousands. */
export function quotedLocalParts(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  if (!text.includes('"@')) return found
  let before = -1
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\\') at++
    else if (character === '"') {
      if (before >= 0 && text[at + 1] === '@') found.add(text.slice(before, at + 1))
      before = at
    }
  }
  return found
}

/** One that was read in the text of a field, whose quotes are told beside it. */
export function parsedAddress(quotedInText: ReadonlySet<string>, local: string, domain: string): ParsedAddress {
  const isAtom = DOT_ATOM.test(local)
  const quoted = `"${local.replace(/["\\]/g, '\\$&')}"`
  const isQuoted = !isAtom && quotedInText.has(quoted)
  const written = isQuoted ? quoted : local
  const all = domain === '' ? written : `${written}@${domain}`
  return { all, local, domain, isValid: (isAtom || isQuoted) && (DOT_ATOM.test(domain) || LITERAL.test(domain)) }
}

/** RFC 5322 §3.2.3, with the UTF-8 of RFC 6532. */
export const DOT_ATOM = /^[^\s"(),:;<>@[\\\].\x00-\x1f\x7f]+(?:\.[^\s"(),:;<>@[\\\].\x00-\x1f\x7f]+)*$/
/** §3.4.1. */
const LITERAL = /^\[[^\s[\]\\\x00-\x1f\x7f]+\]$/
