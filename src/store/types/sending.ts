/** What accounts and domains may send within an hour, and what they sent. All counts are of recipients. */
import type { AccountId } from '../types.ts'

export type SendingSubject = { kind: 'mailbox'; accountId: AccountId } | { kind: 'domain'; domain: string }

/** What holds where neither mailbox nor domain says anything; null: no limit. */
export interface SendingDefaults {
  mailbox: number | null
  domain: number | null
}

export interface SendingRaise {
  limit: number
  until: number
  by: string
}

export interface SendingGauge {
  kind: SendingSubject['kind']
  /** The mailbox's address, or the domain. */
  name: string
  domain: string
  /** Within the last hour. */
  used: number
  /** With the raise, where there is one; null: none. */
  limit: number | null
  /** Without. */
  usualLimit: number | null
  /** null where it may send. */
  blockedUntil: number | null
  raise: SendingRaise | null
}

/** A message that could not be sent, and what stood at the time. */
export interface SendingIncident {
  limit: number
  used: number
  /** How many the message had, and some of them. */
  recipients: number
  sample: string[]
  blockedUntil: number
  /** Who sent it; of a domain, one of its mailboxes. */
  sender: string
  senderId: AccountId
}

export interface SendingWarning {
  limit: number
  used: number
}

/** To be told by mail. `name`: the mailbox's address, or the domain. */
export type SendingNews = { subject: SendingSubject; name: string; domain: string; at: number } & (
  | { kind: 'blocked'; facts: SendingIncident }
  | { kind: 'warning'; facts: SendingWarning }
)

/** A mailbox among those that are nearest their limits. */
export interface SendingNearest {
  address: string
  used: number
  limit: number
  blockedUntil: number | null
}
