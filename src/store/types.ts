/**
 * The store's vocabulary: rows as the rest of Facteur sees them. No SQL, no engine.
 *
 * Times are milliseconds since 1970 (UTC). Sizes are bytes. Ids are positive integers below 2^53.
 */
import type { NewTrace } from './types/trace.ts'

export type AccountId = number
export type MailboxId = number
export type EmailId = number
export type ThreadId = number
export type Uid = number
/** Grows by at least one with each change of an account; the same counter for all its mailboxes (RFC 7162). */
export type Modseq = number

/** An inclusive range of UIDs; `to` may be 0xffffffff for "and all that follow". */
export interface UidRange {
  from: Uid
  to: Uid
}

/** System flags as bits, so that a row holds them in one small integer (RFC 9051 §2.3.2). */
export const Flag = { Seen: 1, Answered: 2, Flagged: 4, Deleted: 8, Draft: 16 } as const

/** The flags of one message: system flags as a bit mask, keywords apart (spelt as first set, sorted, without duplicates). */
export interface Flags {
  system: number
  keywords: string[]
}

export type SpecialUse = 'archive' | 'drafts' | 'flagged' | 'junk' | 'sent' | 'trash' | 'important'

export interface DomainRow {
  name: string
  /** The address that receives what no account or alias of the domain does. */
  catchAll: string | null
  createdAt: number
  /** Those in the bin aside. */
  accounts: number
  /** Sum of their quotas. */
  soldBytes: number
  /** What new accounts get where nothing is said. */
  defaultPlanId: string | null
  defaultQuotaBytes: number | null
  /** How much of `soldBytes` and `accounts` there may be; null for no limit. */
  quotaBytes: number | null
  maxMailboxes: number | null
  /** Recipients an hour: of each account, and of all together; null: as the service has it. */
  mailboxHourlyLimit: number | null
  domainHourlyLimit: number | null
}

/** shared: read by its members, with no password of its own. */
export type AccountKind = 'personal' | 'shared'

/** Where what arrives goes on to, and whether the account keeps it too. */
export interface Forward {
  targets: string[]
  keepCopy: boolean
}

export interface AccountRow {
  accountId: AccountId
  /** Full address in lower case: `local-part@domain`. It is also the user name. */
  address: string
  domain: string
  /** Bytes; null for no limit. */
  quotaBytes: number | null
  usedBytes: number
  messages: number
  modseq: Modseq
  createdAt: number
  kind: AccountKind
  sendingEnabled: boolean
  receivingEnabled: boolean
  forward: Forward | null
  planId: string | null
  /** Recipients an hour; null: as the domain has it. */
  hourlyLimit: number | null
  /** 0: it never had a script nor an automatic reply; else another one after each change of those. */
  rulesRevision: number
}

/** alias: another address of whom it leads to. group: a list of people, with a name. */
export type AliasKind = 'alias' | 'group'

export interface AliasRow {
  address: string
  kind: AliasKind
  /** Of a group; else empty. */
  name: string
  targets: string[]
  createdAt: number
}

/** All that is needed to route one address, in one read. */
export interface AddressLookup {
  /** null where the domain is not ours. Of an alias of a domain, the domain it stands for. */
  domain: DomainRow | null
  /** The address looked up, in the domain above. */
  address: string
  account: AccountRow | null
  alias: AliasRow | null
}

export interface MailboxRow {
  mailboxId: MailboxId
  accountId: AccountId
  /** Full name, levels separated by "/", NFC-normalised UTF-8. The inbox is `INBOX`. */
  name: string
  specialUse: SpecialUse | null
  subscribed: boolean
  uidValidity: number
  uidNext: Uid
  highestModseq: Modseq
  messages: number
  unseen: number
  deleted: number
  sizeBytes: number
  /** Of messages with higher UIDs no session was told: they are \Recent. null: of none, in a mailbox from before there was this mark. */
  recentAbove: Uid | null
}

export interface MailboxChanges {
  highestModseq: Modseq
  recentAbove: Uid | null
  expunged: UidRange[]
  changed: MessageRow[]
}

/** The small row of a message in a mailbox: what changes. */
export interface MessageRow {
  uid: Uid
  emailId: EmailId
  threadId: ThreadId
  flags: Flags
  modseq: Modseq
  internalDate: number
  saveDate: number
  sizeBytes: number
}

