/** Operations and queries on plans, the ledger, webhooks, and what the dashboards plot. */
import type { NewWebhookEvent } from '../types/billing.ts'
import type { Define } from './define.ts'

export interface BillingOperations {
  /** Puts the event into the queue of every enabled webhook that asked for it; nothing where there is none. */
  'webhook.enqueue': Define<NewWebhookEvent, void>
}
export type BillingQueries = Record<never, never>
