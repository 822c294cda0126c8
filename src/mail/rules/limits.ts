/** Bounds of what rules do by themselves. */

/** Addresses in To, Cc and the like that are looked at for one of the account's own: each may cost a read. */
export const ADDRESSES_LOOKED_AT = 50

/** Scripts of one account, the inactive ones and those that others include among them. */
export const SCRIPTS = 20

/** Octets of a script: a thousand rules. What is twice as long is no work of a person, and takes long to compile. */
export const SCRIPT_BYTES = 256 * 1024

/** A change of a script for all is felt everywhere by then, also in another process. */
export const COMMON_SCRIPTS_KEPT_MS = 5_000

/** Accounts whose rules are kept as read and compiled: a few kilobytes each. */
export const ACCOUNTS_KEPT = 1_000

/** Senders an account has answered and still remembers: a flood from forged senders must not be answered whole. */
export const REMEMBERED_REPLIES = 2_000

/** RFC 5230 §4.1 leaves the bounds of the interval to the server. */
export const REPLY_INTERVAL_MS = { least: 60_000, most: 366 * 86_400_000, usual: 7 * 86_400_000 }

/** Of a rule's name, a folder or an address, as the trace keeps them with each message. */
export const TRACED_NAME_CHARACTERS = 120
/** Of what rules did with one message. */
export const TRACED_RULES = 10
/** Of them, flags and fields: where the message went is what people ask first. */
export const TRACED_CHANGES = 5

/** Messages of the mailbox of what was sent, from the last one back, among which a program's own copy is looked for. */
export const SENT_LOOKED_AT = 50

/** Of what is wrong with a script: some name a text of the script, which may be long. */
export const PROBLEM_CHARACTERS = 300
/** Whoever wrote a script that fails is told no more often; a change of it begins anew. */
export const FAILURE_TOLD_EVERY_MS = 24 * 60 * 60_000
/** Failures wait so long before they are written, each script's together, and so many scripts: a service's can fail with each message. */
export const FAILURES_GATHERED_MS = 2_000
export const FAILURES_WAITING = 1_000
/** Told in one go. */
export const FAILURE_NEWS_AT_ONCE = 20

/** Message-IDs kept of a long thread: the first and the last ones (RFC 5322 §3.6.4 asks for all; headers have an end). */
export const REPLY_REFERENCES = 20
