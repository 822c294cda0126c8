/** What a client may send to the API. */
import { SCRIPT_BYTES } from '../mail/rules/limits.ts'

/** JSON of a form; what is larger (a list of mailboxes, a logo) says so at its route. */
export const BODY_BYTES = 64 * 1024
/** Of a body that is too large, so much is read and thrown away: a client that is still sending would not see the answer otherwise. */
export const DRAINED_BYTES = 16 * 1024 * 1024
/** And so long, where the client wants the connection closed: one that has read the answer hangs up before. */
export const LINGER_MS = 2_000
/** Items of one page of a list. */
export const PAGE_ITEMS = 200
/** An Idempotency-Key: a UUID has 36. */
export const IDEMPOTENCY_KEY_CHARACTERS = 100
/** No request takes longer; one that is still under way then ended with its process, before or after it was done. */
export const IDEMPOTENCY_LONGEST_MS = 10 * 60_000
/** How long a POST can be repeated with its key: clients that lost the answer come back within minutes, jobs within a day. */
export const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60_000
/** Requests of one client a minute: a panel with all its plots open makes some dozens. */
export const REQUESTS_A_MINUTE = 600
/** Clients whose requests are counted at once. */
export const COUNTED_CLIENTS = 20_000

/** Streams of events that one principal holds: some tabs, some of them on a lost connection. */
export const STREAMS_OF_ONE = 4
/** Of all: each asks the store twice a second. */
export const ALL_STREAMS = 40
/** Proxies give up a connection that is silent for a minute, some for half of one. */
export const STREAM_HEARTBEAT_MS = 15_000
/** So long an ended session still sees what happens. */
export const STREAM_CHECKED_MS = 5_000

/** A logo in base64, in the JSON of a brand. */
export const LOGO_BODY_BYTES = 400 * 1024
/** JSON may need six octets for one of a script. */
export const FILTERS_BYTES = SCRIPT_BYTES * 6 + 1024
/** A list of people may be long. */
export const TARGETS_BYTES = 512 * 1024
/** All settings at once, long texts among them. */
export const SETTINGS_BYTES = 256 * 1024
/** Problems told of one request: a client that gets everything wrong learns as much from the first. */
export const MAX_ERRORS = 20

/** Folders told one by one: the largest are what someone looks for who needs room. */
export const FOLDERS_LISTED = 100
