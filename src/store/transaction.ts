/**
 * What operations and queries are given. An engine may answer at once (SQLite) or later (PostgreSQL): always await.
 * Rows come as tuples in the order of the columns asked for, which costs half of what objects do.
 */
import type { Statement, Value } from './sql.ts'

export type Awaitable<T> = T | Promise<T>

/** Sees one snapshot; ends with the query it was given to. */
export interface Reader {
  get<Tuple extends Value[]>(statement: Statement): Awaitable<Tuple | undefined>
  all<Tuple extends Value[]>(statement: Statement): Awaitable<Tuple[]>
}

/** Ids that are never given twice, not even when what they named is gone. */
export type Counter = 'account' | 'queue_message' | 'queue_recipient' | 'audit' | 'ledger_entry' | 'sign_in' | 'trace'

/** Ends with the operation it was given to. Nothing but the transaction is awaited inside of an operation. */
export interface Transaction extends Reader {
  /** The number of rows changed. */
  run(statement: Statement): Awaitable<number>
  /** The first of `count` new ids in a row. */
  nextIds(counter: Counter, count: number): Awaitable<number>
}
