/** What guards second factors. */

/** RFC 6238 §5.2: one step back and one ahead, for clocks that are half a minute off. */
export const STEPS_OFF = 1
/**
 * Codes tried for one principal before the next has to wait. Three of a million are right at a time; whoever tries one
 * knows the password already.
 */
export const CODE_TRIES = 10
/** In which so many tries come back: 144 a day, with which one guesses right once in six years. */
export const CODE_TRIES_MS = 100 * 60_000
export const RECOVERY_CODES = 10

/** Time to find the telephone, and to type what it shows. */
export const PENDING_MS = 10 * 60_000
/** Proofs shown for one password; then it is asked for again. */
export const PENDING_TRIES = 5

/** Browsers wait for a passkey as long as this, and their keys may need to be fetched. */
export const CHALLENGE_MS = 5 * 60_000
/** People have some devices and a key or two in a drawer. */
export const PASSKEYS = 20
export const PASSKEY_LABEL_CHARACTERS = 100
