/** How much may wait, and pile up, on SQLite; each with its reason. */

/** Bytes of operations that may wait; beyond, the disk is far behind and callers are asked to come back. */
export const maxWaitingBytes = 256 * 1024 * 1024

/** What one batch may hold: enough to share a flush of the disk, and little enough to answer the first without delay. */
export const batchLimits = { requests: 256, bytes: 16 * 1024 * 1024 }

/** Pages in the log after which it is written back into the database, beside the writer: 32 MiB. */
export const checkpointPages = 8192

/** Pages in the log after which a commit writes it back, because nobody else has: 128 MiB. */
export const longestLogPages = 4 * checkpointPages

/** Pages of the log that are written back between two commits: it takes some milliseconds. */
export const lastPages = 512

/** Problems SQLite may list before it stops. */
export const maxProblems = 10_000

/** Who wants to open a store that another process has tries for five seconds: a command on a stopped service takes one or two. */
export const lockTries = 50
export const lockWaitMs = 100

/** How long to wait for a lock that another process holds for a moment (a reader that closes, a checkpoint). */
export const busyMs = 5000
