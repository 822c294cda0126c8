/** Webhooks, and what was sent to them. */
import {
  type DeliveryTuple,
  deliveryColumns,
  deliveryRow,
  type WebhookTuple,
  webhookColumns,
  webhookRow,
} from '../../rows/webhooks.ts'
import { list, sql } from '../../sql.ts'
import type { Query } from '../query.ts'

export const listWebhooks: Query<'webhook.list'> = async (reader, { domains }) => {
  const rows =
    domains === null
      ? await reader.all<WebhookTuple>(sql`SELECT ${webhookColumns} FROM webhook ORDER BY created_at, webhook_id`)
      : await reader.all<WebhookTuple>(sql`
          SELECT ${webhookColumns} FROM webhook WHERE domain IN ${list(domains)} ORDER BY created_at, webhook_id`)
  return rows.map(webhookRow)
}

export const webhookById: Query<'webhook.byId'> = async (reader, { webhookId }) => {
  const row = await reader.get<WebhookTuple>(sql`SELECT ${webhookColumns} FROM webhook WHERE webhook_id = ${webhookId}`)
  return row ? webhookRow(row) : null
}

/** The first of each webhook, from one to the next in the index. */
export const nextDelivery: Query<'webhook.nextDue'> = async reader => {
  const row = await reader.get<[number | null]>(sql`
    WITH RECURSIVE step (webhook_id) AS (
      SELECT MIN(webhook_id) FROM webhook_delivery WHERE available_at IS NOT NULL
      UNION ALL
      SELECT (
        SELECT MIN(d.webhook_id) FROM webhook_delivery AS d
        WHERE d.available_at IS NOT NULL AND d.webhook_id > step.webhook_id)
      FROM step WHERE step.webhook_id IS NOT NULL
    )
    SELECT MIN((
      SELECT MIN(d.available_at) FROM webhook_delivery AS d
      WHERE d.webhook_id = step.webhook_id AND d.available_at IS NOT NULL))
    FROM step WHERE step.webhook_id IS NOT NULL`)
  return row?.[0] ?? null
}

export const listDeliveries: Query<'webhook.deliveries'> = async (reader, { webhookId, after, limit }) => {
  const { createdAt, eventId } = after ?? { createdAt: Number.MAX_SAFE_INTEGER, eventId: '' }
  const rows = await reader.all<DeliveryTuple>(sql`
    SELECT ${deliveryColumns} FROM webhook_delivery
    WHERE webhook_id = ${webhookId} AND (created_at, event_id) < (${createdAt}, ${eventId})
    ORDER BY created_at DESC, event_id DESC LIMIT ${limit}`)
  return rows.map(deliveryRow)
}

export const deliveryById: Query<'webhook.delivery'> = async (reader, { webhookId, eventId }) => {
  const row = await reader.get<DeliveryTuple>(sql`
    SELECT ${deliveryColumns} FROM webhook_delivery WHERE webhook_id = ${webhookId} AND event_id = ${eventId}`)
  return row ? deliveryRow(row) : null
}
