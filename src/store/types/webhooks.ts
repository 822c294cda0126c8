/** Who is told of what happens, and what was sent to them. */

/** One event for every webhook that asked for it. `payload`: the JSON that is sent, and signed, byte for byte. */
export interface NewWebhookEvent {
  /** What receivers tell repetitions by; without dots, which the signature uses. */
  eventId: string
  event: string
  /** Of what it tells; null for what concerns the whole service, told to webhooks of no domain alone. */
  domain: string | null
  payload: string
  at: number
  /** Until when it is tried. */
  retryUntil: number
}

export type WebhookDisabledReason = 'failing' | 'gone'

export interface WebhookRow {
  webhookId: string
  /** Of which it is told; null: of all, and of the service itself. */
  domain: string | null
  url: string
  description: string
  /** Signs what is sent; sealed. */
  secretEncrypted: Uint8Array
  events: string[]
  isEnabled: boolean
  /** Why the service switched it off: no answer of 2xx for too long, or 410; null where it did not. */
  disabledReason: WebhookDisabledReason | null
  /** When the first try failed of those since the last that did not. */
  failingSince: number | null
  lastSuccessAt: number | null
  createdBy: string
  createdAt: number
  updatedAt: number
}

/** waiting: to be sent, or sent again. delivered: answered with 2xx. failed: given up. */
export type WebhookDeliveryStatus = 'waiting' | 'delivered' | 'failed'

export interface WebhookDeliveryRow {
  webhookId: string
  eventId: string
  event: string
  payload: string
  status: WebhookDeliveryStatus
  attempts: number
  /** When it is tried next; null where it is not, or its webhook is switched off. */
  nextAttemptAt: number | null
  retryUntil: number
  lastAt: number | null
  /** HTTP status; null where there was no answer. */
  lastStatus: number | null
  lastProblem: string | null
  createdAt: number
}

/** `owner` has it until `nextAttemptAt`. */
export type LeasedWebhookDelivery = WebhookDeliveryRow & { webhook: WebhookRow }
