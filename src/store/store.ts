/**
 * The Store: typed operations over transactions. It knows nothing of SQLite or PostgreSQL, and nothing of IMAP, SMTP or MIME.
 *
 * - `write` runs one operation in one transaction and resolves when it is on disk (past a power cut). It rejects with a
 *   `StoreError` for what a caller can expect to go wrong; nothing of the operation then remains.
 * - `read` sees committed rows only, and each query is bounded: what can be long takes a `limit` and is paged by its key.
 * - `blobs.stage` must come before the write that uses the blob; a staged blob that no operation takes is swept later.
 */

import type { AppendOperations } from './contract/append.ts'
import type { AutoReplyOperations, AutoReplyQueries } from './contract/auto-reply.ts'
import type { BillingOperations, BillingQueries } from './contract/billing.ts'
import type { BounceOperations, BounceQueries } from './contract/bounces.ts'
import type { ClusterOperations, ClusterQueries } from './contract/cluster.ts'
import type { Define } from './contract/define.ts'
import type { LinkOperations, LinkQueries } from './contract/links.ts'
import type { PanelDirectoryOperations, PanelDirectoryQueries } from './contract/panel-directory.ts'
import type { Pop3Operations, Pop3Queries } from './contract/pop3.ts'
import type { PrincipalOperations, PrincipalQueries } from './contract/principals.ts'
import type { RecentOperations } from './contract/recent.ts'
import type { RulesOperations, RulesQueries } from './contract/rules.ts'
import type { SendingOperations, SendingQueries } from './contract/sending.ts'
import type { ServiceOperations, ServiceQueries } from './contract/service.ts'
import type { SignInOperations, SignInQueries } from './contract/sign-in.ts'
import type { SpaceOperations, SpaceQueries } from './contract/space.ts'
import type { TextOperations, TextQueries } from './contract/texts.ts'
import type { TraceOperations, TraceQueries } from './contract/trace.ts'
import type { Damage } from './types/damage.ts'
import type { PrincipalId } from './types/principals.ts'
import type { NewTrace } from './types/trace.ts'
import type * as t from './types.ts'

export interface Store {
  read<K extends keyof Queries>(query: K, args: Queries[K]['args']): Promise<Queries[K]['result']>
  write<K extends keyof Operations>(operation: K, args: Operations[K]['args']): Promise<Operations[K]['result']>
  readonly blobs: Blobs
  /** Looks at every row, checksum and counter; yields each damage found. */
  verify(progress?: (done: number, total: number) => void): AsyncIterable<Damage>
  /** Nobody has the time any more to wait for an engine that can't be reached: what is asked fails at the first failure. Of one that may be out of reach. */
  hurry?(): void
  /** Waits for what was accepted, then closes. */
  close(): Promise<void>
}

/** A store that is only read: beside a running service, or where none runs. */
export interface ReadOnlyStore extends Pick<Store, 'read' | 'verify' | 'close'> {
  readonly blobs: Pick<Blobs, 'read'>
}

export interface Blobs {
  /** Hashes, compresses and, where the blob is large, writes and syncs the file; `proven`: also where it is kept already and is damaged there. */
  stage(bytes: Uint8Array, options?: { proven?: boolean }): Promise<t.StagedBlob>
  /** The bytes as they were staged; rejects with StoreError `damaged` where the checksum is wrong, `not-found` where there are none. */
  read(hash: string): Promise<Uint8Array>
  /** The same for who needs them once. With `isAlone` nobody else has them, and their memory may be given back after (wire/memory.ts). */
  readOnce(hash: string): Promise<{ bytes: Uint8Array; isAlone: boolean }>
}

export type { Damage }

export type StoreErrorCode =
  | 'not-found'
  | 'already-exists'
  | 'over-quota'
  | 'over-limit'
  | 'unusual'
  | 'too-many'
  | 'not-empty'
  | 'not-allowed'
  | 'conflict'
  | 'last-staff'
  | 'damaged'
  | 'unavailable'

