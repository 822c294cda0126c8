/** Bounds of the store on PostgreSQL, each with its reason. */

/**
 * A server allows 100 connections where nothing else is set: room for five nodes with their searches and probes, and for
 * who looks after it. Where it shares two processors with a node, sixteen deliver no more than ten; where an answer takes
 * a millisecond, ten deliver two thousand a second.
 */
export const maxConnections = 10
/** Of one of many processes of a node: fewer, and each operation waits for the one before. */
export const fewestConnections = 4

/** Deliveries of one group: its accounts wait for all of it, which takes some milliseconds. */
export const groupSize = 16
/** Of one message in a group; one for more waits for more. */
export const groupAccounts = 4

/** How long one waits for a connection: all may be at work for others. */
export const connectMs = 10_000

/** For another transaction that has the same account, or the same turn: those take milliseconds. */
export const lockMs = 15_000

/**
 * For a table that is to be brought up to date. Others queue behind who waits, so it is short; but above a second, after which the
 * server ends an autovacuum for one who waits (deadlock_timeout).
 */
export const lockTryMs = 1500
/** Between such tries, in ms: five minutes together, in which a backup of a small store has ended, and an operator still looks. */
export const lockPauses: readonly number[] = [1000, 2000, 4000, 8000, 15_000, ...Array<number>(9).fill(30_000)]
/** Some times within a try. */
export const lockLookMs = 200

/**
 * For the answer to a statement of an operation or a query, from a server that lives: two locks, and ten seconds for work that takes
 * milliseconds where nothing is wrong.
 */
export const answerMs = 40_000
/** For statements that read all there is, and steps that bring the tables up to date. */
export const patientMs = 24 * 60 * 60_000

/**
 * Nothing is heard on any connection while answers are waited for: by now the server is asked on another whether it lives. The
 * disk's longest stalls take so long, and who waits for a lock may have to.
 */
export const silentMs = 3_000
/** For a new connection and a statement that reads no table, which take milliseconds; then the server is gone. */
export const probeMs = 3_000
/** Until a server that is gone, or that could not be asked, is asked again. */
export const probeAgainMs = 500

/** A transaction that this process began and forgot, or that a dead node left: its locks hold others up. */
export const idleInTransactionMs = 30_000

/** Bytes of operations that may wait; beyond, the database is far behind and callers are asked to come back. */
export const maxWaitingBytes = 256 * 1024 * 1024

/** Times an operation is done again because others were at it: each time one of them was done. */
export const maxContentions = 20

/** Waits between tries while the database is gone, in ms: 12 s together, in which a standby takes over. */
export const lostDelays: readonly number[] = [50, 150, 300, 500, 1000, 2000, 2000, 3000, 3000]
export const lostMs = lostDelays.reduce((sum, delay) => sum + delay, 0)

/** Two that make the schema at once may get in each other's way; the second time it is there. So may one and what others write. */
export const openTries = 3

/** Kept of a counter while older transactions are under way; of more, each second one goes: ids are then settled a little later. */
export const maxMarks = 64
