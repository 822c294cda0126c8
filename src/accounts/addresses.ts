/**
 * Addresses in the one form the accounts are kept in: lower case, NFC, domain in A-labels, the least quoting.
 *
 * RFC 5321 §2.4 leaves the local part's case to its host: on this one it never matters.
 */
import { isIP } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'
import { parsePath } from '../wire/smtp/path.ts'

export interface MailAddress {
  /** `localPart@domain`. */
  address: string
  localPart: string
  domain: string
  /** With the local part's case as it was written: another host may tell them apart (RFC 5321 §2.4). */
  asWritten: string
}

/** `local-part@domain` with quoted local parts and UTF-8 (RFC 5321 §4.1.2, RFC 6531 §3.3), or null where it is none. */
export function parseAddress(text: string): MailAddress | null {
  const path = parsePath(`<${text}>`, 0)
  if (!path || path.end !== text.length + 2) return null
  const at = path.address.lastIndexOf('@')
  if (at < 0) return null
  const name = path.address.slice(at + 1)
  const domain = name.startsWith('[') ? name.toLowerCase() : asciiName(name)
  if (domain === '') return null
  const written = path.address.slice(0, at).normalize('NFC')
  const localPart = written.toLowerCase()
  return { address: `${localPart}@${domain}`, localPart, domain, asWritten: `${written}@${domain}` }
}

/** A domain that can receive mail, in A-labels and lower case; null where it is none. */
export function parseDomain(text: string): string | null {
  const name = asciiName(text.trim().replace(/\.$/, ''))
  if (name.length > 253 || isIP(name) !== 0) return null
  const labels = name.split('.')
  // RFC 5321 §4.1.2 (sub-domain); a last label of digits alone would read as an IP address.
  const valid = labels.every(label => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
  return valid && !/^\d+$/.test(labels.at(-1)!) ? name : null
}

/**
 * The part before "+", which names the mailbox, where an address has a tag (RFC 5233 §1); null where it has none.
 * A quoted local part is taken as it is.
 */
export function withoutTag({ localPart, domain }: MailAddress): string | null {
  const plus = localPart.indexOf('+')
  return plus > 0 && !localPart.startsWith('"') ? `${localPart.slice(0, plus)}@${domain}` : null
}

/**
 * An address or a domain that is looked for, in the form it is kept in, however it was typed: lower case, the domain in
 * A-labels. What is neither, as a name or a piece of one, is in lower case alone.
 */
export function keptForm(text: string): string {
  const typed = text.trim().normalize('NFC').toLowerCase()
  if (!/[@.]/.test(typed)) return typed
  const domain = typed.lastIndexOf('@') + 1
  return typed.slice(0, domain) + (asciiName(typed.slice(domain)) || typed.slice(domain))
}

/** An address or a domain as people write it, and as the panels show it. */
export function readableForm(text: string): string {
  if (!text.includes('xn--')) return text
  const domain = text.lastIndexOf('@') + 1
  return text.slice(0, domain) + (domainToUnicode(text.slice(domain)) || text.slice(domain))
}

function asciiName(name: string): string {
  // What is ASCII already is not given to the URL rules, which decode percent signs and numbers.
  return /^[\x00-\x7f]*$/.test(name) ? name.toLowerCase() : domainToASCII(name)
}