/**
 * An expected failure. `conflict`: changed by someone else meanwhile. `last-staff`: nobody of the staff could sign in
 * any more. `unavailable`: try again later (disk full, store closing); nothing was changed.
 */
export class StoreError extends Error {
  readonly code: StoreErrorCode
  constructor(code: StoreErrorCode, message: string) {
    super(message)
    this.name = 'StoreError'
    this.code = code
  }
}

type InAccount = { accountId: t.AccountId }
type InMailbox = InAccount & { mailboxId: t.MailboxId }

/** One operation of any kind as a value, for `writeAll`. */
export type AnyOperation = { [K in SingleOperation]: { operation: K; args: Operations[K]['args'] } }[SingleOperation]
/** `store.sweep` removes files once it has committed, so it goes alone. */
type SingleOperation = Exclude<keyof Operations, 'several' | 'store.sweep'>

type ResultOf<O> = O extends { operation: infer K extends keyof Operations } ? Operations[K]['result'] : never

/** Several operations in one transaction, in order: all or none. Rejects with the error of the first that fails. */
export function writeAll<const T extends readonly AnyOperation[]>(
  store: Pick<Store, 'write'>,
  operations: T,
): Promise<{ [I in keyof T]: ResultOf<T[I]> }> {
  // Each result is of the operation in its place.
  return store.write('several', { operations }) as Promise<{ [I in keyof T]: ResultOf<T[I]> }>
}

/** Each changes the store in one transaction. `at` is the caller's clock. */
export interface Operations
  extends MailOperations,
    PrincipalOperations,
    SignInOperations,
    ServiceOperations,
    LinkOperations,
    BillingOperations,
    AutoReplyOperations,
    BounceOperations,
    ClusterOperations,
    Pop3Operations,
    PanelDirectoryOperations,
    AppendOperations,
    RecentOperations,
    RulesOperations,
    SendingOperations,
    SpaceOperations,
    TextOperations,
    TraceOperations {
  /** What `writeAll` is made of. */
  several: Define<{ operations: readonly AnyOperation[] }, unknown[]>
}

export interface Queries
  extends MailQueries,
    PrincipalQueries,
    SignInQueries,
    ServiceQueries,
    LinkQueries,
    BillingQueries,
    AutoReplyQueries,
    BounceQueries,
    ClusterQueries,
    Pop3Queries,
    PanelDirectoryQueries,
    RulesQueries,
    SendingQueries,
    SpaceQueries,
    TextQueries,
    TraceQueries {}

export interface MailOperations {
  'domain.add': Define<{ name: string; at: number }, void>
  /** `not-empty` while it has accounts, also in the bin. Aliases go with it. */
  'domain.remove': Define<{ name: string }, void>

  /**
   * Makes the account, its principal, INBOX and the given mailboxes; with `principalId`, of somebody who signs in with that
   * address and has no mailbox, who keeps password and role. `not-found`: no such domain, or nobody of that id and address. `already-exists`: someone
   * signs in with that address, or it is an alias. `too-many`: the domain may have no more. `over-quota`: it has no space
   * left to sell, or may not sell without a quota.
   */
  'account.add': Define<
    {
      address: string
      passwordHash: string | null
      principalId?: PrincipalId | null
      quotaBytes: number | null
      mailboxes: { name: string; specialUse: t.SpecialUse | null }[]
      /** Of whoever signs in. */
      name?: string
      kind?: t.AccountKind
      planId?: string | null
      at: number
    },
    { accountId: t.AccountId }
  >
  /** Removes the account with all its mail, for good, from wherever it is; its blobs are swept later. */
  'account.remove': Define<InAccount & { at: number }, void>
  /** With the plan it comes from, where that changes. `over-quota` as for a new account. */
  'account.setQuota': Define<InAccount & { quotaBytes: number | null; planId?: string | null }, void>

