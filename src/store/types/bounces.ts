/** Where bounces of a mailbox go as well. */
import type { AccountId } from '../types.ts'

export interface BounceCopyRow {
  accountId: AccountId
  /** Here or elsewhere. */
  address: string
  updatedAt: number
}
