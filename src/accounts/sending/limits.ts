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
