/** What one account may make of mailboxes, and one message of copies. */

/** Bytes of a name in UTF-8: what clients keep as one file or folder name on their side. */
export const NAME_BYTES = 1_000
/** Levels of a name: each may have to be created on the way, and clients draw them as a tree. */
export const NAME_LEVELS = 25

/** Versions of one message that say whose forward they are: each is stored by itself. */
export const LEAVING_VERSIONS = 10
/** And of all of them together; of a longer message one says so. */
export const LEAVING_BYTES = 10 * 1024 * 1024

/** Messages of a mailbox, from the last one back, among which one that comes back is looked for. */
export const RETURNED_LOOKED_AT = 200

/** Of one Message-ID, those that are read, each perhaps a large one, to see whether one is what a program files again. */
export const ONCE_LOOKED_AT = 5

/** Mailboxes of which the last answer to "what changed" is remembered for sessions that wait for the same, */
export const REMEMBERED_ANSWERS = 256
/** if it tells of no more rows than these: a delivery, or a few flags. Of longer ones, */
export const REMEMBERED_CHANGES = 32
/** each of which is to take turns of the loop once, not once for each session, the last one is, and so many pages behind it: a megabyte. */
export const REMEMBERED_PAGES = 7

/** Of a message's header fields that are kept beside it; most have 1,000 to 3,000. A list of hundreds of recipients is read from the message. */
export const HEADER_FIELDS_CHARACTERS = 8_000

/**
 * Characters that are kept of messages beside their bytes, of those that are appended together: held until all are committed.
 * A thousand of the usual kind have two million, the worst there can be has some five.
 */
export const DESCRIBED_AT_ONCE = 16 * 1024 * 1024

/**
 * Characters by which SORT compares texts: of each message of a mailbox its keys are held at once, and a stranger's first
 * address may have a hundred thousand. Names and subjects that are equal so far are looked at as equal.
 */
export const SORT_KEY_CHARACTERS = 200

/**
 * Messages of which one read of SORT and THREAD gives what they compare, to begin with, and the bytes of it that are aimed at:
 * usually some hundred a message, 130 KB of the worst there can be.
 */
export const COMPARED_AT_FIRST = 16
export const COMPARED_BYTES = 2 * 1024 * 1024

/**
 * Ids and subjects that one THREAD holds, the different ones: of each message as much as an id, a subject and some ids of messages
 * that aren't there take, and so much beside. A message may refer to two hundred that nobody has, by ids as long as it likes.
 */
export const THREADED_BYTES_OF_MESSAGE = 1_000
export const THREADED_BYTES = 16 * 1024 * 1024
/** What each of them takes beside its letters. */
export const THREADED_ITSELF_BYTES = 100

/** Orders of SORT and THREAD that are kept, of all mailboxes together: those of 25 mailboxes of 20,000 messages, arranged in two ways. */
export const ARRANGEMENT_BYTES = 16 * 1024 * 1024
/** Of them, those that each one takes beside its name and its numbers. */
export const ARRANGEMENT_ITSELF_BYTES = 500

/**
 * Times a message is tried where what it rests on has changed meanwhile: what a rule remembers, or that what its account sends is
 * held. More than two or three come of a flood of like ones; the last goes without what rules remember.
 */
export const ACCEPT_TRIES = 5
