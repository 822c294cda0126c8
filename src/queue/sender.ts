/**
 * Who a queued message is from, as far as fairness goes, and how much of what all share one sender may take: what strangers can
 * cause, or one account sends, must leave room for the others, however slow the servers it is for.
 */
import type { QueueMessageRow } from '../store/types.ts'
import { SHARE_OF_NOBODY, SHARE_OF_SENDER } from './limits.ts'

/** Of reports and automatic replies: whoever writes to a mailbox causes them. */
export const NOBODY = -1
/** What was passed on for another, by an alias or a rule. */
const PASSED_ON = 0

/** The id of an account, `NOBODY` or `PASSED_ON`; as `queue.lease` has it. */
export function senderOf({ reversePath, accountId }: QueueMessageRow): number {
  return reversePath === '' ? NOBODY : (accountId ?? PASSED_ON)
}

/** At least one, so that each can go on. */
export function shareOf(sender: number, whole: number): number {
  return Math.max(Math.ceil(whole * (sender === NOBODY ? SHARE_OF_NOBODY : SHARE_OF_SENDER)), 1)
}
