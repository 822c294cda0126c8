/** What guards the trace. */
import { HOUR_MS, MINUTE_MS } from '../../ops/durations.ts'

/** Of a message's beginning: where Subject and Message-ID stand, behind whatever other servers wrote. */
export const EXAMINED_BYTES = 64 * 1024
/** More than anyone reads of a subject in a list. */
export const SUBJECT_CHARACTERS = 200
/** RFC 5322 lines are no longer; what is longer is still found by its beginning. */
export const ID_CHARACTERS = 250
/** As much of an answer as the store keeps of an attempt's. */
export const ANSWER_CHARACTERS = 1_000

/** Traces taken into the index in one transaction, which holds the store's one writer for some milliseconds. */
export const INDEXED_AT_ONCE = 64
/** More than those have as a rule: a message to a thousand has thousands. */
export const KEYS_AT_ONCE = 750
/** Between two of those transactions, so that mail comes first: two thousand messages a second are still kept up with. */
export const INDEX_PAUSE_MS = 25
/** Ids of traces and events that a segment of the index spans: a search asks each segment of its time. */
export const SEGMENT_IDS = 8_192
/** A segment spans no more, since traces are forgotten by segments; nor does one wait longer where little mail comes. */
export const SEGMENT_MS = 24 * HOUR_MS
/** What one step of the index may do. */
export const INDEX_STEP = {
  size: INDEXED_AT_ONCE,
  keys: KEYS_AT_ONCE,
  segmentIds: SEGMENT_IDS,
  segmentMs: SEGMENT_MS,
} as const
/** Rows of each kind that one sweep forgets: some milliseconds of the writer. */
export const SWEPT_ROWS = 500

/** What is kept in memory is written this often: what a process that is killed loses. */
export const WRITTEN_EVERY_MS = 5_000
export const ROWS_AT_ONCE = 200
/** Refusals of one client address, and of one account, that are kept one by one in an hour; the others are counted. */
export const REFUSALS_AN_HOUR = 20
/** Of all strangers together: a flood from many addresses. */
export const ALL_REFUSALS_AN_HOUR = 5_000
/** Addresses whose further refusals are counted, each in a row of its own; those of others are counted together. */
export const COUNTED_ADDRESSES = 1_000
/** Reads waiting to be written; what comes beyond is not kept. */
export const WAITING_READS = 2_000
/** The same message fetched again within an hour is one read: some programs fetch all, always. */
export const READ_AGAIN_MS = HOUR_MS
export const REMEMBERED_READS = 20_000
/** Around the time in the Received field: what the queue held was stored later, its trace is of that time. */
export const RECEIVED_MARGIN_MS = HOUR_MS

/** Rows that one question to the store looks at: some ten milliseconds of the loop that serves everyone. */
export const SEARCH_BUDGET = 2_000
/** Questions for one page; where they don't suffice, the answer says where to go on. */
export const SEARCH_TURNS = 8
/** Recipients of a message that a list tells of; the message itself tells of more. */
export const LISTED_RECIPIENTS = 10
/** Of a message with very many. */
export const SHOWN_RECIPIENTS = 1_000
/** The latest of a trace: a week of attempts has fewer for each recipient. */
export const LISTED_EVENTS = 200
export const SHOWN_EVENTS = 5_000
/** Entries of one turn of the live tail. */
export const TAIL_ENTRIES = 200
/** Between two turns of who follows. */
export const FEED_EVERY_MS = 500
/** Who is further behind, in traces and events, is shown the latest of them: nobody reads so many in a turn. */
export const FEED_BEHIND = 1_000

/** "Around HH:MM" of who remembers it: so much before and after. */
export const AROUND_MS = 90 * MINUTE_MS

export const LINK_MS = 7 * 24 * HOUR_MS
