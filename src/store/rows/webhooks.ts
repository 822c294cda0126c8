/** Rows of webhooks and what was sent to them: the columns asked for and what is made of them. */
import { Fragment } from '../sql.ts'
import type { WebhookDeliveryRow, WebhookDeliveryStatus, WebhookDisabledReason, WebhookRow } from '../types/webhooks.ts'

export const webhookColumns = new Fragment(
  `webhook_id, domain, url, description, secret_encrypted, events, is_enabled, disabled_reason, failing_since,
   last_success_at, created_by, created_at, updated_at`,
)
export type WebhookTuple = [
  string,
  string | null,
  string,
  string,
  Uint8Array,
  string,
  number,
  WebhookDisabledReason | null,
  number | null,
  number | null,
  string,
  number,
  number,
]

export function webhookRow(tuple: WebhookTuple): WebhookRow {
  const [webhookId, domain, url, description, secretEncrypted, events, isEnabled, disabledReason] = tuple
  const [, , , , , , , , failingSince, lastSuccessAt, createdBy, createdAt, updatedAt] = tuple
  return {
    webhookId,
    domain,
    url,
    description,
    secretEncrypted,
    events: JSON.parse(events),
    isEnabled: isEnabled === 1,
    disabledReason,
    failingSince,
    lastSuccessAt,
    createdBy,
    createdAt,
    updatedAt,
  }
}

export const deliveryColumns = new Fragment(
  `webhook_id, event_id, event, payload, status, attempts, available_at, retry_until, last_at, last_status, last_problem,
   created_at`,
)
export type DeliveryTuple = [
  string,
  string,
  string,
  string,
  WebhookDeliveryStatus,
  number,
  number | null,
  number,
  number | null,
  number | null,
  string | null,
  number,
]

export function deliveryRow(tuple: DeliveryTuple): WebhookDeliveryRow {
  const [webhookId, eventId, event, payload, status, attempts, nextAttemptAt, retryUntil] = tuple
  const [, , , , , , , , lastAt, lastStatus, lastProblem, createdAt] = tuple
  return {
    webhookId,
    eventId,
    event,
    payload,
    status,
    attempts,
    nextAttemptAt,
    retryUntil,
    lastAt,
    lastStatus,
    lastProblem,
    createdAt,
  }
}
