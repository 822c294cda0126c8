/** Operations and queries on what a mailbox answers while its owner is away. */
import type { AutoReplyRow } from '../types/auto-reply.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

export interface AutoReplyOperations {
  /** Adds or replaces. */
  'autoReply.set': Define<AutoReplyRow, void>
  /** Switches it off. `conflict` where it was changed since. */
  'autoReply.end': Define<{ accountId: AccountId; updatedAt: number }, void>
}

export interface AutoReplyQueries {
  /** null where none was ever set. */
  'autoReply.get': Define<{ accountId: AccountId }, AutoReplyRow | null>
  /** Those that are on and whose last day is before the given one, the oldest first. */
  'autoReply.ending': Define<{ before: string; limit: number }, AutoReplyRow[]>
}
