/** Removes what was retrieved by POP3 as many days ago as its mailbox keeps it, as any client would. */
import type { Store } from '../store/store.ts'
import type { AccountId, MailboxId, UidRange } from '../store/types.ts'
import type { Changes } from './changes.ts'

export interface RetrievedParts {
  store: Pick<Store, 'read' | 'write'>
  changes: Changes
}

/** True where there may be more. */
export async function removeRetrieved({ store, changes }: RetrievedParts, at: number, limit: number): Promise<boolean> {
  const expired = await store.read('pop3.expired', { at, limit })
  const groups = new Map<string, { accountId: AccountId; mailboxId: MailboxId; uids: UidRange[] }>()
  for (const { accountId, mailboxId, uid } of expired) {
    const key = `${accountId}.${mailboxId}`
    const group = groups.get(key) ?? { accountId, mailboxId, uids: [] }
    group.uids.push({ from: uid, to: uid })
    groups.set(key, group)
  }
  for (const group of groups.values()) {
    const { uids, modseq } = await store.write('message.expunge', { ...group, onlyDeleted: false, at })
    if (uids.length > 0) changes.publish({ accountId: group.accountId, modseq })
  }
  return expired.length === limit
}
