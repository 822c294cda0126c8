/** Which messages of the queue an operator means. */
import type { QueueMessageRow, QueueRecipientRow, RecipientStatus } from '../store/types.ts'
import { requote } from '../wire/smtp/path.ts'
import { asciiDomain, lowerCaseDomain } from './address.ts'

/** One recipient of a message, or all of them. */
export interface Selection {
  queueId: number
  recipientId: number | null
}

/** By who wrote and for whom: each an address, or a domain and all addresses in it; null where it is anybody. */
export interface Filter {
  /** '' is the null reverse-path, under which reports and automatic replies leave. */
  from: string | null
  to: string | null
}

export interface Listed {
  message: QueueMessageRow
  recipients: QueueRecipientRow[]
}

/** Those recipients of the message that the filter names and that have one of the statuses. */
export function selected(
  { message, recipients }: Listed,
  { from, to }: Filter,
  statuses: readonly RecipientStatus[],
): QueueRecipientRow[] {
  if (!isNamed(message.reversePath, from)) return []
  return recipients.filter(({ address, status }) => statuses.includes(status) && isNamed(address, to))
}

/** Local parts compare without case, as operators mean them. */
function isNamed(address: string, named: string | null): boolean {
  if (named === null || named === '') return named === null || address === ''
  const domain = asciiDomain(lowerCaseDomain(address))
  return named.includes('@')
    ? localPart(named) === localPart(address) && asciiDomain(lowerCaseDomain(named)) === domain
    : asciiDomain(named) === domain
}

/** Quotes that it needs are added where they are left out, as in what carriers call their users. */
function localPart(address: string): string {
  const local = address.slice(0, address.lastIndexOf('@')).toLowerCase()
  return local.startsWith('"') ? local : requote(local)
}