  /**
   * Adds or, where it needn't be new, replaces. `already-exists` where an account has that address; `not-found` where the
   * domain is not ours.
   */
  'alias.set': Define<
    { address: string; targets: string[]; kind?: t.AliasKind; name?: string; isNew?: boolean; at: number },
    void
  >
  'alias.remove': Define<{ address: string }, void>

  /**
   * Makes missing superiors too (RFC 9051 §6.3.4). Names are validated by the caller. `already-exists`; `not-allowed` where
   * another has the special use; `too-many`.
   */
  'mailbox.create': Define<InAccount & { name: string; specialUse: t.SpecialUse | null; at: number }, t.MailboxRow>
  /** Takes inferiors along; INBOX keeps its name and empties into the new mailbox (RFC 9051 §6.3.6). `already-exists`, `too-many`. */
  'mailbox.rename': Define<InMailbox & { name: string; at: number }, { modseq: t.Modseq }>
  /** Its inferiors stay. `not-allowed` for INBOX. */
  'mailbox.delete': Define<InMailbox & { at: number }, { modseq: t.Modseq }>
  /** A subscription outlives its mailbox (RFC 9051 §6.3.9). `modseq`: of the mailbox; null where there is none, or it was so before. */
  'mailbox.subscribe': Define<InAccount & { name: string; subscribed: boolean }, { modseq: t.Modseq | null }>

  /**
   * Changes flags. Messages whose modseq is above `unchangedSince` are left alone and listed in `unmodified` (RFC 7162 §3.1.3).
   * `changed` holds those whose flags are other than before, with their flags as they now are. MESSAGES_AT_ONCE at the most: `upTo`
   * is the last one that was looked at where others may follow, else null.
   */
  'message.flags': Define<
    InMailbox & {
      uids: t.UidRange[]
      mode: 'add' | 'remove' | 'replace'
      flags: t.Flags
      unchangedSince: t.Modseq | null
    },
    {
      changed: { uid: t.Uid; flags: t.Flags; modseq: t.Modseq }[]
      unmodified: t.Uid[]
      upTo: t.Uid | null
      modseq: t.Modseq
    }
  >
  /**
   * All or none. Flags and internal dates go along; `over-quota`. `target` may be the same mailbox. `expected`: how many
   * messages the ranges are to hold; `conflict` where some were removed meanwhile. `too-many`: more than MESSAGES_OF_COPY.
   */
  'message.copy': Define<
    InMailbox & { uids: t.UidRange[]; target: t.MailboxId; expected?: number; at: number },
    { uidValidity: number; pairs: { from: t.Uid; to: t.Uid }[]; modseq: t.Modseq }
  >
  /** The same of MESSAGES_AT_ONCE at the most; `upTo` as above. */
  'message.move': Define<
    InMailbox & { uids: t.UidRange[]; target: t.MailboxId; expected?: number; at: number },
    { uidValidity: number; pairs: { from: t.Uid; to: t.Uid }[]; upTo: t.Uid | null; modseq: t.Modseq }
  >
  /** Removes the messages in the ranges; with `onlyDeleted`, those of them that have \Deleted. MESSAGES_AT_ONCE at the most; `upTo` as above. */
  'message.expunge': Define<
    InMailbox & { uids: t.UidRange[]; onlyDeleted: boolean; at: number },
    { uids: t.Uid[]; upTo: t.Uid | null; modseq: t.Modseq }
  >

  /**
   * The one door of a message into the service: into mailboxes of accounts and into the queue, in one transaction.
   * Where an account has no room nothing is done at all, and `overQuota` names those without: ask again without them.
   * `settles`: the queue's recipient that this delivers, settled as delivered in the same transaction; `not-found` where it
   * is no longer to be delivered. `also`: what commits with it; where one of them fails, all of it does. `trace`: what is kept
   * of it for those who ask later; of what is settled, the steps go to the trace it was queued with.
   */
  'message.accept': Define<
    {
      deliveries: t.Delivery[]
      queue: t.NewQueueMessage[]
      settles?: { recipientId: number; result: t.AttemptResult }
      also?: readonly AnyOperation[]
      trace?: NewTrace
      at: number
    },
    {
      /** One for each place, in order. */
      delivered: { accountId: t.AccountId; mailboxId: t.MailboxId; uid: t.Uid; modseq: t.Modseq }[]
      overQuota: t.AccountId[]
      queueIds: number[]
    }
  >

