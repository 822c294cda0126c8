/**
 * Where a destination's mail goes: RFC 5321 §5.1 with RFC 7505 (null MX). Pure: DNS answers in, hosts or a verdict out.
 * Wordings are Postfix's, which is what administrators search for.
 */
import { isPublicAddress } from '../ops/public-address.ts'
import type { DnsAnswer, MxRecord } from '../ops/resolver.ts'
import { addressLiteral } from './address.ts'
import { ADDRESSES_PER_HOST, HOSTS_PER_ATTEMPT } from './limits.ts'

export interface Verdict {
  permanent: boolean
  /** Enhanced status code (RFC 3463). */
  status: string
  text: string
}

export type Route =
  /** Host names in the order of trying, to be looked up one by one. */
  | { kind: 'hosts'; hosts: string[] }
  /** An address literal: no name to look up. */
  | { kind: 'address'; address: string }
  | { kind: 'verdict'; verdict: Verdict }

export type Random = () => number

/** What can be said before any look-up, or null where the MX answer is needed. */
export function literalRoute(destination: string): Route | null {
  if (!destination.startsWith('[')) return null
  const address = addressLiteral(destination)
  // Whoever may send could otherwise make this server talk to itself and its neighbours.
  if (address !== null && !isPublicAddress(address))
    return refuse(true, '5.1.2', `550 5.1.2 Address literal ${destination} leads to no public address`)
  if (address !== null) return { kind: 'address', address }
  return refuse(true, '5.1.3', `501 5.1.3 Bad address literal ${destination}`)
}

/** `ownNames`: names of this server, lower case; meeting one in the list is a loop. */
export function routeOf(
  destination: string,
  answer: DnsAnswer<MxRecord>,
  ownNames: ReadonlySet<string>,
  random: Random,
): Route {
  if (answer.kind === 'temporary')
    return refuse(false, '4.4.3', nameError(destination, 'MX', 'Host not found, try again'))
  // No MX: the domain itself is the host (RFC 5321 §5.1, implicit MX). Its address look-up says whether it exists.
  if (answer.kind !== 'found') return loopsBack([destination], destination, ownNames)

  if (answer.records.every(record => record.exchange === ''))
    return refuse(true, '5.1.10', `556 5.1.10 Domain ${destination} does not accept mail (nullMX)`) // RFC 7505 §4.2
  const records = shuffle(
    answer.records.filter(record => record.exchange !== ''),
    random,
  ).sort((a, b) => a.preference - b.preference)

  // RFC 5321 §5.1: this server and all with the same or a higher preference value are left out.
  const own = records.find(record => ownNames.has(record.exchange))
  const usable = own ? records.filter(record => record.preference < own.preference) : records
  if (usable.length === 0) return loopsBack([own?.exchange ?? destination], destination, ownNames)
  return { kind: 'hosts', hosts: [...new Set(usable.map(record => record.exchange))].slice(0, HOSTS_PER_ATTEMPT) }
}

function loopsBack(hosts: string[], destination: string, ownNames: ReadonlySet<string>): Route {
  return hosts.some(host => ownNames.has(host))
    ? { kind: 'verdict', verdict: loopVerdict(destination) }
    : { kind: 'hosts', hosts }
}

export function loopVerdict(destination: string): Verdict {
  return { permanent: true, status: '5.4.6', text: `554 5.4.6 mail for ${destination} loops back to myself` }
}

/** What the lack of addresses of a host means, or null where there are some. */
export function addressVerdict(host: string, answer: DnsAnswer<string>): Verdict | null {
  switch (answer.kind) {
    case 'found':
      return null
    case 'temporary':
      return { permanent: false, status: '4.4.3', text: nameError(host, 'A', 'Host not found, try again') }
    case 'no-domain':
      return { permanent: true, status: '5.1.2', text: nameError(host, 'A', 'Host not found') }
    case 'no-data':
      return {
        permanent: true,
        status: '5.4.4',
        text: nameError(host, 'A', 'Host found but no data record of requested type'),
      }
  }
}

/**
 * A host's addresses in the order of trying: shuffled within each family, the families in turn, so that a machine
 * without a way to one of them meets the other within the limit.
 */
export function orderAddresses(addresses: string[], random: Random): string[] {
  const families = [
    shuffle(
      addresses.filter(address => address.includes(':')),
      random,
    ),
    shuffle(
      addresses.filter(address => !address.includes(':')),
      random,
    ),
  ]
  if (random() < 0.5) families.reverse()
  const [first = [], second = []] = families
  const ordered: string[] = []
  for (let i = 0; i < Math.max(first.length, second.length); i++)
    ordered.push(...[first[i], second[i]].filter(address => address !== undefined))
  return ordered.slice(0, ADDRESSES_PER_HOST)
}

function refuse(permanent: boolean, status: string, text: string): Route {
  return { kind: 'verdict', verdict: { permanent, status, text } }
}

function nameError(name: string, type: string, reason: string): string {
  return `Host or domain name not found. Name service error for name=${name} type=${type}: ${reason}`
}

/** Fisher and Yates. RFC 5321 §5.1: equal preference is spread at random. */
function shuffle<T>(list: readonly T[], random: Random): T[] {
  const shuffled = [...list]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const swapped = shuffled[i]!
    shuffled[i] = shuffled[j]!
    shuffled[j] = swapped
  }
  return shuffled
}
