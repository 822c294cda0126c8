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
  /** Of a mailbox: null where its mail goes out. */
  held: SendingHold | null
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

/**
 * Why mail of an account is held. new-place: more recipients within an hour from places it never sent from than it is used to.
 * unknown-users: many addresses that don't exist. bounces: many that refuse its mail.
 */
export type HoldReason = 'new-place' | 'unknown-users' | 'bounces'

/** From how many on what an account sends is held; null: never for that. */
export type HoldThresholds = Record<HoldReason, number | null>

/** What is known of a message that is charged, to find what is unusual. `held`: whether the account's mail was held a moment ago. */
export interface WatchedSubmission {
  held: boolean
  isNewPlace: boolean
  /** Recipients within an hour from a new place, from which on it is unusual; null: never. */
  newPlaceLimit: number | null
}

export interface HoldFacts {
  /** What was counted, and what is usual at most. */
  count: number
  usual: number
  /** Some of the recipients that were counted. */
  sample: string[]
  /** Of a new place. */
  remoteAddress: string | null
  /** Its country (ISO 3166), or its network. */
  place: string | null
}

/** An account whose mail waits for a look by the staff. */
export interface SendingHold {
  reason: HoldReason
  at: number
  facts: HoldFacts
  /** What waits by now. */
  messages: number
  recipients: number
}

/** What staff decided on what was held. dropped: the account's mail is still held. */
export interface HoldDecision {
  decision: 'released' | 'dropped'
  messages: number
  recipients: number
}

/** To be told by mail. `name`: the mailbox's address, or the domain. */
export type SendingNews = { subject: SendingSubject; name: string; domain: string; at: number } & (
  | { kind: 'blocked'; facts: SendingIncident }
  | { kind: 'warning'; facts: SendingWarning }
  | { kind: 'held'; facts: HoldFacts & { reason: HoldReason } }
  | { kind: 'hold-decided'; facts: HoldDecision }
)

/** A mailbox among those that are nearest their limits. */
export interface SendingNearest {
  address: string
  used: number
  limit: number
  blockedUntil: number | null
}
