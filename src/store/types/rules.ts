/** Scripts (RFC 5228), what they remember, and what is added to what an account sends. */
import type { AccountId } from '../types.ts'

export interface ScriptRow {
  name: string
  isActive: boolean
  /** Octets of its source. */
  sizeBytes: number
  updatedAt: number
}

/** Of all mailboxes of a domain, or of the service. */
export interface CommonScriptRow {
  source: string
  isActive: boolean
  /** Another with each change; that of one made anew is none that was there before. */
  revision: number
  updatedAt: number
}

/** Whose script: a mailbox's active one, or the one of a domain; of the service, whose domain is the empty name. */
export type ScriptSubject = { kind: 'mailbox'; accountId: AccountId } | { kind: 'domain'; domain: string }

/** Where a script stopped, and with which message. */
export interface ScriptFailureFacts {
  /** Of the script, or of the one it includes; empty where it has none. */
  script: string
  /** Of the panel, where the script is made of such. */
  rule: string | null
  line: number
  column: number
  /** What is wrong, in English, as messages of Sieve are. */
  problem: string
  /** The mailbox that the message was for. */
  address: string
  /** Its reverse-path; empty for a report. */
  sender: string
}

/** The last one since the script was changed. */
export interface ScriptFailure extends ScriptFailureFacts {
  at: number
  /** How many messages it stopped with since then. */
  messages: number
}

export interface ScriptFailureNews {
  subject: ScriptSubject
  /** The mailbox's address, or the domain; empty for the service. */
  name: string
  domain: string | null
  failure: ScriptFailure
}

/** What an account's scripts remember, each for a while. */
export type RuleMemoryKind = 'reply' | 'duplicate'

export interface RuleMemory {
  kind: RuleMemoryKind
  /** Of what it is known by: a sender, a message's id. */
  hash: Uint8Array
  until: number
  /** It may be remembered already: then until the later of both. */
  prolongs?: boolean
}

export interface SendingRulesRow {
  accountId: AccountId
  /** Addresses that all that the account sends goes to as well; those of the first list are named in its Cc field. */
  copiesCc: string[]
  copiesBcc: string[]
  /** Whether what is submitted by SMTP is filed among what was sent. */
  filesSentCopy: boolean
  updatedAt: number
}
