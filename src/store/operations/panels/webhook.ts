import { sql } from '../../sql.ts'
import type { Operation } from '../operation.ts'

export const enqueueEvent: Operation<'webhook.enqueue'> = async (tx, args) => {
  const { eventId, event, domain, payload, at, retryUntil } = args
  const webhooks = await tx.all<[string, string]>(sql`
    SELECT webhook_id, events FROM webhook WHERE is_enabled = 1 AND (domain IS NULL OR domain = ${domain})`)
  for (const [webhookId, events] of webhooks)
    if (JSON.parse(events).includes(event))
      await tx.run(sql`
        INSERT INTO webhook_delivery (webhook_id, event_id, event, payload, status, attempts, available_at, retry_until,
          created_at)
        VALUES (${webhookId}, ${eventId}, ${event}, ${payload}, 'waiting', 0, ${at}, ${retryUntil}, ${at})`)
}
