/** Plans, the ledger, webhooks, and what the dashboards plot. Prices are whole numbers of the currency's smallest unit. */

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
