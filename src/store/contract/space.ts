/** Operations and queries on what owners are told of their space. */
import type { SpaceMark, SpaceNews } from '../types/space.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

export interface SpaceOperations {
  /** Nothing where it was told before. `managers`: of what concerns them; its owner is still to be told. */
  'space.told': Define<{ accountId: AccountId; percent: SpaceMark; who: 'managers' | 'all' }, void>
}

export interface SpaceQueries {
  /** Marks that were crossed and not told of yet; of accounts in the bin, none. `after`: an account's id, or 0. */
  'space.news': Define<{ after: AccountId; limit: number }, SpaceNews[]>
}
