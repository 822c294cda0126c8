/** Bounds of the object store, each with its reason. */

/** How long one goes on trying: a sender's server waits some minutes, a person at a mail program less. */
export const tryingMs = 12_000
/** The same for a person who asks whether it works. */
export const askedMs = 3_000

/** The longest one request may take, beside the time its bytes need. */
export const requestMs = 10_000
/** A line slower than a megabyte a second holds up more than it carries. */
export const bytesEachMs = 1000

/** Waits between tries begin here and double; each is between nothing and the whole of it, so that many don't come back at once. */
export const firstWaitMs = 100
export const longestWaitMs = 2000

/** Requests under way at once; more wait. Each has a connection of its own. */
export const maxRequests = 32

/** Of an answer that is no blob: a list of 1,000 objects takes some 300 KB. */
export const maxAnswerBytes = 4 * 1024 * 1024

/**
 * An object that no row names is removed once it is so old: what is staged can be taken for an hour, a transaction takes
 * some minutes at the most, the rest is for a clock that is set.
 */
export const orphanMs = 6 * 60 * 60 * 1000

/** The objects in one list, as S3 itself bounds it. */
export const listedAtOnce = 1000
/** Lists of one sweep. A sweep an hour looks at a million objects in eight days. */
export const listsAtOnce = 5

/** How often the cache looks at its folder and makes room: when so much of its size came in. */
export const cacheLookShare = 1 / 16
/** To which share of its size it is brought then: with four processes on one folder it stays below the whole. */
export const cacheKeptShare = 3 / 4
/** The most of its size that one object may take: one giant must not push out everything else. */
export const cacheObjectShare = 1 / 8
/** A copy still being written after so long was left by a process that ended: none takes minutes. */
export const unfinishedMs = 60 * 60 * 1000

/** An object that is read: no message is larger. */
export const maxObjectBytes = 512 * 1024 * 1024

/** By more than this the time of a signature may be why it is refused: S3 allows a quarter of an hour, and some allow less. */
export const clocksMs = 5 * 60_000
