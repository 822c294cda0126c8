/** What owners are told of their space. */
import type { AccountId } from '../types.ts'

/** Percent of the quota. */
export type SpaceMark = 80 | 95

export interface SpaceNews {
  accountId: AccountId
  address: string
  domain: string
  percent: SpaceMark
  /** As they were when it was crossed. */
  usedBytes: number
  quotaBytes: number
  /** Its owner alone is still to be told. */
  managersTold: boolean
}