  /** Leases what is due, oldest first, at most `perDestination` recipients leased at once of one destination; none of `except`. */
  'queue.lease': Define<t.LeaseRequest, t.LeasedRecipient[]>
  /**
   * Writes what became of leased recipients, and queues the reports (bounces, delay notices) made of it, in one transaction.
   * `owner`: who leased them. Of one whose lease another has by now only that it was delivered is written; where something else
   * is to be: `conflict`.
   */
  'queue.settle': Define<
    {
      owner?: string
      results: {
        recipientId: number
        /** `queued` to try again at `nextAttemptAt`. */
        status: t.RecipientStatus
        nextAttemptAt: number
        result: t.AttemptResult
        delayNotified: boolean
        /** False where no attempt was made (a local pause), so that it does not count. */
        countAttempt: boolean
        /** Version and cipher, for the trace. */
        tls?: string | null
      }[]
      reports: t.NewQueueMessage[]
      at: number
    },
    void
  >
  /** Returns leases of an owner that is gone, or of this process's former life. */
  'queue.release': Define<{ owner: string }, { recipients: number }>
  /** Makes due now what is to be tried after `after`: nothing waits so long, unless a clock that was ahead said when. */
  'queue.recall': Define<{ now: number; after: number }, { recipients: number }>
  /** Retry now, hold, release from hold, or remove without a bounce: some recipients of a message, or all. */
  'queue.control': Define<
    {
      queueId: number
      recipientIds: readonly number[] | null
      action: 'retry' | 'hold' | 'unhold' | 'remove'
      at: number
    },
    { recipients: number }
  >
  /**
   * Forgets settled messages older than `before`, and blobs that nothing names any more. Bounded work: call again while `more`,
   * with `goesOn`: what was looked at to its end then has its turn again in the next round only.
   */
  'store.sweep': Define<{ before: number; limit: number; goesOn?: boolean }, t.Swept>
  /**
   * The store comes from a backup, and clients know of what came after it: each mailbox has a new UIDVALIDITY, above all that
   * were ever given.
   */
  'store.restored': Define<{ at: number }, { mailboxes: number }>
  /** Small pieces of state that belong to the service (uidvalidity clock, schema notes, secrets made at first start). */
  'setting.set': Define<{ name: string; value: string }, void>
  /** Nothing where it is not set. */
  'setting.remove': Define<{ name: string }, void>
}

export interface MailQueries {
  'domain.list': Define<Record<never, never>, t.DomainRow[]>
  /** Accounts in the bin are found by none of these three. `after`: the last address of the page before. */
  'account.list': Define<{ domain: string | null; after: string | null; limit: number }, t.AccountRow[]>
  'account.byAddress': Define<{ address: string }, t.AccountRow | null>
  'account.byId': Define<InAccount, t.AccountRow | null>
  'alias.list': Define<{ domain: string | null; after: string | null; limit: number }, t.AliasRow[]>
  /** `address` in lower case. */
  'address.lookup': Define<{ address: string; domain: string }, t.AddressLookup>

  'mailbox.list': Define<InAccount, t.MailboxRow[]>
  'mailbox.byName': Define<InAccount & { name: string }, t.MailboxRow | null>
  /**
   * Those that were made or renamed, whose messages changed or that are subscribed to or no longer, since; and how many the
   * account has. By ascending id.
   */
  'mailbox.changedSince': Define<InAccount & { since: t.Modseq }, { mailboxes: number; changed: t.MailboxRow[] }>
  /**
   * What a client that knows of all changes up to `since`, and of what is gone up to `expungedSince`, has to hear: ranges as
   * of `message.expungedSince`, the first `limit` rows as of `message.changedSince`. Null where the mailbox is gone.
   */
  'mailbox.changes': Define<
    InMailbox & { since: t.Modseq; expungedSince: t.Modseq; limit: number },
    t.MailboxChanges | null
  >
  /** As the mailbox spells them: those that its messages have, or had. At most KEYWORDS_OF_MAILBOX. */
  'mailbox.keywords': Define<InMailbox, string[]>
  /** Names subscribed to, whether or not there is such a mailbox. */
  'mailbox.subscriptions': Define<InAccount, string[]>

