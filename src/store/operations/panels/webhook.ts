import {
  type DeliveryTuple,
  deliveryColumns,
  deliveryRow,
  type WebhookTuple,
  webhookColumns,
  webhookRow,
} from '../../rows/webhooks.ts'
import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { LeasedWebhookDelivery, NewWebhookEvent } from '../../types/webhooks.ts'
import { keepFromRemoval } from '../../words.ts'
import type { Operation } from '../operation.ts'

export const addWebhook: Operation<'webhook.add'> = async (tx, webhook) => {
  const { webhookId, domain, url, description, secretEncrypted, events, isEnabled, createdBy } = webhook
  const { createdAt, updatedAt } = webhook
  await tx.run(sql`
    INSERT INTO webhook (webhook_id, domain, url, description, secret_encrypted, events, is_enabled, created_by,
      created_at, updated_at)
    VALUES (${webhookId}, ${domain}, ${url}, ${description}, ${secretEncrypted}, ${JSON.stringify(events)},
      ${isEnabled ? 1 : 0}, ${createdBy}, ${createdAt}, ${updatedAt})`)
}

export const updateWebhook: Operation<'webhook.update'> = async (tx, { webhookId, at, retryUntil, ...changes }) => {
  const changed = await tx.run(sql`UPDATE webhook SET updated_at = ${at} WHERE webhook_id = ${webhookId}`)
  if (changed === 0) throw unknownWebhook(webhookId)
  const { url, description, events, secretEncrypted, isEnabled } = changes
  if (url !== undefined) await tx.run(sql`UPDATE webhook SET url = ${url} WHERE webhook_id = ${webhookId}`)
  if (description !== undefined)
    await tx.run(sql`UPDATE webhook SET description = ${description} WHERE webhook_id = ${webhookId}`)
  if (events !== undefined)
    await tx.run(sql`UPDATE webhook SET events = ${JSON.stringify(events)} WHERE webhook_id = ${webhookId}`)
  if (secretEncrypted !== undefined)
    await tx.run(sql`UPDATE webhook SET secret_encrypted = ${secretEncrypted} WHERE webhook_id = ${webhookId}`)
  if (isEnabled === true) {
    await tx.run(sql`
      UPDATE webhook SET is_enabled = 1, disabled_reason = ${null}, failing_since = ${null} WHERE webhook_id = ${webhookId}`)
    await tx.run(sql`
      UPDATE webhook_delivery SET available_at = ${at}, lease_owner = ${null}, retry_until = ${retryUntil}
      WHERE webhook_id = ${webhookId} AND status = 'waiting' AND available_at IS NULL`)
  } else if (isEnabled === false) await switchOff(tx, webhookId, null)
}

/** What waits stays, and waits. */
async function switchOff(tx: Transaction, webhookId: string, reason: string | null): Promise<void> {
  await tx.run(sql`
    UPDATE webhook SET is_enabled = 0, disabled_reason = ${reason} WHERE webhook_id = ${webhookId}`)
  await tx.run(sql`
    UPDATE webhook_delivery SET available_at = ${null}, lease_owner = ${null}
    WHERE webhook_id = ${webhookId} AND available_at IS NOT NULL`)
}

export const removeWebhook: Operation<'webhook.remove'> = async (tx, { webhookId }) => {
  const removed = await tx.run(sql`DELETE FROM webhook WHERE webhook_id = ${webhookId}`)
  if (removed === 0) throw unknownWebhook(webhookId)
  await tx.run(sql`DELETE FROM webhook_delivery WHERE webhook_id = ${webhookId}`)
}

/** Those of a domain go with it: nobody else may be told of one that comes back. */
export async function removeWebhooksOf(tx: Transaction, domain: string): Promise<void> {
  await tx.run(sql`
    DELETE FROM webhook_delivery WHERE webhook_id IN (SELECT w.webhook_id FROM webhook AS w WHERE w.domain = ${domain})`)
  await tx.run(sql`DELETE FROM webhook WHERE domain = ${domain}`)
}

