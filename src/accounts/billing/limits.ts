/** What guards plans, webhooks and dashboards. */

/** How long an event is tried to be handed over, before its webhook is switched off. */
export const WEBHOOK_RETRIED_MS = 3 * 24 * 60 * 60_000
/** How long what was sent can be looked up and sent again. */
export const WEBHOOK_LOG_KEPT_MS = 30 * 24 * 60 * 60_000
/** Of one domain, or of the service: each event is stored once for each of them. */
export const WEBHOOKS_OF_ONE_OWNER = 20
/** Bytes of an answer that are read; only the status counts. */
export const WEBHOOK_ANSWER_BYTES = 4 * 1024
/** From the look-up of the name to the status line. */
export const WEBHOOK_TIMEOUT_MS = 10_000
/** Longer than a try can take, so that nobody else makes it meanwhile. */
export const WEBHOOK_LEASE_MS = 30_000
/** Tries under way at once, to all webhooks and to one: a slow receiver keeps none of the others waiting. */
export const WEBHOOK_CONCURRENCY = 10
export const WEBHOOK_CONCURRENCY_OF_ONE = 2
/** How soon after its change an event is sent, and what looking costs: one look at an index. */
export const WEBHOOK_POLL_MS = 1_000
/** The wait after the first failure; it doubles with each further one. */
export const WEBHOOK_FIRST_RETRY_MS = 10_000
export const WEBHOOK_LONGEST_RETRY_MS = 6 * 60 * 60_000

/** Plans of one catalogue: a list that people choose from. */
export const PLANS = 200
/** Requests for another plan that one mailbox can mail in a day. */
export const PLAN_REQUESTS_A_DAY = 3
/** Mailboxes whose requests are counted at once. */
export const COUNTED_REQUESTERS = 10_000
/** Who receives a request where the domain has no manager and the service no support address. */
export const STAFF_TOLD = 10
