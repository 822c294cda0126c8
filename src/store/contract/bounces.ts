/** Operations and queries on where bounces of a mailbox go as well. */
import type { BounceCopyRow } from '../types/bounces.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

export interface BounceOperations {
  /** Adds or replaces; `not-found` where there is no such account. */
  'bounceCopy.set': Define<BounceCopyRow, void>
  /** Nothing where there was none. */
  'bounceCopy.remove': Define<{ accountId: AccountId }, void>
}

export interface BounceQueries {
  'bounceCopy.get': Define<{ accountId: AccountId }, BounceCopyRow | null>
}
