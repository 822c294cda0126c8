/**
 * What a sender is told of a recipient he did not write to. Where a mailbox sends its mail on is its owner's to tell
 * (RFC 3464 §4.2): not in a report, nor in the other server's words, which may name it.
 *
 * What was written to goes along as the original recipient; the door adds it where the sender gave none (RFC 3461 §5.2.1 (d)).
 */
import type { Store } from '../store/store.ts'
import type { AccountId, AttemptResult, LeasedRecipient } from '../store/types.ts'
import { SENT_ON } from '../wire/report/explanation/rules.ts'
import { isAscii, lowerCaseDomain, MAILBOX_DESTINATION } from './address.ts'

export function originalOf(address: string): string {
  return `${isAscii(address) ? 'rfc822' : 'utf-8'};${address}`
}

export interface Told {
  address: string
  result: AttemptResult
}

export async function toldToSender(
  store: Pick<Store, 'read'>,
  accountId: AccountId | null,
  { address, originalRecipient, destination }: Pick<LeasedRecipient, 'address' | 'originalRecipient' | 'destination'>,
  result: AttemptResult,
): Promise<Told> {
  const given = originalRecipient?.slice(originalRecipient.indexOf(';') + 1) ?? address
  const isAsWritten = destination === MAILBOX_DESTINATION || given.toLowerCase() === address.toLowerCase()
  // A program that sends for its user may name anything: what it expanded itself is no secret to it.
  if (isAsWritten || (accountId !== null && !(await isOurs(store, given)))) return { address, result }
  return { address: given, result: { ...result, text: SENT_ON, remoteHost: null, remoteAddress: null } }
}

async function isOurs(store: Pick<Store, 'read'>, address: string): Promise<boolean> {
  const domain = lowerCaseDomain(address)
  return (await store.read('address.lookup', { address: address.toLowerCase(), domain })).domain !== null
}
