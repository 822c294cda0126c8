/**
 * IMAP commands as values: what the parsers of this room make of a client's bytes, and what `servers/imap` acts on.
 * RFC 9051 §6 unless a field says otherwise. Mailbox names are decoded (UTF-8, from modified UTF-7 where the client
 * uses it) and `INBOX` is in upper case.
 */

/** 0xffffffff stands for "*". A range keeps the client's order; the session normalises it. */
export type NumberRange = readonly [from: number, to: number]
export const STAR = 0xffffffff
/** A sequence set, or the "$" of SEARCHRES (RFC 5182). */
export type SequenceSet = readonly NumberRange[] | '$'

export interface StoreFlags {
  /** Bits of store/types `Flag`; keywords as spelt by the client; \Recent is dropped. */
  system: number
  keywords: string[]
}

export type StatusItem =
  | 'MESSAGES'
  | 'UIDNEXT'
  | 'UIDVALIDITY'
  | 'UNSEEN'
  | 'DELETED'
  | 'SIZE'
  | 'RECENT'
  | 'HIGHESTMODSEQ'
  | 'APPENDLIMIT'
  | 'MAILBOXID'
  | 'DELETED-STORAGE'

export interface QresyncParameter {
  uidValidity: number
  modseq: number
  knownUids: readonly NumberRange[] | null
  sequenceMatch: { sequences: readonly NumberRange[]; uids: readonly NumberRange[] } | null
}

export interface SelectArguments {
  mailbox: string
  condstore: boolean
  qresync: QresyncParameter | null
}

export interface ListArguments {
  /** LIST, or the LSUB of rev1. */
  lsub: boolean
  reference: string
  patterns: string[]
  select: { subscribed: boolean; remote: boolean; recursiveMatch: boolean; specialUse: boolean }
  return: { subscribed: boolean; children: boolean; specialUse: boolean; status: StatusItem[] | null }
  /** Whether extended syntax was used (RFC 5258): answers then carry what it asks. */
  extended: boolean
}

export interface AppendMessage {
  flags: StoreFlags
  /** Milliseconds since 1970, or null. */
  internalDate: number | null
  /** The literal; with `binary` it came as literal8 (RFC 3516) or UTF8 (RFC 6855). */
  bytes: Uint8Array
  binary: boolean
  /** It came as `UTF8 (~{n}…)` (RFC 6855 §4). */
  utf8: boolean
}

/** Which section of a message: part numbers, then what of it (RFC 9051 §6.4.5.1). */
export interface Section {
  part: readonly number[]
  text: 'ALL' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME'
  /** Field names as given, for HEADER.FIELDS and .NOT. */
  fields: readonly string[]
}

export type PlainFetchItem =
  | 'UID'
  | 'FLAGS'
  | 'INTERNALDATE'
  | 'RFC822.SIZE'
  | 'ENVELOPE'
  | 'BODYSTRUCTURE'
  | 'BODY'
  | 'MODSEQ'
  | 'EMAILID'
  | 'THREADID'
  | 'SAVEDATE'

export type FetchItem =
  | { item: PlainFetchItem }
  | { item: 'PREVIEW'; lazy: boolean }
  /** `name` is how the answer calls it: `BODY[…]`, with `<offset>` where a part was asked, `RFC822`, `RFC822.HEADER`, `RFC822.TEXT`. */
  | {
      item: 'SECTION'
      name: string
      section: Section
      peek: boolean
      partial: { offset: number; length: number } | null
    }
  | { item: 'BINARY'; part: readonly number[]; peek: boolean; partial: { offset: number; length: number } | null }
  | { item: 'BINARY.SIZE'; part: readonly number[] }

export type SearchTextKey = 'FROM' | 'TO' | 'CC' | 'BCC' | 'SUBJECT' | 'BODY' | 'TEXT'
export type SearchDayKey =
  | 'BEFORE'
  | 'ON'
  | 'SINCE'
  | 'SENTBEFORE'
  | 'SENTON'
  | 'SENTSINCE'
  | 'SAVEDBEFORE'
  | 'SAVEDON'
  | 'SAVEDSINCE'

