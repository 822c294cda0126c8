/** What guards plans, webhooks and dashboards. */

/** How long an event is tried to be handed over, before its webhook is switched off. */
export const WEBHOOK_RETRIED_MS = 3 * 24 * 60 * 60_000
