/** For how long nothing can be sent after a message that was over a limit: time to find out what sends, and to stop it. */
export const BLOCKED_MS = 60 * 60_000

/** Of a refused message, in the mail to staff: enough to see whether they are customers or a list. */
export const SAMPLE_RECIPIENTS = 10

/** Sign-ins named in the mail to staff. */
export const SAMPLE_SIGN_INS = 5

/** What a raise may be, and for how long: what is needed longer is a matter of the plan. */
export const RAISE_LIMIT = { least: 1, most: 100_000 }
export const RAISE_HOURS = { least: 1, most: 72 }

/** Told in one go; the rest at the next. */
export const NEWS_AT_ONCE = 20

/** A place is known from so long after the first sign-in there: who stole a password uses it within hours or a day. */
export const KNOWN_AFTER_MS = 3 * 24 * 60 * 60_000
/** Mailboxes that are younger, and services, have no history to compare with. */
export const HISTORY_MS = 14 * 24 * 60 * 60_000
/** How long the known places of an account are remembered, and of how many accounts: some hundred bytes each. */
export const PLACES_REMEMBERED_MS = 60 * 60_000
export const ACCOUNTS_REMEMBERED = 10_000
/** What staff let go is not held again for the same reason: by then a new place is known, and what failed no longer counts. */
export const CLEARED_MS = 7 * 24 * 60 * 60_000
/** Recipients refused while messages are handed in wait so long before they are written, and so many of them. */
export const GATHERED_MS = 2_000
export const WAITING_FAILURES = 5_000
/** Let go of, or dropped, in one transaction: some milliseconds of the writer. */
export const HELD_AT_ONCE = 500
/** Named in a list of who is held; more at once is an attack on all, not a list to work through. */
export const HOLDS_LISTED = 200
