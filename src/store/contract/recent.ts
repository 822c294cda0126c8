import type { AccountId, MailboxId, Uid } from '../types.ts'
import type { Define } from './define.ts'

export interface RecentOperations {
  /**
   * Takes all messages up to `upTo` for the session that is told of them, once and for all: resolves with the UID above which nobody
   * had taken them, `upTo` where that is none. Its mod-sequence stays. `not-found`.
   */
  'mailbox.takeRecent': Define<{ accountId: AccountId; mailboxId: MailboxId; upTo: Uid }, { above: Uid }>
}
