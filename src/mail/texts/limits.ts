/** What guards the texts that searches look through. */
import { availableParallelism } from 'node:os'
import { DAY_MS } from '../../ops/durations.ts'

/** Text of one message that is kept: some thousand pages. What has more is read itself by each search, as attached logs are. */
export const KEPT_BYTES = 4 * 1024 * 1024

/** Emails whose texts are packed together. */
export const PACKED_EMAILS = 64
/** Fewer, too, where they bring along so much to be read: a search reads what is not packed. */
export const PACKED_MESSAGE_BYTES = 8 * 1024 * 1024

/** A thread holds so much text at once, and that of one message more. */
export const PACKED_BYTES = 2 * 1024 * 1024

/** Threads that search and pack; each costs some ten megabytes while it is there. */
export const THREADS = Math.min(4, Math.max(2, availableParallelism()))
export const THREAD_IDLE_MS = 5 * 60_000
/**
 * All were at work for so long, and jobs wait: then one more is worth its start, which takes as much of a processor as a
 * whole search among 20,000 messages.
 */
export const ANOTHER_AFTER_MS = 100
/** One that could not start, while others are at work, is not tried again sooner: what it costs is not to slow them down. */
export const FAILED_START_PAUSE_MS = 2_000
/** A thread that has not ended by then is stopped. */
export const END_MS = 2_000
/** Once what a start does has come to rest, the first is there before anybody searches. */
export const FIRST_THREAD_MS = 1_000

/** Emails that one job looks for in what is packed: some ten milliseconds of a thread. */
export const FOUND_AT_ONCE = 1024
/** Messages that one job reads. */
export const READ_AT_ONCE = 8
/** UIDs of one question, and messages that are put in order at once. */
export const NUMBERS_AT_ONCE = 16_384
/** Messages whose numbers are remembered, over all mailboxes: eight bytes each. */
export const REMEMBERED_NUMBERS = 1_000_000

/** Mail comes first: texts are packed once nothing has changed for so long, and the event loop had little to do, */
export const QUIET_MS = 1_000
/** a quarter of its time at the most, which a few commands take that don't wait for each other; */
export const BUSY_LOAD = 0.25
/** or once they waited for so long. */
export const LONGEST_WAIT_MS = 60_000
/** Between two steps at least; and as long as the step took, so that half of one processor is the most it takes, */
export const STEP_PAUSE_MS = 25
/** or so many times as long where the service has not come to rest: 64 messages a second or so, of what arrives where nothing ever rests. */
export const BUSY_PAUSE = 4
/** Until what failed is tried again: a disk or an object store that can't be read is there again after minutes, not milliseconds. */
export const FAILED_PAUSE_MS = 60_000
/** Segments that are looked through together for texts of an earlier form: some ten milliseconds of a thread, */
export const SEGMENTS_AT_ONCE = 1024
/** and all of them so often: nodes of the version before may write more while they are upgraded one after the other. */
export const EARLIER_EVERY_MS = DAY_MS
/** Accounts that are looked at together at the start. */
export const ACCOUNTS_AT_ONCE = 100
