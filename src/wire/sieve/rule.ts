/** A rule as people put it together in the panel. */

export type TextComparison = 'contains' | 'is' | 'begins' | 'ends'

/** `texts`: any of them. `is`, `begins` and `ends` of senders and recipients are about the address alone. */
export type Condition =
  | {
      kind: 'sender' | 'recipient' | 'subject' | 'list'
      comparison: TextComparison
      texts: string[]
      isNegated: boolean
    }
  | { kind: 'header'; name: string; comparison: TextComparison; texts: string[]; isNegated: boolean }
  /** Contains. */
  | { kind: 'body'; texts: string[]; isNegated: boolean }
  | { kind: 'size'; comparison: 'over' | 'under'; bytes: number }
  | { kind: 'attachment'; isNegated: boolean }

export type RuleAction =
  | { kind: 'move' | 'copy'; mailbox: string }
  | { kind: 'forward'; address: string; keepsCopy: boolean }
  | { kind: 'keyword'; keyword: string }
  | { kind: 'mark-read' | 'flag' | 'trash' | 'stop' }
  /** Nothing else is done with the message, nor looked at. */
  | { kind: 'reject'; reason: string }

export interface Rule {
  name: string
  isEnabled: boolean
  match: 'all' | 'any'
  /** None: each message. */
  conditions: Condition[]
  actions: RuleAction[]
}
