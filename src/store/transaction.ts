/**
 * What operations and queries are given. An engine may answer at once (SQLite) or later (PostgreSQL): always await.
 * Rows come as tuples in the order of the columns asked for, which costs half of what objects do.
 */
import type { Statement, Value } from './sql.ts'

export type Awaitable<T> = T | Promise<T>

/** Where the bytes of a blob lie, beside the rows. */
export interface PackPlace {
  pack: number
  offset: number
}

/** Sees one snapshot; ends with the query it was given to. */
export interface Reader {
  /** What lies beside the rows, on the engine that keeps small blobs so. `read` gives null where the bytes are not there. */
  readonly packs: { read(place: PackPlace, bytes: number): Uint8Array | null } | null
  /**
   * An id of the counter: all rows with ids up to it are there to be read, and none will come any more. Where several write
   * at once, ids that are higher may be seen before lower ones. To be asked before anything else.
   */
  settledId(counter: Counter): Awaitable<number>
  get<Tuple extends Value[]>(statement: Statement): Awaitable<Tuple | undefined>
  all<Tuple extends Value[]>(statement: Statement): Awaitable<Tuple[]>
}

/** Ids that are never given twice, not even when what they named is gone. */
export const counters = [
  'account',
  'queue_message',
  'queue_recipient',
  'audit',
  'ledger_entry',
  'sign_in',
  'trace',
] as const
export type Counter = (typeof counters)[number]

/** What is done by one at a time in the whole service, where several processes write. Mail on its way waits for none of these. */
export type Turn =
  /** Who and what there is: domains, mailboxes, aliases, principals, plans. */
  'directory' | 'queue-lease' | 'sweep' | 'trace-index' | 'webhooks'

/** Keeps bytes beside the rows. What was put is on disk when the transaction is committed, and is named by nothing where it is not. */
export interface Packs {
  /** Where the bytes that are put next will lie. */
  next(): PackPlace
  put(data: Uint8Array): void
  read(place: PackPlace, bytes: number): Uint8Array | null
  /** Where the look for packs that are to be emptied goes on; null where none is under way. */
  look: PackPlace | null
  /** Names of those that were not to be read when they should have been moved: each look at a bad sector may take seconds. */
  readonly leftOut: Set<string>
  /** Packs that get no more bytes, `from` and those behind it. */
  older(from: number, count: number): number[]
  sizeOf(pack: number): number
  /** Keeps a pack for another hour, whether or not anything names it. */
  touch(pack: number): void
}

/** Ends with the operation it was given to. Nothing but the transaction is awaited inside of an operation. */
export interface Transaction extends Reader {
  readonly packs: Packs | null
  /** The number of rows changed. */
  run(statement: Statement): Awaitable<number>
  /**
   * For what nothing later in the operation rests on: an engine in another process is not waited for. Where it fails, the operation does.
   * Additions that follow each other have no order among themselves.
   */
  send(statement: Statement): void
  nextId(counter: Counter): Awaitable<number>
  /** So many new ids, ascending. */
  nextIds(counter: Counter, count: number): Awaitable<number[]>
  /** Waits until no other transaction has the turn, and keeps it to the end of this one. */
  takeTurn(turn: Turn): Awaitable<void>
}