export type SearchKey =
  | { key: 'ALL' }
  | { key: 'FLAG'; bit: number; present: boolean }
  | { key: 'KEYWORD'; keyword: string; present: boolean }
  /** rev1's RECENT, OLD and NEW. */
  | { key: 'RECENT'; present: boolean }
  | { key: 'SET'; set: SequenceSet; uid: boolean }
  | { key: SearchTextKey; text: string }
  | { key: 'HEADER'; field: string; text: string }
  /** Days as milliseconds of their midnight UTC; the comparison disregards time and zone (RFC 9051 §6.4.4). */
  | { key: SearchDayKey; day: number }
  | { key: 'SAVEDATESUPPORTED' }
  | { key: 'LARGER' | 'SMALLER'; bytes: number }
  /** WITHIN (RFC 5032). */
  | { key: 'OLDER' | 'YOUNGER'; seconds: number }
  | { key: 'MODSEQ'; modseq: number }
  | { key: 'EMAILID' | 'THREADID'; id: string }
  | { key: 'NOT'; of: SearchKey }
  | { key: 'OR'; left: SearchKey; right: SearchKey }
  | { key: 'AND'; of: SearchKey[] }

/** PARTIAL (RFC 9394): results by their place, the first being 1, or the last where it is `fromLast`. In the client's order. */
export interface PartialRange {
  from: number
  to: number
  fromLast: boolean
}

export type SearchReturn = 'MIN' | 'MAX' | 'ALL' | 'COUNT' | 'SAVE' | 'PARTIAL'

export interface SearchArguments {
  key: SearchKey
  charset: string | null
  /** null: the untagged SEARCH of rev1 is asked; else ESEARCH with these (ALL where the list was empty). */
  return: readonly SearchReturn[] | null
  /** Of PARTIAL, where it is among them. */
  partial?: PartialRange | undefined
}

/** Mailboxes of ESEARCH (RFC 7377 §2.2). */
export type SearchSource =
  | { filter: 'selected' | 'inboxes' | 'personal' | 'subscribed' }
  | { filter: 'subtree' | 'subtree-one' | 'mailboxes'; names: string[] }

export type SortCriterion = 'ARRIVAL' | 'CC' | 'DATE' | 'DISPLAYFROM' | 'DISPLAYTO' | 'FROM' | 'SIZE' | 'SUBJECT' | 'TO'

export interface SortArguments {
  criteria: { by: SortCriterion; reverse: boolean }[]
  charset: string
  key: SearchKey
  return: readonly SearchReturn[] | null
  partial?: PartialRange | undefined
}

/** What NOTIFY can tell of here (RFC 5465 §5). */
export type NotifyEvent = 'MessageNew' | 'MessageExpunge' | 'FlagChange' | 'MailboxName' | 'SubscriptionChange'

/** RFC 5465 §6. */
export type NotifyFilter =
  | { filter: 'selected' | 'selected-delayed' | 'inboxes' | 'personal' | 'subscribed' }
  | { filter: 'subtree' | 'mailboxes'; names: string[] }

export interface NotifyGroup {
  of: NotifyFilter
  /** None where the client said NONE. */
  events: NotifyEvent[]
  /** What of new messages is told, in the mailbox that is selected. */
  items: FetchItem[]
}

export interface NotifySet {
  /** Whether the state of the mailboxes is told first. */
  status: boolean
  groups: NotifyGroup[]
  /** Whether there were events among them that nobody here knows: the answer is NO [BADEVENT]. */
  unknownEvents: boolean
}

export type CommandWithoutArguments =
  | 'CAPABILITY'
  | 'NOOP'
  | 'LOGOUT'
  | 'STARTTLS'
  | 'UNAUTHENTICATE'
  | 'NAMESPACE'
  | 'CHECK'
  | 'CLOSE'
  | 'UNSELECT'
  | 'IDLE'
  | 'COMPRESS'

