/** Operations and queries on what may be sent within an hour, and what was. */
import type {
  HoldDecision,
  HoldFacts,
  HoldReason,
  HoldThresholds,
  SendingDefaults,
  SendingGauge,
  SendingHold,
  SendingNearest,
  SendingNews,
  SendingRaise,
  SendingSubject,
  WatchedSubmission,
} from '../types/sending.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

type Submission = { accountId: AccountId; recipients: number; defaults: SendingDefaults; at: number }

export interface SendingOperations {
  /**
   * Counts a message of the account, for it and for its domain; `over-limit` where one of them has not so much left in the
   * hour, or is blocked. To go into the transaction that accepts the message. Notes a warning to be told where little is left.
   * `unusual`: the message goes beyond what the account is used to, from a new place: it is to be held. `conflict`: held by now,
   * or no longer.
   */
  'sending.charge': Define<Submission & { watched?: WatchedSubmission }, void>
  /**
   * The message was refused: blocks the mailbox or the domain whose limit it is, once, and notes it to be told. Answers until
   * when; null where the message could be sent.
   */
  'sending.block': Define<Submission & { sample: string[]; blockedMs: number }, number | null>
  /** Also ends a block. null: the usual limit again. `not-found`. */
  'sending.raise': Define<{ subject: SendingSubject; raise: SendingRaise | null; at: number }, void>
  /** Nothing where there is none. */
  'sending.unblock': Define<{ subject: SendingSubject }, void>
  /** Nothing where it was told before. */
  'sending.told': Define<{ subject: SendingSubject; kind: SendingNews['kind'] }, void>
  /**
   * What the account sends from now on is held, and so is what waits in the queue, when its turn comes. Nothing where it
   * is held, or was cleared of that. Of a new place, `facts` counts the message and names the setting: the rest is
   * added.
   */
  'sending.hold': Define<{ accountId: AccountId; reason: HoldReason; facts: HoldFacts; at: number }, void>
  /**
   * Some that the account wrote to are not to be reached for good; holds its mail where there are too many of them. `wereSent`:
   * whether they were charged; else they were refused while the message was handed in. Nothing where the account is gone or held.
   */
  'sending.failed': Define<
    {
      accountId: AccountId
      failures: readonly { address: string; isUnknown: boolean }[]
      wereSent: boolean
      thresholds: HoldThresholds
      at: number
    },
    void
  >
  /**
   * Ends the hold; `queue.letGo` lets go what waits. Not held for the same again before `clearedUntil`. Notes it to be told.
   * `not-found`: there is none.
   */
  'sending.release': Define<{ accountId: AccountId; clearedUntil: number; at: number }, void>
  /**
   * Takes what waits out of the queue, without a bounce; the account stays held. At most `limit` recipients: true where there
   * may be more. `tell`: what to tell of it, with the first of them.
   */
  'sending.drop': Define<{ accountId: AccountId; tell: HoldDecision | null; at: number; limit: number }, boolean>
  /** Lets go what waited for a hold that is over; at most `limit` recipients. True where there may be more. */
  'queue.letGo': Define<{ at: number; limit: number }, boolean>
  /** Leased recipients of a message that the account sent: back into the queue, to wait for its hold, or to go where that is over. */
  'queue.holdBack': Define<{ recipientIds: readonly number[]; accountId: AccountId; at: number }, void>
  /** Forgets what no longer counts of who sends no more; at most `limit` of them. True where there may be more. */
  'sending.sweep': Define<{ at: number; limit: number }, boolean>
}

export interface SendingQueries {
  /** null: no such account or domain. */
  'sending.gauge': Define<{ subject: SendingSubject; defaults: SendingDefaults; at: number }, SendingGauge | null>
  'sending.isHeld': Define<{ accountId: AccountId }, boolean>
  /** Of these domains or of all, latest first. */
  'sending.holds': Define<
    { domains: readonly string[] | null; limit: number },
    (SendingHold & { accountId: AccountId; address: string })[]
  >
  'sending.news': Define<{ limit: number }, SendingNews[]>
  /** Of these domains or of all: mailboxes with a limit that sent in the hour, the fullest first. */
  'sending.nearest': Define<
    { domains: readonly string[] | null; defaults: SendingDefaults; at: number; limit: number },
    SendingNearest[]
  >
}