/** A message with what never changes of it, ready to send over IMAP. */
export interface DescribedMessage extends MessageRow {
  /** The ENVELOPE's parenthesised form, as it goes on the wire. */
  envelope: string
  /** The BODYSTRUCTURE's parenthesised form, as it goes on the wire. */
  bodyStructure: string
}

export interface MessageWithBlob extends MessageRow {
  /** Key of the message's bytes among the blobs (hex of SHA-256). */
  blobHash: string
}

export interface MessageWithHeader extends MessageWithBlob {
  /** See NewEmail. */
  headerFields: string | null
}

export interface MessageWithEmail extends DescribedMessage, MessageWithHeader {
  preview: string
}

/** All that the store keeps for SEARCH, SORT and THREAD, which it also compares itself (see MessageConditions and SearchField). */
export interface MessageWithIndex extends MessageRow {
  index: EmailIndex
  blobHash: string
}

export interface EmailIndex {
  /** The Date field, or null where it is missing or wrong (RFC 5256 §2.2 then takes the internal date). */
  sentAt: number | null
  /** Midnight UTC of the Date field's day as its writer's calendar had it (RFC 9051 §6.4.4, SENTON); null as `sentAt` is. */
  sentDay: number | null
  /** Without angle brackets; empty where there is none. */
  messageId: string
  /** Message-ids of References, else of In-Reply-To, oldest first, without angle brackets (RFC 5256 §3). */
  references: string[]
  /** Decoded, and like all texts below in the form in which i;unicode-casemap compares (RFC 5051): none is ever shown. */
  subject: string
  /** Base subject of RFC 5256 §2.1. */
  baseSubject: string
  /** Whether extracting the base subject removed a reply or forward mark. */
  isReplyOrForward: boolean
  /** All names and addresses of the field, as text: `"Name" <a@b>, c@d`. */
  from: string
  to: string
  cc: string
  bcc: string
  /** SORT keys: the first address's mailbox part (RFC 5256); display forms of RFC 5957. */
  sortFrom: string
  sortTo: string
  sortCc: string
  displayFrom: string
  displayTo: string
}

/** What a message's small row has to meet, all of it; what is left out asks nothing. Times: `from` ≤ x < `before`. */
export interface MessageConditions {
  /** Bits of `Flag` to be set, and to be unset. */
  flagsSet?: number
  flagsUnset?: number
  sizeAbove?: number
  sizeBelow?: number
  internalFrom?: number
  internalBefore?: number
  savedFrom?: number
  savedBefore?: number
  modseqFrom?: Modseq
}

/** Fields of EmailIndex that can be searched for a text. */
export type SearchField = 'from' | 'to' | 'cc' | 'bcc' | 'subject'

/** What SORT orders by: `sentDate` is the Date field, else the internal date (RFC 5256 §2.2). */
export type NumberSortKey = 'internalDate' | 'sizeBytes' | 'sentDate'
export type TextSortKey = 'baseSubject' | 'sortFrom' | 'sortTo' | 'sortCc' | 'displayFrom' | 'displayTo'
export type SortKey = NumberSortKey | TextSortKey

/** What THREAD looks at. */
export interface MessageThreading
  extends Pick<EmailIndex, 'messageId' | 'references' | 'baseSubject' | 'isReplyOrForward'> {
  uid: Uid
  /** The Date field, else the internal date (RFC 5256 §2.2). */
  sentDate: number
}

/** The immutable part of a message, computed once when it arrives. */
export interface NewEmail {
  blob: StagedBlob
  sizeBytes: number
  envelope: string
  bodyStructure: string
  /** At most 256 characters of readable text (RFC 8970). */
  preview: string
  index: EmailIndex
  /** The fields of its header that programs ask for of many messages, one byte a character; null: the message itself is to be read. */
  headerFields: string | null
}

export interface NewMessage {
  email: NewEmail
  flags: Flags
  internalDate: number
}

/** Bytes that are hashed and compressed, and durable already where they are large; they become part of the store by the operation that takes them. */
export interface StagedBlob {
  /** Hex of SHA-256 of the bytes before compression. */
  hash: string
  rawBytes: number
  storedBytes: number
  encoding: 'identity' | 'zstd'
  /** The stored form of a small blob; null where a synced file or an object holds it. */
  data: Uint8Array | null
  /** In an object store: which of the objects with these bytes it is, and when its upload began (ms). */
  object?: { mark: string; at: number }
  /** A row holds these bytes already; it can be taken as long as that row stays. */
  isKept?: true
  /** Its file was there, whole: another message has it, or it was staged before. */
  isFound?: true
}

