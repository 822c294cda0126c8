/** Operations and queries on webhooks and what is sent to them. */
import type {
  LeasedWebhookDelivery,
  NewWebhookEvent,
  WebhookDeliveryRow,
  WebhookDeliveryStatus,
  WebhookDisabledReason,
  WebhookRow,
} from '../types/webhooks.ts'
import type { Define } from './define.ts'

type OfDelivery = { webhookId: string; eventId: string }

export interface WebhookOperations {
  'webhook.add': Define<WebhookRow, void>
  /**
   * Changes what is given. Switched on, what still waits is tried again, until `retryUntil`; switched off, it waits.
   * `not-found`.
   */
  'webhook.update': Define<
    {
      webhookId: string
      url?: string
      description?: string
      events?: string[]
      secretEncrypted?: Uint8Array
      isEnabled?: boolean
      at: number
      retryUntil: number
    },
    void
  >
  /** With all that was sent to it. `not-found`. */
  'webhook.remove': Define<{ webhookId: string }, void>

  /** Puts the event into the queue of every enabled webhook that asked for it; nothing where there is none. */
  'webhook.enqueue': Define<NewWebhookEvent, void>
  /** Leases what is due, the oldest of each webhook first, at most `perWebhook` of one at once. */
  'webhook.lease': Define<
    { owner: string; now: number; leaseMs: number; limit: number; perWebhook: number },
    LeasedWebhookDelivery[]
  >
  /**
   * Writes what became of a try. Where the lease is another's by now nothing is done. `disable`: what the webhook is switched
   * off for; `failing` only where it had no success since `disableSince`. Answers whether it was switched off by this.
   */
  'webhook.settle': Define<
    OfDelivery & {
      owner: string
      status: WebhookDeliveryStatus
      /** Of one that waits. */
      nextAttemptAt: number | null
      httpStatus: number | null
      problem: string | null
      at: number
      disable: WebhookDisabledReason | null
      disableSince: number
    },
    { disabled: boolean }
  >
  /** Gives back what the owner has leased, uncounted: of a former life, or at the end of this one. */
  'webhook.release': Define<{ owner: string; at: number }, void>
  /** Sent again from now on. `not-found`; `not-allowed` where the webhook is switched off. */
  'webhook.resend': Define<OfDelivery & { at: number; retryUntil: number }, void>
  /** Notes a try that was made outside of the queue. */
  'webhook.record': Define<WebhookDeliveryRow, void>
  /** Forgets settled ones that were made before; at most `limit`. Answers how many. */
  'webhook.sweep': Define<{ before: number; limit: number }, { removed: number }>
}

export interface WebhookQueries {
  /** Of these domains, or all; the oldest first. */
  'webhook.list': Define<{ domains: readonly string[] | null }, WebhookRow[]>
  'webhook.byId': Define<{ webhookId: string }, WebhookRow | null>
  /** When the next is due, or null. */
  'webhook.nextDue': Define<Record<never, never>, number | null>
  /** Latest first, behind `after`. */
  'webhook.deliveries': Define<
    { webhookId: string; after: { createdAt: number; eventId: string } | null; limit: number },
    WebhookDeliveryRow[]
  >
  'webhook.delivery': Define<OfDelivery, WebhookDeliveryRow | null>
}