export const enqueueEvent: Operation<'webhook.enqueue'> = async (tx, event) => {
  const webhooks = await tx.all<[string, string]>(sql`
    SELECT webhook_id, events FROM webhook WHERE is_enabled = 1 AND (domain IS NULL OR domain = ${event.domain})
    ${keepFromRemoval}`)
  for (const [webhookId, events] of webhooks)
    if (JSON.parse(events).includes(event.event)) await enqueueFor(tx, webhookId, event)
}

async function enqueueFor(tx: Transaction, webhookId: string, newEvent: NewWebhookEvent): Promise<void> {
  const { eventId, event, payload, at, retryUntil } = newEvent
  await tx.run(sql`
    INSERT INTO webhook_delivery (webhook_id, event_id, event, payload, status, attempts, available_at, retry_until,
      created_at)
    VALUES (${webhookId}, ${eventId}, ${event}, ${payload}, 'waiting', 0, ${at}, ${retryUntil}, ${at})`)
}

export const recordDelivery: Operation<'webhook.record'> = async (tx, delivery) => {
  const { webhookId, eventId, event, payload, status, attempts, nextAttemptAt, retryUntil } = delivery
  const { lastAt, lastStatus, lastProblem, createdAt } = delivery
  if (!(await tx.get(sql`SELECT 1 FROM webhook WHERE webhook_id = ${webhookId}`))) throw unknownWebhook(webhookId)
  await tx.run(sql`
    INSERT INTO webhook_delivery (webhook_id, event_id, event, payload, status, attempts, available_at, retry_until,
      last_at, last_status, last_problem, created_at)
    VALUES (${webhookId}, ${eventId}, ${event}, ${payload}, ${status}, ${attempts}, ${nextAttemptAt}, ${retryUntil},
      ${lastAt}, ${lastStatus}, ${lastProblem}, ${createdAt})`)
}

/**
 * Webhooks with something to send, found one after the other in the index, so that none hides behind another's backlog. What another
 * node has is its own for as long as that node is known, whatever this one's clock says.
 */
export const leaseDeliveries: Operation<'webhook.lease'> = async (tx, args) => {
  const { owner, now, leaseMs, limit, perWebhook } = args
  const leased: LeasedWebhookDelivery[] = []
  const waiting = await tx.all<[string]>(sql`
    WITH RECURSIVE step (webhook_id) AS (
      SELECT MIN(webhook_id) FROM webhook_delivery WHERE available_at IS NOT NULL
      UNION ALL
      SELECT (
        SELECT MIN(d.webhook_id) FROM webhook_delivery AS d
        WHERE d.available_at IS NOT NULL AND d.webhook_id > step.webhook_id)
      FROM step WHERE step.webhook_id IS NOT NULL
    )
    SELECT webhook_id FROM step WHERE webhook_id IS NOT NULL`)
  for (const webhookId of startingAt(
    waiting.map(([id]) => id),
    now,
  )) {
    if (leased.length >= limit) break
    const busy = await tx.get<[number]>(sql`
      SELECT COUNT(*) FROM webhook_delivery
      WHERE webhook_id = ${webhookId} AND available_at > ${now} AND lease_owner IS NOT NULL`)
    const free = Math.min(perWebhook - (busy?.[0] ?? 0), limit - leased.length)
    if (free <= 0) continue
    const rows = await tx.all<DeliveryTuple>(sql`
      SELECT ${deliveryColumns} FROM webhook_delivery
      WHERE webhook_id = ${webhookId} AND available_at <= ${now}
        AND (lease_owner IS NULL OR lease_owner = ${owner}
          OR (SELECT COUNT(*) FROM node AS n WHERE n.node_id = lease_owner) = 0)
      ORDER BY available_at, event_id LIMIT ${free}`)
    if (rows.length === 0) continue
    const found = await tx.get<WebhookTuple>(sql`SELECT ${webhookColumns} FROM webhook WHERE webhook_id = ${webhookId}`)
    if (!found) continue
    const webhook = webhookRow(found)
    for (const row of rows) {
      const delivery = { ...deliveryRow(row), nextAttemptAt: now + leaseMs }
      await tx.run(sql`
        UPDATE webhook_delivery SET lease_owner = ${owner}, available_at = ${now + leaseMs}
        WHERE webhook_id = ${webhookId} AND event_id = ${delivery.eventId}`)
      leased.push({ ...delivery, webhook })
    }
  }
  return leased
}

