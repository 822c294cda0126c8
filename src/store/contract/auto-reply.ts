/** Operations and queries on what a mailbox answers while its owner is away. */
import type { AutoReplyRow } from '../types/auto-reply.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

export interface AutoReplyOperations {
  /** Adds or replaces. */
  'autoReply.set': Define<AutoReplyRow, void>
}

export interface AutoReplyQueries {
  /** null where none was ever set. */
  'autoReply.get': Define<{ accountId: AccountId }, AutoReplyRow | null>
}
