/**
 * What the door asks of the rules for mail. For each account that a message is for: what its owner's, the domain's and the
 * staff's rules make of it. For a message that an account sends: what is added to it.
 */
import type { AnyOperation } from '../store/store.ts'
import type { RuleMemory } from '../store/types/rules.ts'
import type { TraceRule } from '../store/types/trace.ts'
import type { AccountId, AccountRow, Place } from '../store/types.ts'
import type { IncomingMessage } from './accept.ts'

export interface Filter {
  /** Never rejects for what a rule says or does wrong: then the message goes into INBOX. */
  filter(account: AccountRow, arrival: Arrival): Promise<FilterVerdict>
}

export interface Arrival {
  message: IncomingMessage
  /** The recipient that led to the account, as given in RCPT. */
  recipient: string
  /** The message as the account gets it, Return-Path included. */
  bytes: Uint8Array
  at: number
}

export interface FilterVerdict {
  /** None: the account keeps no copy. */
  places: FiledPlace[]
  sends: SentByRule[]
  /** RFC 5429: why the account refuses the message; it has no places then. */
  refusal: RuleRefusal | null
  /** In the transaction that keeps the message; each once. */
  memories: RuleMemory[]
  /** What rules did, for the trace. */
  rules: TraceRule[]
}

/** `isExact`: `reject`, whose reason is to reach the sender as it was written (§2.2); that of `ereject` may lose its accents. */
export interface RuleRefusal {
  reason: string
  isExact: boolean
}

/** `bytes`: what rules had made of the message when they put it there (RFC 5293 §6); null where it is as it came. */
export type FiledPlace = Place & { bytes: Uint8Array | null }

/** A redirected message, an automatic reply, a notification. */
export interface SentByRule {
  reversePath: string
  recipients: string[]
  /** Of a redirected one, to whom it was sent, so that its sender is told of that address; null of others. */
  originalRecipient: string | null
  bytes: Uint8Array
  smtpUtf8: boolean
  eightBit: boolean
}

export interface Outgoing {
  /** The message with what is added to all that the account sends, and where its own copy goes. */
  prepare(accountId: AccountId, message: IncomingMessage): Promise<PreparedMessage>
}

export interface PreparedMessage {
  message: IncomingMessage
  /** null where the owner's mail program files it, or nobody. */
  sentCopy: { bytes: Uint8Array; places: Place[]; onceAmong: number } | null
}

/** `remoteAddress`: from where the message was handed in; null where it did not come over the network. */
export interface SubmittingAccount {
  accountId: AccountId
  remoteAddress: string | null
}

/** What the door asks of the limits of sending; see `accounts/sending`. */
export interface ChargesSending {
  /** What commits with the message, first of all; `isHeld`: it waits in the queue, for its recipients here as well. */
  charge(
    sender: SubmittingAccount,
    recipients: number,
    at: number,
  ): Promise<{ operations: AnyOperation[]; isHeld: boolean }>
  charged(): void
  /** The message is unlike all that the account sends: it is to be held. */
  hold(sender: SubmittingAccount, recipients: readonly string[]): Promise<void>
  refused(accountId: AccountId, recipients: readonly string[]): Promise<unknown>
}

/** Where mail goes by itself. */
export const inbox: FiledPlace = { mailbox: 'INBOX', flags: { system: 0, keywords: [] }, bytes: null }

export const keptInInbox: FilterVerdict = { places: [inbox], sends: [], refusal: null, memories: [], rules: [] }
