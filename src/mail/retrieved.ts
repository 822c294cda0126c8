/** Removes what was retrieved by POP3 as many days ago as its mailbox keeps it, as any client would. */
import { type Store, StoreError } from '../store/store.ts'
import type { AccountId, MailboxId, Uid, UidRange } from '../store/types.ts'
import { type ReceivedOnTop, receivedOnTop } from '../wire/smtp/received.ts'
import type { Changes } from './changes.ts'
import type { TraceSeen } from './trace/recorder.ts'

export interface RetrievedParts {
  store: Pick<Store, 'read' | 'write' | 'blobs'>
  changes: Changes
  /** Where traces are kept. */
  trace?: Pick<TraceSeen, 'removed'>
}

interface Group {
  accountId: AccountId
  mailboxId: MailboxId
  uids: UidRange[]
}

/** True where there may be more. */
export async function removeRetrieved(parts: RetrievedParts, at: number, limit: number): Promise<boolean> {
  const expired = await parts.store.read('pop3.expired', { at, limit })
  const groups = new Map<string, Group>()
  for (const { accountId, mailboxId, uid } of expired) {
    const key = `${accountId}.${mailboxId}`
    const group = groups.get(key) ?? { accountId, mailboxId, uids: [] }
    group.uids.push({ from: uid, to: uid })
    groups.set(key, group)
  }
  for (const group of groups.values()) await remove(parts, group, at)
  return expired.length === limit
}

async function remove({ store, changes, trace }: RetrievedParts, group: Group, at: number): Promise<void> {
  const { accountId } = group
  const known = trace ? await receivedOf(store, group) : null
  const { uids, modseq } = await store.write('message.expunge', { ...group, onlyDeleted: false, at })
  if (uids.length === 0) return
  changes.publish({ accountId, modseq })
  const account = known && (await store.read('account.byId', { accountId }))
  for (const uid of uids) {
    const received = known?.get(uid)
    if (received && account) trace?.removed({ accountId, address: account.address, received })
  }
}

/** Which traces they are of, asked while they are there: one message in memory at a time. */
async function receivedOf(
  store: RetrievedParts['store'],
  { accountId, mailboxId, uids }: Group,
): Promise<Map<Uid, ReceivedOnTop>> {
  const known = new Map<Uid, ReceivedOnTop>()
  for (const range of uids)
    for (const { uid, blobHash } of await store.read('message.withBlob', { accountId, mailboxId, ...range, limit: 1 }))
      try {
        const received = receivedOnTop(await store.blobs.read(blobHash))
        if (received) known.set(uid, received)
      } catch (error) {
        // Whatever is wrong with it, `verify` tells; it is removed all the same.
        if (!(error instanceof StoreError)) throw error
      }
  return known
}
