/** Which traces a search finds, and how much of each whoever asks may see. */
import { domainOf } from '../../../wire/mime/domain-of.ts'
import { accountKey, addressKey, domainKey, ID_PREFIX, idKey } from '../../rows/trace.ts'
import type { TraceAddressPattern, TraceRecipient, TraceRow, TraceScope, TraceSearch } from '../../types/trace.ts'

/**
 * The trace with the recipients that may be seen; null where there are none. Who sent it sees them all; who got it must not
 * learn of the others, who may have been blind copies. What stands as reverse-path in mail from elsewhere proves nothing.
 */
export function withinScope(row: TraceRow, scope: TraceScope): TraceRow | null {
  if (scope === null) return row
  if ('accountId' in scope ? row.accountId === scope.accountId : isSentFrom(row, scope)) return row
  const recipients = row.recipients.filter(recipient => isOf(recipient, row, scope))
  return recipients.length > 0 ? { ...row, recipients } : null
}

type DomainScope = Extract<TraceScope, { domains: unknown }>

function isSentFrom({ at, accountId, origin, reversePath }: TraceRow, scope: DomainScope): boolean {
  return accountId !== null && isOfDomains(origin.credential ?? reversePath, at, scope)
}

function isOf({ address, via, accountId }: TraceRecipient, { at }: TraceRow, scope: NonNullable<TraceScope>): boolean {
  if ('accountId' in scope) return accountId === scope.accountId
  return isOfDomains(address, at, scope) || (via !== null && isOfDomains(via, at, scope))
}

function isOfDomains(address: string, at: number, { domains, since }: DomainScope): boolean {
  const domain = domainOf(address)
  return domains.includes(domain) && at >= (since?.get(domain) ?? 0)
}

/** Of a trace as far as it may be seen. */
export function isFound(row: TraceRow, search: TraceSearch): boolean {
  const { scope, sender, recipient, address, way, id, from, before } = search
  if (from !== null && row.at < from) return false
  if (before !== null && row.at >= before) return false
  if (id !== null && ![row.id, row.messageId].some(text => isIdOf(text, id))) return false
  if (sender !== null && !isFrom(row, sender)) return false
  if (recipient !== null && !isTo(row, recipient)) return false
  if (address !== null && !isFrom(row, address) && !isTo(row, address)) return false
  return way === null || (way === 'sent' ? isSent(row, scope) : isReceived(row, scope))
}

function isFrom({ reversePath, origin }: TraceRow, pattern: TraceAddressPattern): boolean {
  return isLike(reversePath, pattern) || isLike(origin.credential ?? '', pattern)
}

function isTo({ recipients }: TraceRow, pattern: TraceAddressPattern): boolean {
  return recipients.some(({ address, via }) => isLike(address, pattern) || isLike(via ?? '', pattern))
}

function isSent(row: TraceRow, scope: TraceScope): boolean {
  if (scope === null) return row.direction !== 'in'
  return 'accountId' in scope ? row.accountId === scope.accountId : isSentFrom(row, scope)
}

function isReceived(row: TraceRow, scope: TraceScope): boolean {
  return scope === null ? row.direction !== 'out' : row.recipients.some(recipient => isOf(recipient, row, scope))
}

function isIdOf(text: string, { text: wanted, match }: NonNullable<TraceSearch['id']>): boolean {
  return match === 'prefix' ? text.startsWith(wanted) : text.includes(wanted)
}

function isLike(address: string, { localPart, domain, exact }: TraceAddressPattern): boolean {
  if (address === '' || (domain !== null && domainOf(address) !== domain)) return false
  const local = address.slice(0, address.lastIndexOf('@'))
  return localPart === null || (exact ? local === localPart : local.includes(localPart))
}

/** One of each of these sets a trace must have to be found; the sets that few have come first. None: any may be. */
export function keysOfSearch({ scope, sender, recipient, address, id }: TraceSearch): number[][] {
  const sets: number[][] = []
  if (id !== null && id.match === 'prefix' && id.text.length >= ID_PREFIX) sets.push([idKey(id.text)])
  const patterns = [recipient, sender, address].filter(pattern => pattern !== null)
  const isWhole = ({ localPart, domain, exact }: TraceAddressPattern): boolean =>
    exact && localPart !== null && domain !== null
  const addresses = patterns.filter(isWhole).map(({ localPart, domain }) => [addressKey(`${localPart}@${domain}`)])
  const domains = patterns.flatMap(pattern =>
    pattern.domain !== null && !isWhole(pattern) ? [[domainKey(pattern.domain)]] : [],
  )
  sets.push(...addresses)
  if (scope !== null && 'accountId' in scope) sets.push([accountKey(scope.accountId)])
  sets.push(...domains)
  if (scope !== null && 'domains' in scope) sets.push(scope.domains.map(domainKey))
  return sets
}
