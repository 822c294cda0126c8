/**
 * Limits of the IMAP codec: what a client may make this process hold or walk through, each with its reason.
 * Bytes unless a name says otherwise.
 */
import type { ReceiverLimits } from './command.ts'

export const DEFAULT_LIMITS: ReceiverLimits = {
  // RFC 7162 §4 asks for 8,192 at least; clients that synchronise write long UID sets, and 64 KiB holds some 10,000 UIDs.
  lineBytes: 65_536,
  // Search texts, mailbox names and passwords are short; a client that speaks only in literals still has room.
  literalBytes: 65_536,
  // A message of 25 MiB after base64, which is what most of the world sends and takes.
  appendBytes: 36_700_160,
}

/** Before sign-in: room for the longest SASL answer of the field (12,288 bytes, RFC 4954 §4.1), and none to fill memory with. */
export const LINE_BYTES_BEFORE_SIGN_IN = 16_384
export const LITERAL_BYTES_BEFORE_SIGN_IN = 4_096

/**
 * Bytes of one command that are read only to be thrown away, so that the client gets its answer and keeps the connection
 * (RFC 7888 §4). More than this costs less time as a new connection; a stranger gets far less.
 */
export const DISCARDED_BYTES = 134_217_728
export const DISCARDED_BYTES_BEFORE_SIGN_IN = 65_536

/** First allocation for a literal: what was announced is not yet sent, and a stranger may never send it. */
export const LITERAL_FIRST_ALLOCATION = 65_536

/** A tag comes back in each answer; the longest seen in the wild are under 40. */
export const TAG_BYTES = 256

/** Ranges in one sequence set: more than a line of 64 KiB of UIDs holds in practice, few enough to sort within a turn. */
export const SET_RANGES = 16_384

/** Mailbox names of one ESEARCH: those that a person picked. */
export const SEARCHED_NAMES = 256

/** Nesting of SEARCH: clients chain OR for a few hundred addresses or message-ids, each link one level. */
export const SEARCH_DEPTH = 256

/** Keys of one SEARCH: each is tried on each message. */
export const SEARCH_KEYS = 1_024

/** Data items of one FETCH, each of which may be a whole body. */
export const FETCH_ITEMS = 128

/** Header fields named in one HEADER.FIELDS: clients name some twenty. Each is looked for in every message of the set. */
export const HEADER_FIELDS = 256

/** Part numbers in a section: as deep as MIME is parsed anywhere. */
export const SECTION_PARTS = 64

/** Flags of one STORE or APPEND: a mailbox of people has some ten keywords. Each is looked for among the mailbox's, for each message. */
export const FLAGS = 128

/** A keyword is stored with each message that has it. */
export const KEYWORD_BYTES = 255

/** Messages of one APPEND (RFC 3502): they are all held until the last has come. */
export const APPEND_MESSAGES = 1_024

/** Mailboxes and subtrees that one NOTIFY names: each change is looked up among them, and a line of 64 KiB holds some thousands. */
export const NOTIFY_NAMES = 1_024

/** Parenthesised lists without a limit of their own: options, criteria, capabilities. */
export const LIST_ITEMS = 64

/**
 * Patterns of one LIST, together, with the reference before each: bytes, and wildcards. Each is matched with every mailbox;
 * a name has 1,000 bytes at the most, and clients ask with one wildcard or two.
 */
export const PATTERN_BYTES = 4_096
export const PATTERN_WILDCARDS = 64

/** ID (RFC 2971 §3.3): pairs, bytes of a field's name, bytes of its value. */
export const ID_PAIRS = 30
export const ID_FIELD_BYTES = 30
export const ID_VALUE_BYTES = 1_024
