/** An address as the queue needs it: where it goes, and whether it can be written in ASCII. */
import { isIP, isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'

/** Where recipients of this service itself wait. No domain waits under this name: see `destinationElsewhere`. */
export const LOCAL_DESTINATION = 'local'
/** The same for those whose mailbox alone is to have the message, since what it forwards has gone on. */
export const MAILBOX_DESTINATION = 'mailbox'

export const isLocal = (destination: string): boolean =>
  destination === LOCAL_DESTINATION || destination === MAILBOX_DESTINATION

/** The part behind the last "@", in lower case; empty where there is none. */
export function lowerCaseDomain(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? '' : address.slice(at + 1).toLowerCase()
}

/** The IP address of `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3), or null where it is none. */
export function addressLiteral(domain: string): string | null {
  if (!domain.startsWith('[') || !domain.endsWith(']')) return null
  const inner = domain.slice(1, -1)
  const ipv6 = /^ipv6:(.*)$/i.exec(inner)?.[1]
  if (ipv6 !== undefined) return isIPv6(ipv6) ? ipv6 : null
  return isIP(inner) === 4 ? inner : null
}

export const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)

/** The domain as DNS knows it (A-labels, RFC 5890); empty where it can't be written so. */
export function asciiDomain(domain: string): string {
  return isAscii(domain) ? domain.toLowerCase() : domainToASCII(domain)
}

/**
 * Where a recipient of another host waits: with its domain. One that is named as what waits here is written with the last dot
 * that DNS has behind every name: taken for it, its mail would be handed round in here for ever.
 */
export function destinationElsewhere(address: string): string {
  const domain = asciiDomain(lowerCaseDomain(address))
  if (domain === '') return LOCAL_DESTINATION
  return isLocal(domain) ? `${domain}.` : domain
}

/** The address with its domain in A-labels; still not ASCII where the local part isn't. */
export function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 0 || isAscii(address)) return address
  const domain = asciiDomain(address.slice(at + 1))
  return domain === '' ? address : `${address.slice(0, at)}@${domain}`
}