/** Everything a client can say. `uid`: the UID form of the command. */
export type CommandBody =
  | { name: CommandWithoutArguments }
  | { name: 'ID'; parameters: [string, string | null][] | null }
  | { name: 'ENABLE'; capabilities: string[] }
  /** `initial`: the SASL-IR response, decoded from base64; empty for "=". */
  | { name: 'AUTHENTICATE'; mechanism: string; initial: Uint8Array | null }
  | { name: 'LOGIN'; user: string; password: string }
  | { name: 'SELECT' | 'EXAMINE'; arguments: SelectArguments }
  | { name: 'CREATE'; mailbox: string; specialUse: string[] }
  | { name: 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE'; mailbox: string }
  | { name: 'RENAME'; from: string; to: string }
  | { name: 'LIST'; arguments: ListArguments }
  | { name: 'STATUS'; mailbox: string; items: StatusItem[] }
  | { name: 'APPEND'; mailbox: string; messages: AppendMessage[] }
  /** RFC 8508. `number` of the message that goes, a UID with `uid`; STAR for the last. */
  | { name: 'REPLACE'; uid: boolean; number: number; mailbox: string; message: AppendMessage }
  | { name: 'GETQUOTA'; root: string }
  | { name: 'GETQUOTAROOT'; mailbox: string }
  | { name: 'SETQUOTA'; root: string }
  /** `set` null: EXPUNGE; else UID EXPUNGE (RFC 4315). */
  | { name: 'EXPUNGE'; set: SequenceSet | null }
  | { name: 'SEARCH'; uid: boolean; arguments: SearchArguments }
  | { name: 'ESEARCH'; sources: SearchSource[]; arguments: SearchArguments }
  | { name: 'SORT'; uid: boolean; arguments: SortArguments }
  | { name: 'THREAD'; uid: boolean; algorithm: 'REFERENCES' | 'ORDEREDSUBJECT'; charset: string; key: SearchKey }
  | {
      name: 'FETCH'
      uid: boolean
      set: SequenceSet
      items: FetchItem[]
      changedSince: number | null
      vanished: boolean
      /** Of UID FETCH. */
      partial?: PartialRange | undefined
    }
  | {
      name: 'STORE'
      uid: boolean
      set: SequenceSet
      mode: 'add' | 'remove' | 'replace'
      silent: boolean
      flags: StoreFlags
      unchangedSince: number | null
    }
  | { name: 'COPY' | 'MOVE'; uid: boolean; set: SequenceSet; mailbox: string }
  /** `set` null: NONE. */
  | { name: 'NOTIFY'; set: NotifySet | null }

export type CommandName = CommandBody['name']

export interface Command {
  tag: string
  body: CommandBody
}

/** What the receiver hands out, one at a time. */
export type Received =
  | { kind: 'command'; command: Command }
  /** The client waits for "+" before it sends `bytes` more (synchronising literal). */
  | { kind: 'continue' }
  /** A line outside commands: an AUTHENTICATE response or DONE, after `expectLine()`. Without CRLF. */
  | { kind: 'line'; line: Uint8Array }
  /**
   * BAD or NO with the tag, or untagged where there was none; `code` as `TOOBIG`. With `fatal` the connection ends (BYE).
   * With `emptiesResult` a search that was to be saved is answered with NO: the "$" of SEARCHRES is empty then (RFC 5182 §2.1).
   */
  | {
      kind: 'problem'
      tag: string | null
      type: 'BAD' | 'NO'
      code: string | null
      text: string
      fatal: boolean
      emptiesResult?: boolean
    }
  | { kind: 'need-more' }

/** Limits on what a stranger can send; see limits.ts for the reasons of the defaults. */
export interface ReceiverLimits {
  /** Sum of the lines of one command, without its literals. */
  lineBytes: number
  /** Sum of the literals of one command other than APPEND and REPLACE. */
  literalBytes: number
  /** Sum of the literals of one APPEND or REPLACE. */
  appendBytes: number
}

export interface Receiver {
  /** Bytes pushed and not yet read by `next`: for back-pressure while a command is at work. */
  readonly buffered: number
  /** Whether a command has come in part. */
  readonly isMidCommand: boolean
  /** Bytes of memory for the literals of the command that is coming in. */
  readonly held: number
  push(bytes: Uint8Array): void
  next(): Received
  /**
   * The next line is not a command: it continues AUTHENTICATE, or ends IDLE. For one line; where that is too long,
   * a `problem` without tag comes in its place.
   */
  expectLine(): void
  /** Before sign-in, literals and lines are kept much smaller. */
  setAuthenticated(): void
  /** UNAUTHENTICATE (RFC 8437): as it began. What came behind the command stays. */
  setUnauthenticated(): void
  /** After ENABLE UTF8=ACCEPT or IMAP4rev2, mailbox names are plain UTF-8 (RFC 6855 §3, RFC 9051 §5.1). */
  setUtf8(): void
  /** STARTTLS: forget everything received so far. */
  reset(): void
}
