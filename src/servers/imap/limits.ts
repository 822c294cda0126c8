/** Limits of IMAP sessions, each with its reason. Those of the grammar are in wire/imap/limits.ts. */

/** RFC 9051 §5.4: at least 30 minutes; the rest is for a client whose timer is as long. */
export const AUTHENTICATED_IDLE_MS = 31 * 60_000

/** Enough to type a password by hand; a connection without a user costs as much as one with. */
export const SIGN_IN_IDLE_MS = 60_000

/** In which a client has to sign in, whatever it says meanwhile: it takes two commands. */
export const SIGN_IN_MS = 5 * 60_000

/** A client that asks its user again after each failure rarely needs more; a guesser shall connect anew. */
export const FAILED_SIGN_INS = 5

/** Commands that could not be read or were not allowed, in a row once signed in: what talks like that is no mail client. */
export const BAD_COMMANDS_BEFORE_SIGN_IN = 10
export const BAD_COMMANDS = 100

/** Bytes of an answer that are gathered before they are written: fewer, larger writes, and little memory. */
export const GATHERED_BYTES = 128 * 1024

/** Bodies read from the store before they are needed: as many messages, and no more bytes. */
export const BODIES_AHEAD = 8
export const BODY_BYTES_AHEAD = 4 * 1024 * 1024

/**
 * Bytes of a part that are copied out of a message, one of several, so that the message's memory can be given back at once: of 61 KB
 * each, it has the collector take a quarter of all the time.
 */
export const COPIED_BYTES = 16 * 1024

/** Silence in the middle of a literal: others may wait for the memory it holds. A telephone's tunnel takes a minute. */
export const LITERAL_IDLE_MS = 2 * 60_000
/** For all of one command: 20 MB at 11 KB/s, as on SMTP. */
export const COMMAND_MS = 30 * 60_000

/**
 * Messages read at once with what is kept of them to be told, and the bytes of it that are aimed at: usually a kilobyte a
 * message, a megabyte and a half of the worst there can be.
 */
export const DESCRIBED_AT_FIRST = 8
export const DESCRIBED_BYTES = 4 * 1024 * 1024

/**
 * Ranges of UIDs that a session keeps as \Recent: there is a second one where another session heard of a message first in between. Of
 * more the oldest are recent no longer.
 */
export const RECENT_RANGES = 100

/** Until messages are \Recent without the store's word: usually it takes some milliseconds, behind a large COPY perhaps seconds. */
export const RECENT_WAIT_MS = 1_000

/** Until a change that could not be read is looked for again, for a client that waits for it; each time twice as long. */
export const TOLD_AGAIN_MS = 1_000
export const TOLD_AGAIN_LONGEST_MS = 60_000

/** Between two words of how far a command is: a program shows it to someone who waits, and gives up a silent server after a minute. */
export const PROGRESS_MS = 10_000

/** Mailboxes of which a session keeps what it told by NOTIFY: some 200 bytes each. Beyond, NOTIFICATIONOVERFLOW. */
export const NOTIFIED_MAILBOXES = 2_000

/**
 * New messages of which NOTIFY tells what the client wanted to know, at once: far more than come in. Who moves an archive has them
 * told by their number, and NOTIFICATIONOVERFLOW: the client asks for those it wants (RFC 5465 §5.8).
 */
export const NOTIFIED_MESSAGES = 1_000

/**
 * Changes that a session made to its mailbox itself and remembers, until those of others before them are told: who wants to be told
 * of none (NOTIFY) makes any number of them. Those beyond are told as if others had made them.
 */
export const OWN_CHANGES = 1_000

/** Renamings that NOTIFY tells as such at once, each looked for in all names: a client renames one. Others are told as gone and new. */
export const TOLD_RENAMINGS = 32
