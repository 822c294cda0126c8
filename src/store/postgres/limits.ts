/** Bounds of the store on PostgreSQL, each with its reason. */

/**
 * A server allows 100 connections where nothing else is set: room for six nodes with their searches, and for who looks after it. Where it shares two
 * processors with a node, sixteen deliver no more than ten; where an answer takes a millisecond, ten deliver two thousand a second.
 */
export const maxConnections = 10
/** Of one of many processes of a node: fewer, and each operation waits for the one before. */
export const fewestConnections = 4

/** How long one waits for a connection, or for the answer to a statement of an operation or a query. */
export const connectMs = 10_000
export const answerMs = 60_000

/** For another transaction that has the same account, or the same turn: those take milliseconds. */
export const lockMs = 15_000

/** A transaction that this process began and forgot, or that a dead node left: its locks hold others up. */
export const idleInTransactionMs = 30_000

/** Bytes of operations that may wait; beyond, the database is far behind and callers are asked to come back. */
export const maxWaitingBytes = 256 * 1024 * 1024

/** Times an operation is done again because others were at it: each time one of them was done. */
export const maxContentions = 20

/** Waits between tries while the database is gone, in ms: 12 s together, in which a standby takes over. */
export const lostDelays: readonly number[] = [50, 150, 300, 500, 1000, 2000, 2000, 3000, 3000]
