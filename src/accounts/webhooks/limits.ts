/** Limits of webhooks, each with its reason. */

/** Longer ones are no addresses that people copy. */
export const URL_CHARACTERS = 2_000

/** What of an answer helps to understand it. */
export const ANSWER_SHOWN_CHARACTERS = 200
