/** What guards a forgotten password and the external address that helps with it. */
import { HOUR_MS } from '../../ops/durations.ts'

/** Of a reset link: long enough for a slow mail, short for whoever finds it later. */
export const RESET_LINK_MS = HOUR_MS
/** Of the link that proves that the external address is read: people look there now and then. */
export const CHECK_LINK_MS = 48 * HOUR_MS
/** Reset links for one address: who lost a mail asks again, who floods a mailbox is stopped. */
export const RESETS_OF_ADDRESS = { max: 3, perMs: HOUR_MS }
/** Asked for by one client: an office behind one address is still served. */
export const RESETS_OF_CLIENT = { max: 20, perMs: HOUR_MS }
/** Mails to external addresses that one user can cause: anybody's address can be typed there. */
export const CHECKS_OF_USER = { max: 5, perMs: HOUR_MS }
/** Resets looked up at once; beyond, they wait. */
export const RESETS_WAITING = 500
/** Wrong second factors of one reset link; then it is void. */
export const FACTOR_TRIES = 5