  /** UIDs above `after`, ascending, at most `limit`. */
  'message.uids': Define<InMailbox & { after: t.Uid; limit: number }, Uint32Array>
  /** Rows of [from, to] by ascending UID, at most `limit`. */
  'message.rows': Define<InMailbox & t.UidRange & { limit: number }, t.MessageRow[]>
  /** The last message with that Message-ID among the `among` last ones of the mailbox; without angle brackets, as indexed. */
  'message.recent': Define<InMailbox & { messageId: string; among: number }, t.Uid | null>
  /** The same with what a header sync asks for, with what a body does, and with a list's fields: the rest of an email's row is long. */
  'message.described': Define<InMailbox & t.UidRange & { limit: number }, t.DescribedMessage[]>
  'message.withBlob': Define<InMailbox & t.UidRange & { limit: number }, t.MessageWithBlob[]>
  'message.withHeader': Define<InMailbox & t.UidRange & { limit: number }, t.MessageWithHeader[]>
  'message.withEmail': Define<InMailbox & t.UidRange & { limit: number }, t.MessageWithEmail[]>
  'message.withIndex': Define<InMailbox & t.UidRange & { limit: number }, t.MessageWithIndex[]>
  /** UIDs of [from, to] whose messages meet the conditions, ascending, at most `limit`. */
  'message.matching': Define<InMailbox & t.UidRange & { conditions: t.MessageConditions; limit: number }, Uint32Array>
  /** The same of those with `text` in a field: both in the form of comparison (see EmailIndex), so that letters alone decide. */
  'message.containing': Define<
    InMailbox & t.UidRange & { field: t.SearchField; text: string; limit: number },
    Uint32Array
  >
  /** The same of those whose `sentDay` lies in [sentFrom, sentBefore). */
  'message.sentBetween': Define<
    InMailbox & t.UidRange & { sentFrom: number; sentBefore: number; limit: number },
    Uint32Array
  >
  /** One sort key of each message of [from, to] by ascending UID, at most `limit`; of texts their first `characters`. */
  'message.sortKeys': Define<
    InMailbox & t.UidRange & { by: t.SortKey; characters: number; limit: number },
    { uid: t.Uid; key: number | string }[]
  >
  'message.threading': Define<InMailbox & t.UidRange & { limit: number }, t.MessageThreading[]>
  /** Rows whose modseq is above `since`, by ascending UID above `after`, at most `limit`. */
  'message.changedSince': Define<InMailbox & { since: t.Modseq; after: t.Uid; limit: number }, t.MessageRow[]>
  /** UIDs expunged after `since`, ascending, as ranges. */
  'message.expungedSince': Define<InMailbox & { since: t.Modseq }, t.UidRange[]>

  'queue.list': Define<
    { after: number | null; limit: number; statuses: readonly t.RecipientStatus[] | null },
    { message: t.QueueMessageRow; recipients: t.QueueRecipientRow[] }[]
  >
  'queue.show': Define<{ queueId: number }, { message: t.QueueMessageRow; recipients: t.QueueRecipientRow[] } | null>
  /** When the next recipient is due, or null. */
  'queue.nextDue': Define<{ now: number }, number | null>
  'queue.counts': Define<Record<never, never>, { status: t.RecipientStatus; recipients: number }[]>
  'setting.get': Define<{ name: string }, string | null>
  /** Those whose names begin so, by name. `prefix` is ASCII and not empty. */
  'setting.list': Define<{ prefix: string }, { name: string; value: string }[]>
}
