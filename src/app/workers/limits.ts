/** Times of a service of several processes, each with its reason. */

/** A worker that lived for so long is started again at once when it ends. */
export const LIVED_MS = 60_000
/** One that ended sooner waits, each time longer: what ends it may be there still, and its start takes a second of a processor. */
export const RESTART_FIRST_MS = 500
export const RESTART_LONGEST_MS = 30_000
/** For the last answers of a worker that was told to stop, beyond what its sessions have; then it is ended. */
export const STOP_MS = 5_000
/** For what a worker has measured: one that is that busy is left out. */
export const MEASURE_MS = 3_000
/** How often each worker is asked whether it still does anything. */
export const BEAT_MS = 5_000
/** Questions that one left unanswered, of which the last was asked just now: it is not counted among those that are up. */
export const BEATS_DOUBTED = 2
/**
 * So many, and it is killed, since nothing else ends it: half a minute. The longest that a worker which is well does not come to
 * answer are seconds, of a garbage collection on a machine with too little memory. The other nodes take it for dead by then as well.
 */
export const BEATS_DEAD = 6
/**
 * The same of one that never answered: two minutes. It answers once its process is there and its modules are read, a second of a
 * processor, for which many may wait on a machine that just started; what its start does then lets it answer, however long it takes.
 */
export const BEATS_STARTING = 24
