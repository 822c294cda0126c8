/** What the dashboards plot. */
import type { AccountId } from '../types.ts'

export interface TrafficCounts {
  received: number
  receivedBytes: number
  /** Recipients, as sending limits count them. */
  sent: number
  sentBytes: number
  /** Messages refused at submission. */
  refused: number
}

export interface TrafficRow extends TrafficCounts {
  accountId: AccountId
  /** Whole hours since 1970. */
  hour: number
}

export interface SpaceRow {
  domain: string
  /** YYYY-MM-DD in the service's calendar. */
  day: string
  usedBytes: number
  quotaBytes: number
  mailboxes: number
}
