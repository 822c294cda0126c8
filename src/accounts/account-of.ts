/** The mailbox that somebody asks about: his own, or one that he administers. */
import type { Store } from '../store/store.ts'
import type { AccountRow } from '../store/types.ts'
import { AccountError } from './account-error.ts'
import { type Actor, mayAdminister, mayManage } from './actor.ts'
import { parseAddress } from './addresses.ts'
import { DirectoryError } from './directory/error.ts'

type Reads = Pick<Store, 'read'>

/** Throws `mailbox-not-found`. */
export async function ownAccount(store: Reads, { principalId, hasMailbox, address }: Actor): Promise<AccountRow> {
  const account =
    principalId !== null && hasMailbox ? await store.read('account.byId', { accountId: principalId }) : null
  if (!account) throw noMailbox(address)
  return account
}

/**
 * Throws `mailbox-not-found`, also where it is not the actor's to manage; `not-yours-to-change` where it belongs to another
 * manager or to staff: filters, copies and replies set there would hand him their mail.
 */
export async function administeredAccount(store: Reads, actor: Actor, text: string): Promise<AccountRow> {
  const address = parseAddress(text)?.address
  const account = address === undefined ? null : await store.read('account.byAddress', { address })
  if (!account || !mayManage(actor, account.domain)) throw noMailbox(text)
  const { accountId } = account
  if (accountId === actor.principalId) return account
  const holder = await store.read('principal.byId', { principalId: accountId })
  if (!holder || !mayAdminister(actor, holder))
    throw new DirectoryError('not-yours-to-change', `${account.address} is for staff to change`)
  return account
}

export const noMailbox = (address: string): AccountError =>
  new AccountError('mailbox-not-found', 'There is no such mailbox', { address })
