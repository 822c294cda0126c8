/** What an auto-reply may hold. */

/** As far as people read a subject. */
export const SUBJECT_CHARACTERS = 200
/** A letter of several pages, in two languages. */
export const TEXT_CHARACTERS = 10_000
/** RFC 5230 §4.1: at least a day; senders who write for months want to be told again. */
export const INTERVAL_DAYS = { least: 1, most: 30, usual: 7 }
/** A last day that is further away is a slip of the keyboard. */
export const FURTHEST_YEARS = 5