/** Another first each time, so that the limit doesn't always end before the same. */
function startingAt(ids: readonly string[], now: number): string[] {
  const first = ids.length === 0 ? 0 : now % ids.length
  return [...ids.slice(first), ...ids.slice(0, first)]
}

export const settleDelivery: Operation<'webhook.settle'> = async (tx, args) => {
  const { webhookId, eventId, owner, status, nextAttemptAt, httpStatus, problem, at, disable, disableSince } = args
  const settled = await tx.run(sql`
    UPDATE webhook_delivery SET status = ${status}, attempts = attempts + 1, available_at = ${nextAttemptAt},
      lease_owner = ${null}, last_at = ${at}, last_status = ${httpStatus}, last_problem = ${problem}
    WHERE webhook_id = ${webhookId} AND event_id = ${eventId} AND lease_owner = ${owner}`)
  if (settled === 0) return { disabled: false }
  if (status === 'delivered') {
    await tx.run(sql`
      UPDATE webhook SET failing_since = ${null}, last_success_at = ${at} WHERE webhook_id = ${webhookId}`)
    return { disabled: false }
  }
  await tx.run(sql`
    UPDATE webhook SET failing_since = COALESCE(failing_since, ${at}) WHERE webhook_id = ${webhookId}`)
  if (disable === null) return { disabled: false }
  const isDue = await tx.get(sql`
    SELECT 1 FROM webhook
    WHERE webhook_id = ${webhookId} AND is_enabled = 1
      AND (${disable} = 'gone' OR last_success_at IS NULL OR last_success_at < ${disableSince})`)
  if (isDue) await switchOff(tx, webhookId, disable)
  return { disabled: isDue !== undefined }
}

export const releaseDeliveries: Operation<'webhook.release'> = async (tx, { owner, at }) => {
  await tx.run(sql`
    UPDATE webhook_delivery SET lease_owner = ${null}, available_at = ${at}
    WHERE available_at IS NOT NULL AND lease_owner = ${owner}`)
}

export const resendDelivery: Operation<'webhook.resend'> = async (tx, { webhookId, eventId, at, retryUntil }) => {
  const webhook = await tx.get<[number]>(sql`SELECT is_enabled FROM webhook WHERE webhook_id = ${webhookId}`)
  if (!webhook) throw unknownWebhook(webhookId)
  if (webhook[0] === 0) throw new StoreError('not-allowed', 'the webhook is switched off')
  // One that is under way is the sending that was asked for.
  const found = await tx.run(sql`
    UPDATE webhook_delivery SET status = 'waiting', retry_until = ${retryUntil},
      attempts = CASE WHEN lease_owner IS NULL THEN 0 ELSE attempts END,
      available_at = CASE WHEN lease_owner IS NULL THEN ${at} ELSE available_at END
    WHERE webhook_id = ${webhookId} AND event_id = ${eventId}`)
  if (found === 0) throw new StoreError('not-found', 'there is no such delivery')
}

export const sweepDeliveries: Operation<'webhook.sweep'> = async (tx, { before, limit }) => {
  const rows = await tx.all<[string, string]>(sql`
    SELECT webhook_id, event_id FROM webhook_delivery
    WHERE created_at < ${before} AND available_at IS NULL ORDER BY created_at LIMIT ${limit}`)
  for (const [webhookId, eventId] of rows)
    await tx.run(sql`DELETE FROM webhook_delivery WHERE webhook_id = ${webhookId} AND event_id = ${eventId}`)
  return { removed: rows.length }
}

function unknownWebhook(webhookId: string): StoreError {
  return new StoreError('not-found', `there is no webhook ${webhookId}`)
}
