/** What a remote server or a zone may cost us. */

/** RFC 5321 §4.5.3.1.5 allows 512 octets a reply line; servers write explanations with links. */
export const REPLY_LINE_BYTES = 4 * 1024
/** A reply is a few lines; EHLO of the most talkative server is under 2 KB. */
export const REPLY_BYTES = 64 * 1024
/** Characters of an answer that are kept with the recipient and shown to the sender. */
export const ANSWER_CHARACTERS = 2_000

/** Host names of an MX answer that are looked at. RFC 5321 §5.1: a limit may be set, two at the least. */
export const HOSTS_PER_ATTEMPT = 10
/** Addresses that are connected to in one attempt; each may cost a whole connect timeout. */
export const ADDRESSES_PER_ATTEMPT = 5
/** Of these, addresses of one host, so that a dead one leaves some for the next; two at the least (RFC 5321 §5.1). */
export const ADDRESSES_PER_HOST = 3
/** Sessions in one attempt: after two servers that both say "later", later it is. */
export const SESSIONS_PER_ATTEMPT = 2

/**
 * Where a destination turned connections away: after so many deliveries over those it let in, one more is tried. One
 * message in as many then waits for its next attempt in vain.
 */
export const DELIVERIES_BEFORE_ONE_MORE = 50

/**
 * Of deliveries at once elsewhere, and of what is leased for them. What has the null reverse-path (reports, automatic replies)
 * can be caused by anybody, for servers that answer as slowly as may be: it leaves most to what accounts send.
 */
export const SHARE_OF_NOBODY = 1 / 4
/** The same for all that one account sends, so that one customer's slow destinations are not everybody's. */
export const SHARE_OF_SENDER = 1 / 2

/** Bytes of messages held in memory by deliveries under way, here and elsewhere each; one message may always go. */
export const BYTES_IN_FLIGHT = 256 * 1024 * 1024
/** Connections kept open for what comes next, over all destinations. */
export const IDLE_CONNECTIONS = 100
/** A message returned whole (RET=FULL) up to this size, else its header only (RFC 3461 §4.3 leaves that to us). */
export const RETURNED_MESSAGE_BYTES = 1024 * 1024
/** A header returned with a report. */
export const RETURNED_HEADER_BYTES = 64 * 1024

/** A QUIT that isn't answered is not waited for any longer. */
export const QUIT_MS = 5_000

/** Messages that an operator's command changes side by side: more would keep the others' transactions waiting. */
export const CHANGED_AT_ONCE = 100
/** Leased in one transaction: enough to be worth it, little enough not to hold up the others. */
export const LEASE_BATCH = 500
/** When the store can't be asked, and when all that is due is held by limits: no spinning. */
export const PAUSE_MS = 1_000
/** Kept of a lease for settling, behind the longest wait for a server's last answer. */
export const SETTLE_MS = 60_000
/** Between two tries to write to a store that is out of order. */
export const STORE_RETRY_MS = 2_000
/** The same behind the lease, or where it is not out of order but refuses, growing to so much: that may be for good, and each try is logged. */
export const LONGEST_STORE_RETRY_MS = 60_000
