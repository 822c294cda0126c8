/** Operations and queries on what owners are told of their space. */
import type { SpaceMark, SpaceNews } from '../types/space.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

export interface SpaceOperations {
  /** Nothing where it was told before. */
  'space.told': Define<{ accountId: AccountId; percent: SpaceMark }, void>
}

export interface SpaceQueries {
  /** Marks that were crossed and not told of yet; of accounts in the bin, none. */
  'space.news': Define<{ limit: number }, SpaceNews[]>
}
