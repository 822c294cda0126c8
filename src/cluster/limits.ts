/** Times of the cluster, each with its reason. */

/** Without Redis: how late a change of another node is heard at most. One query a second, for all that is open here. */
export const POLLED_EVERY_MS = 1_000
/** With it: a notice may get lost with a connection, and nobody waits for ever. */
export const LOOKED_AFTER_MS = 15_000
/** Accounts of one such query: some milliseconds. */
export const ACCOUNTS_AT_ONCE = 1_000

/** How soon what ends a sign-in, or a setting, is known everywhere; with or without Redis, since the store has it. */
export const NOTICES_READ_EVERY_MS = 1_000
/** Notices are read from so far back: by so much clocks may differ, and a commit may come late. */
export const NOTICES_READ_MS = 5 * 60_000
export const NOTICES_KEPT_MS = 60 * 60_000

/** For telling the others that the database went back: it was just reached, and until then a node serves what is no more. */
export const WENT_BACK_TOLD_MS = 2_000

/** How often a node says that it lives. */
export const BEAT_MS = 5_000
/** Beats in a row that others miss before they take a node for dead, and its work over: half a minute. */
export const MISSED_BEATS = 6
/**
 * A node that could not say so for so long begins and ends nothing that another may do by now. Ten seconds before the others
 * take it for dead, for a last answer on its way.
 */
export const TRUSTED_MS = 20_000
/** A node that did not leave and bears one's own name: within so long it gives a sign, if it lives. A beat, and time for the store. */
export const NAMESAKE_MS = BEAT_MS + 2_000
/** Between two looks for its sign. */
export const NAMESAKE_LOOK_MS = 500
/** Between saying that it leaves and taking nothing new: a load balancer that asks for its health sends others elsewhere meanwhile. */
export const LEAVING_MS = 5_000
/** Not seen for so long by the clocks, which are within a minute of each other: dead, whoever looks. Shown so; nothing rests on it. */
export const SURELY_DEAD_MS = 3 * 60_000
/** For the store to say who is there, which takes milliseconds: somebody waits at a terminal. */
export const STATUS_MS = 4_000
/** By more than this two clocks do not agree: what one node does then has a time that another takes for another. */
export const CLOCKS_MS = 60_000
/** How long a dead node is shown. */
export const DEAD_KEPT_MS = 24 * 60 * 60_000

/** Between two attempts to reach Redis, growing from the first to the last. */
export const RECONNECT_FIRST_MS = 100
export const RECONNECT_LONGEST_MS = 2_000
export const REDIS_CONNECT_MS = 5_000
/** For the command line, where no service keeps a link. */
export const REDIS_ASKED_MS = 2_000
/**
 * A connection is asked every second, and answers within a millisecond; one that says nothing for so long is gone. Nothing is heard
 * until then; where it was only slow, nodes poll until it is there again, which costs little.
 */
export const REDIS_PING_MS = 1_000
export const REDIS_SILENT_MS = 3_000
