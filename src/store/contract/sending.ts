/** Operations and queries on what may be sent within an hour, and what was. */
import type {
  SendingDefaults,
  SendingGauge,
  SendingNearest,
  SendingNews,
  SendingRaise,
  SendingSubject,
} from '../types/sending.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

type Submission = { accountId: AccountId; recipients: number; defaults: SendingDefaults; at: number }

export interface SendingOperations {
  /**
   * Counts a message of the account, for it and for its domain; `over-limit` where one of them has not so much left in the
   * hour, or is blocked. To go into the transaction that accepts the message. Notes a warning to be told where little is left.
   */
  'sending.charge': Define<Submission, void>
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
  /** Forgets what no longer counts of who sends no more; at most `limit` of them. True where there may be more. */
  'sending.sweep': Define<{ at: number; limit: number }, boolean>
}

export interface SendingQueries {
  /** null: no such account or domain. */
  'sending.gauge': Define<{ subject: SendingSubject; defaults: SendingDefaults; at: number }, SendingGauge | null>
  'sending.news': Define<{ limit: number }, SendingNews[]>
  /** Of these domains or of all: mailboxes with a limit that sent in the hour, the fullest first. */
  'sending.nearest': Define<
    { domains: readonly string[] | null; defaults: SendingDefaults; at: number; limit: number },
    SendingNearest[]
  >
}
