/** Bounds of what is kept of blobs in memory, in rows and in threads, each with its reason. */

/** Stored forms up to this size go with the operation that takes them, and are written together with the rest of it. */
export const inlineBytes = 128 * 1024

/** Blobs read lately, which all sessions of a mailbox ask for: of some hundred usual messages. */
export const cacheBytes = 32 * 1024 * 1024

/** Files let go of that are remembered, some 15 MB. The walk through all files comes to the others, some days later. */
export const maxReleased = 100_000

/** Failures after which a sweep leaves the rest: an object store that is gone takes seconds to say so, each time. */
export const mostFailures = 10

/** As many as the thread pool has. */
export const mostThreads = 4
/** Files that a thread has before it, from which on another is worth its start and its memory, some ten megabytes. */
export const manyFiles = 2
