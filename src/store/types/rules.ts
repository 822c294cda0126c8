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

/** What an account's scripts remember, each for a while. */
export type RuleMemoryKind = 'reply' | 'duplicate'

export interface RuleMemory {
  kind: RuleMemoryKind
  /** Of what it is known by: a sender, a message's id. */
  hash: Uint8Array
  until: number
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
