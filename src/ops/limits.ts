/** Limits of what the service takes from its own machine, each with its reason. */
import { DAY_MS } from './durations.ts'

/** Names and addresses are short; a list of targets is some kB. */
export const CALL_LINE_BYTES = 256 * 1024

/** The largest message that can be imported: above the largest message-size-limit, because old mail must not be lost to a new limit. */
export const CALL_PAYLOAD_BYTES = 160 * 1_000_000

/** sockaddr_un of Linux has 108 bytes, the last of them zero; BSD and macOS have 104. */
export const SOCKET_PATH_BYTES = 103

/** Calls come from commands on this machine, a handful at a time. */
export const CALL_CONNECTIONS = 64

/** A command that stopped in the middle of its call must not hold a connection for ever. */
export const CALL_TIMEOUT_MS = 10 * 60_000

/** Enough calls under way at once to share the store's commits between them. */
export const CALLS_AT_ONCE = 16

/** Connecting to a socket of this machine is immediate, unless the service is stuck. */
export const CALL_CONNECT_MS = 5_000

/** Lines waiting for room on a full disk, or for a reader of standard error that is stuck; beyond it lines are dropped, mail goes on. */
export const LOG_WAITING_CHARACTERS = 8 * 1024 * 1024
/** Somebody has to make room first: soon enough for who looks whether the log goes on. */
export const LOG_RETRY_MS = 1_000
/** A reader that is behind is given time to read some. */
export const LOG_STUCK_MS = 20
/** A process that ends gives a reader so long for its last lines. */
export const LOG_LAST_MS = 1_000

/** A start makes the store's log and its index, and writes into them: some hundred kB. */
export const START_DISK_BYTES = 1024 * 1024

/** A file with every setting and a comment to each is some 8 kB. */
export const CONFIG_FILE_BYTES = 128 * 1024

/** Entries of each cache of DNS answers: some MB at most, enough for the destinations of a busy hour. */
export const RESOLVER_CACHE_ENTRIES = 5_000

/** Where the library doesn't tell the TTL (MX): stale routes for no longer than a first retry takes. */
export const UNKNOWN_TTL_MS = 5 * 60_000
/** Of an answer that may be kept for days: an address that moved is followed within the hour, for a question an hour. */
export const LONGEST_TTL_MS = 60 * 60_000
/** RFC 2308 lets the zone decide; the library doesn't tell, so a mended zone is seen soon. */
export const NEGATIVE_TTL_MS = 60_000

/** Of a certificate: renewals are made a month ahead, so two weeks before the end one has failed. */
export const EXPIRES_SOON_MS = 14 * DAY_MS
