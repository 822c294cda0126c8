/** How long links live, and what guards them. */

/** Digits of a code given by phone: few enough to be told, and tried `CODE_TRIES` times. */
export const CODE_DIGITS = { least: 4, usual: 6, most: 8 }
/** Days that a link can be opened: what staff and whoever makes one may choose. */
export const LINK_DAYS = { least: 1, most: 30 }
/** Of a link, by whoever has it; then it is revoked. One in 2,000 guesses a code of 4 digits. */
export const CODE_TRIES = 5
/** "Choose my own password", after the reveal: as long as one stays on that page. */
export const CHOOSE_PASSWORD_MS = 30 * 60_000
/** How long it can be looked up what became of a link. */
export const LINKS_KEPT_MS = 365 * 24 * 60 * 60_000
/** How long the list shows a token of a program that has expired: why something stopped can be seen there. */
export const TOKENS_KEPT_MS = 30 * 24 * 60 * 60_000
/** Rows forgotten in one transaction: some milliseconds of the writer. */
export const SWEPT_AT_ONCE = 200