export interface Swept {
  removedBlobs: string[]
  /** Those of them that are kept as files or objects. */
  removedLarge: { hash: string; encoding: StagedBlob['encoding']; object: string | null }[]
  /** What was to be read or removed and can't be, for the log; all else is swept. */
  failures: string[]
  more: boolean
}

export type RecipientStatus = 'queued' | 'held' | 'delivered' | 'failed' | 'expired' | 'removed'

/** DSN parameters of RFC 3461. */
export type NotifyCondition = 'NEVER' | 'SUCCESS' | 'FAILURE' | 'DELAY'

/** One email for one account; an account may have several, such as what it sent to itself and its copy of that. */
export interface Delivery {
  accountId: AccountId
  email: NewEmail
  places: Place[]
  /** A notice of the service: while this much was not used up by others since there was room, it needs none. Bytes. */
  margin?: number
  /** Not where one with the same Message-ID is among so many last ones of the first place already. */
  onceAmong?: number
}

/** A mailbox that a delivery goes into; INBOX where there is none of that name, nor room for one more. */
export interface Place {
  mailbox: string
  flags: Flags
  /** Whether one that is missing is made, and subscribed to. */
  create?: boolean
  /** The use of one that is made; left out where another mailbox has it already. */
  specialUse?: SpecialUse | null
}

export interface NewQueueMessage {
  /** Empty for the null reverse-path. */
  reversePath: string
  blob: StagedBlob
  sizeBytes: number
  /** The account that sent it, or null for mail that entered on port 25 or was made here. */
  accountId: AccountId | null
  ret: 'FULL' | 'HDRS' | null
  envelopeId: string | null
  smtpUtf8: boolean
  eightBit: boolean
  recipients: NewQueueRecipient[]
  /** Where it is a message of its own: what a rule sends, a report. Else its trace is that of what it came with. */
  trace?: NewTrace
}

export interface NewQueueRecipient {
  address: string
  /** Where it goes, for concurrency limits and connection reuse: the domain in lower case, or `local`. */
  destination: string
  notify: NotifyCondition[] | null
  originalRecipient: string | null
  /** When the first attempt may start. */
  nextAttemptAt: number
}

export interface QueueMessageRow {
  queueId: number
  reversePath: string
  blobHash: string
  sizeBytes: number
  accountId: AccountId | null
  ret: 'FULL' | 'HDRS' | null
  envelopeId: string | null
  smtpUtf8: boolean
  eightBit: boolean
  createdAt: number
}

export interface QueueRecipientRow {
  recipientId: number
  queueId: number
  address: string
  destination: string
  status: RecipientStatus
  attempts: number
  nextAttemptAt: number
  notify: NotifyCondition[] | null
  originalRecipient: string | null
  /** When the sender was told of the delay, or null. */
  delayNotifiedAt: number | null
  leaseOwner: string | null
  leaseUntil: number | null
  last: AttemptResult | null
  /** The account whose hold it waits for (see `sending.hold`); null: it does not wait, or an operator holds it. */
  heldFor: AccountId | null
  /** When it was last let go of; its days in the queue count from then. */
  releasedAt: number | null
}

/** What a remote server (or this one) answered to an attempt. */
export interface AttemptResult {
  at: number
  /** Enhanced status code, as `5.1.1`. */
  status: string
  /** The answer as it came, its first line with the reply code; or this server's own words. */
  text: string
  /** Host name of the server that answered; null where none did. */
  remoteHost: string | null
  remoteAddress: string | null
}

/** So that no sender has all that may be leased. A sender: the id of an account, 0 for what is passed on, -1 for the null reverse-path. */
export interface LeaseShares {
  /** What is leased of them here already. */
  leased: readonly (readonly [sender: number, destination: string, recipients: number])[]
  /** So many of a sender at once, of the null reverse-path, and of one sender to one destination. */
  ofSender: number
  ofNobody: number
  perDestination: number
  /** Destinations that don't count. */
  apart: readonly string[]
}

export interface LeaseRequest {
  owner: string
  now: number
  leaseMs: number
  limit: number
  perDestination: number
  except?: readonly number[]
  shares?: LeaseShares
}

export interface LeasedRecipient extends QueueRecipientRow {
  message: QueueMessageRow
}
