/**
 * Where a webhook may lead. Whoever can name an address could otherwise make this service ask what only it can reach: the
 * machine itself, its neighbours, a cloud's metadata. So a name is looked up once, only public addresses of it count, and
 * the connection is made to the address that was looked at.
 */
import { isIP } from 'node:net'
import { isPublicAddress } from '../../ops/public-address.ts'
import type { Resolver } from '../../ops/resolver.ts'
import { URL_CHARACTERS } from './limits.ts'

export interface DestinationRules {
  /** Whether private addresses and plain HTTP may be used, for receivers in the operator's own network. */
  allowPrivate: boolean
}

/** The URL as it is kept; null where it can't receive events. What its name leads to is looked at when something is sent. */
export function webhookUrl(text: string, { allowPrivate }: DestinationRules): string | null {
  const url = URL.parse(text.trim())
  if (!url || url.href.length > URL_CHARACTERS) return null
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return null
  if (url.username !== '' || url.password !== '') return null
  const literal = literalOf(url)
  if (literal !== null && !allowPrivate && !isPublicAddress(literal)) return null
  url.hash = ''
  return url.href
}

export type Destination = { address: string; family: 4 | 6 } | { problem: string }

/** The one address that is connected to. */
export async function destinationOf(url: URL, resolver: Resolver, rules: DestinationRules): Promise<Destination> {
  const literal = literalOf(url)
  const found = literal === null ? await resolver.addresses(url.hostname) : null
  if (found && found.kind !== 'found')
    return { problem: found.kind === 'temporary' ? `DNS did not answer: ${found.problem}` : 'the name has no address' }
  const addresses = literal === null ? (found?.records ?? []) : [literal]
  const allowed = rules.allowPrivate ? addresses : addresses.filter(isPublicAddress)
  // IPv4 first: every receiver has it, and not every machine here has a way to IPv6.
  const address = allowed.find(each => isIP(each) === 4) ?? allowed[0]
  if (address === undefined) return { problem: 'the name leads to a private address, which is not allowed' }
  return { address, family: isIP(address) === 6 ? 6 : 4 }
}

function literalOf({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? null : bare
}
