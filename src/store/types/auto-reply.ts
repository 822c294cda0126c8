/** What a mailbox answers while its owner is away. */
import type { AccountId } from '../types.ts'

/** everyone; people whom the owner wrote to before; people of the mailbox's own domain. */
export type AutoReplyAudience = 'everyone' | 'correspondents' | 'domain'

export interface AutoReplyRow {
  accountId: AccountId
  enabled: boolean
  /** First and last day, `YYYY-MM-DD`, both included; null: from now on, and until it is switched off. */
  fromDay: string | null
  untilDay: string | null
  /** IANA name: where those days begin and end. */
  timeZone: string
  /** One line; empty: made from the subject of the message that is answered. */
  subject: string
  /** Plain text, lines ended by LF. */
  text: string
  audience: AutoReplyAudience
  /** The same sender is answered once in this many days. */
  intervalDays: number
  updatedAt: number
}
