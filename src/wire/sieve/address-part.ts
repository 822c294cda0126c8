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
  local: string
  domain: string
}

/** The part of an address that a test looks at; null where it has none, which matches nothing (RFC 5233 §4). */
export type AddressPart = (address: ParsedAddress) => string | null

/** What stands between the user and the detail. */
const SEPARATOR = '+'

const PARTS: Readonly<Record<':all' | ':localpart' | ':domain' | ':user' | ':detail', AddressPart>> = {
  ':all': ({ local, domain }) => (domain === '' ? local : `${local}@${domain}`),
  ':localpart': ({ local }) => local,
  ':domain': ({ domain }) => (domain === '' ? null : domain),
  ':user': ({ local }) => (local.includes(SEPARATOR) ? local.slice(0, local.indexOf(SEPARATOR)) : local),
  ':detail': ({ local }) => (local.includes(SEPARATOR) ? local.slice(local.indexOf(SEPARATOR) + 1) : null),
}

export function readAddressPart(given: Given): AddressPart {
  return PARTS[given.oneOf([':localpart', ':domain', ':user', ':detail']) ?? ':all']
}

/** Of an envelope address or another bare one. */
export function splitAddress(address: string): ParsedAddress {
  const at = address.lastIndexOf('@')
  return at < 0 ? { local: address, domain: '' } : { local: address.slice(0, at), domain: address.slice(at + 1) }
}
