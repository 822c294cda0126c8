/** What became of each message, in and out: rows of the trace as the rest of Facteur sees them. */
import type { AccountId } from '../types.ts'
import type { HoldReason } from './sending.ts'

/** in: from elsewhere, for mailboxes of this service. out: from an account, or written here. local: both ends are here. */
export type TraceDirection = 'in' | 'out' | 'local'

/** How a message came. */
export interface TraceOrigin {
  /** smtp: port 25. submission: from an account. rule: sent by someone's rules. service: notices and reports made here. */
  via: 'smtp' | 'submission' | 'rule' | 'service'
  remoteAddress: string | null
  helo: string | null
  /** Version and cipher; null for a plain connection, or none. */
  tls: string | null
  /** The address of the account that signed in, or whose rule it was. */
  credential: string | null
  /** null: it was its password, or none. */
  appPasswordId: string | null
}

/** What a rule did with the message of one recipient. */
export interface TraceRule {
  /** rule: of the panel. script: of the mailbox, written by hand. domain, service: a rule or a script for all mailboxes of it. */
  kind: 'rule' | 'script' | 'domain' | 'service' | 'auto-reply'
  /** Of the rule or the script; empty where it has none. */
  name: string
  /** Of a script written by hand. */
  line: number | null
  /** failed: it stopped at an error, and what it decided about the inbox was not done. */
  did: 'filed' | 'redirected' | 'discarded' | 'refused' | 'answered' | 'notified' | 'flagged' | 'edited' | 'failed'
  /** The folder, the address, flags, fields of the header, the error; empty where there is none. */
  what: string
}

/** What was known of one recipient at once, when the message came. */
export type TraceFirstStep =
  | { kind: 'stored'; mailboxes: string[]; rules: TraceRule[] }
  | { kind: 'queued' }
  /** A rule kept no copy. */
  | { kind: 'discarded'; rules: TraceRule[] }
  /** `count`: how many refusals alike the row stands for. */
  | { kind: 'refused'; reason: string; answer: string; count: number; rules: TraceRule[] }

export interface TraceRecipient {
  /** In lower case: the mailbox, or the address it was queued for. */
  address: string
  /** The address given by the sender, in lower case, where it led here: an alias. */
  via: string | null
  /** Of the mailbox. */
  accountId: AccountId | null
  first: TraceFirstStep
}

/** Whom a link tells of: that it arrived in his mailbox, or in which kind of folder too. */
export interface LinkedRecipient {
  address: string
  sight: 'folder' | 'arrival'
}

export interface NewTrace {
  /** As told to the client; empty for what was refused before there was one. */
  id: string
  at: number
  direction: TraceDirection
  /** The account that sent it, or whose rule did. */
  accountId: AccountId | null
  /** In lower case; empty for the null reverse-path. */
  reversePath: string
  sizeBytes: number
  /** Without angle brackets; empty where there is none. */
  messageId: string
  subject: string
  origin: TraceOrigin
  /** Of what an account sent: what was done beside. */
  added?: TraceAdded | null
  recipients: TraceRecipient[]
}

export interface TraceAdded {
  /** The mailbox with the sender's own copy; null where there is none. */
  sentCopy: string | null
  /** The addresses of automatic copies. */
  copies: string[]
}

export interface TraceRow extends NewTrace {
  /** Ascends in the order of commits; events have ids of the same row of numbers. */
  traceId: number
  /** The queue's own names for it, where recipients were queued: one for each reverse-path. */
  queueIds: number[]
}

export type TraceEventKind =
  | 'delivered'
  | 'deferred'
  | 'bounced'
  | 'expired'
  | 'held'
  | 'released'
  | 'retried'
  | 'dropped'
  /** It was held when the mailbox that sent it was deleted. */
  | 'gone'
  | 'stored'
  | 'discarded'
  | 'read'
  /** From the mailbox, so many days after POP3 fetched it. */
  | 'removed'

/** Of an attempt: what was answered. Of `stored`: where. Of `held`: why. */
export interface TraceEventDetail {
  host?: string | null
  remoteAddress?: string | null
  tls?: string | null
  /** Enhanced status code. */
  status?: string
  /** The answer as it came. */
  answer?: string
  nextAttemptAt?: number
  mailboxes?: string[]
  rules?: TraceRule[]
  /** Of `held`: what was unusual; missing where staff held this message. */
  hold?: HoldReason
}

export interface TraceEvent {
  eventId: number
  traceId: number
  at: number
  /** In lower case. */
  recipient: string
  kind: TraceEventKind
  detail: TraceEventDetail
}

/** Who asks: an owner for what his account sent or got, a manager for mail from or to his domains; null for all. */
export type TraceScope =
  | { accountId: AccountId }
  /** `since`: when each was added. What was before belongs to whoever had the name then. */
  | { domains: readonly string[]; since?: ReadonlyMap<string, number> }
  | null

/** An address as far as it is remembered, in lower case. `exact`: whether `localPart` is all of it, or a piece. */
export interface TraceAddressPattern {
  localPart: string | null
  domain: string | null
  exact: boolean
}

/** Of one recipient at least: delivered, also into a mailbox here; waiting; refused, here or elsewhere, or given up; held. */
export type TraceStatus = 'delivered' | 'waiting' | 'refused' | 'held'

export interface TraceSearch {
  scope: TraceScope
  sender: TraceAddressPattern | null
  recipient: TraceAddressPattern | null
  /** At either end. */
  address: TraceAddressPattern | null
  /** sent: by whose scope it is. received: for them. Without a scope: by or for anyone here. */
  way: 'sent' | 'received' | null
  status: TraceStatus | null
  /** The id told to the client or the Message-ID: how it begins (`prefix`), or a piece of it. */
  id: { text: string; match: 'prefix' | 'part' } | null
  /** `from` ≤ x < `before`. */
  from: number | null
  before: number | null
  /** Below that trace. */
  below: number | null
  limit: number
  /** So many rows are looked at; where they don't suffice, `next` says where to go on. */
  budget: number
}
