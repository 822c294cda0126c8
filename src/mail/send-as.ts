/** Under which addresses an account may send. */
import { parseAddress, withoutTag } from '../accounts/addresses.ts'
import { resolveAddress } from '../accounts/resolve.ts'
import type { Store } from '../store/store.ts'
import type { AccountRow } from '../store/types.ts'

/**
 * Its own address and an alias that leads to it, each with any "+tag". Not what reaches it through a catch-all: that
 * would be every name of the domain that nobody has yet.
 */
export async function maySendAs(store: Store, { accountId }: AccountRow, address: string): Promise<boolean> {
  const parsed = parseAddress(address)
  if (!parsed) return false
  for (const name of [parsed.address, withoutTag(parsed)]) {
    if (name === null) continue
    const { account, aliasTargets } = await store.read('address.lookup', { address: name, domain: parsed.domain })
    if (account) return account.accountId === accountId
    if (!aliasTargets) continue
    const found = await resolveAddress(store, name, { postmaster: null })
    return found.kind === 'local' && found.accounts.some(owner => owner.accountId === accountId)
  }
  return false
}
