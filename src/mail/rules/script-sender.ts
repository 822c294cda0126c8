/** Under which address a script sends: the one it asks for with `:from` is a wish, for From must not lie (RFC 5230 §4.3, RFC 5435 §3.2). */
import type { AccountRow } from '../../store/types.ts'
import { flattenAddresses, parseAddresses } from '../../wire/mime/address.ts'
import type { SenderProblem } from '../send-as.ts'

export interface OwnAddresses {
  problemOf(account: AccountRow, address: string): Promise<SenderProblem | null>
}

/** `wanted`: as written, with or without a name. The first of its addresses; null where the account may not send under it. */
export async function senderOfScript(
  senders: OwnAddresses,
  account: AccountRow,
  wanted: string | null,
): Promise<{ name: string; address: string } | null> {
  const [first] = flattenAddresses(parseAddresses(wanted ?? ''))
  if (!first || first.host === '') return null
  const address = `${first.mailbox}@${first.host}`
  return (await senders.problemOf(account, address)) === null ? { name: first.name ?? '', address } : null
}
