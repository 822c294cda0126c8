/** Operations and queries on how long what was retrieved by POP3 stays. */
import type { AccountId, MailboxId, Uid, UidRange } from '../types.ts'
import type { Define } from './define.ts'

export interface Pop3Operations {
  /** null: as long as it is not deleted; what was retrieved is forgotten. `not-found`. */
  'pop3.setKeepDays': Define<{ accountId: AccountId; keepDays: number | null }, void>
  /** Notes those that are there and were not retrieved before; nothing where they stay anyway. */
  'pop3.retrieved': Define<{ accountId: AccountId; mailboxId: MailboxId; uids: UidRange[]; at: number }, void>
}

export interface Pop3Queries {
  'pop3.keepDays': Define<{ accountId: AccountId }, number | null>
  /** The least of all accounts; null: none has a limit. */
  'pop3.leastKeepDays': Define<Record<never, never>, number | null>
  /** Messages whose days are over at `at`; of accounts in the bin, none. */
  'pop3.expired': Define<{ at: number; limit: number }, { accountId: AccountId; mailboxId: MailboxId; uid: Uid }[]>
}
