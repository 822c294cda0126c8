/** Where a recipient waits: with this service where its domain is one of ours, in whatever letters that is written. */
import { parseAddress } from '../accounts/addresses.ts'
import type { Store } from '../store/store.ts'
import { destinationElsewhere, LOCAL_DESTINATION } from './address.ts'

export async function destinationOf(store: Pick<Store, 'read'>, address: string): Promise<string> {
  const parsed = parseAddress(address)
  const found = parsed && (await store.read('address.lookup', parsed))
  return found?.domain ? LOCAL_DESTINATION : destinationElsewhere(address)
}
