/** What becomes of events that nobody takes, by a clock that the tests move. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import { createSecretBox } from '../../ops/secret-box.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import type { Store } from '../../store/store.ts'
import type { WebhookDeliveryRow } from '../../store/types/webhooks.ts'
import { webhookEvent } from '../billing/events.ts'
import { WEBHOOK_FIRST_RETRY_MS, WEBHOOK_LONGEST_RETRY_MS, WEBHOOK_RETRIED_MS } from '../billing/limits.ts'
import { sealSecret } from './secret.ts'
import type { TryOutcome } from './sender.ts'
import { newSecret } from './signature.ts'
import { WebhookWorker } from './worker.ts'

const webhookId = 'hook'
const clock = { time: 0, now: () => clock.time }
const box = createSecretBox(randomBytes(32))
let store: Store
let worker: WebhookWorker
let answer: () => number
let tries: { eventId: string; at: number }[]
const onDisabled = vi.fn(async () => {})

beforeEach(async () => {
  clock.time = Date.UTC(2026, 10, 20, 9)
  tries = []
  answer = () => 500
  onDisabled.mockClear()
  store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('webhook.add', {
    webhookId,
    domain: null,
    url: 'https://hooks.example/',
    description: '',
    secretEncrypted: sealSecret(box, webhookId, newSecret()),
    events: ['mailbox.restored'],
    isEnabled: true,
    disabledReason: null,
    failingSince: null,
    lastSuccessAt: null,
    createdBy: 'staff@example.org',
    createdAt: clock.time,
    updatedAt: clock.time,
  })
  const sender = {
    async send({ eventId }: { eventId: string }): Promise<TryOutcome> {
      tries.push({ eventId, at: clock.time })
      const httpStatus = answer()
      const ok = httpStatus < 300
      return { ok, httpStatus, problem: ok ? null : `answered ${httpStatus}`, ms: 1 }
    },
  }
  const options = { store, box, sender, onDisabled, clock, log: silentLog, owner: 'node' }
  worker = new WebhookWorker({ ...options, retryFirstMs: WEBHOOK_FIRST_RETRY_MS, random: () => 0.5 })
})
afterEach(async () => {
  await worker.stop()
  await store.close()
})

async function happen(): Promise<string> {
  const operation = webhookEvent('mailbox.restored', {
    at: clock.time,
    domain: 'example.org',
    data: { address: 'alice@example.org' },
  })
  await store.write(operation.operation, operation.args as never)
  return (operation.args as { eventId: string }).eventId
}

async function delivery(eventId: string): Promise<WebhookDeliveryRow> {
  const found = await store.read('webhook.delivery', { webhookId, eventId })
  if (!found) throw new Error(`no delivery of ${eventId}`)
  return found
}

/** One more try of it, now. */
async function tried(eventId: string): Promise<WebhookDeliveryRow> {
  const { attempts } = await delivery(eventId)
  return vi.waitFor(
    async () => {
      await worker.round()
      await worker.idle()
      const now = await delivery(eventId)
      expect(now.attempts).toBe(attempts + 1)
      return now
    },
    { interval: 1, timeout: 30_000 },
  )
}

it('gives up after three days of failures, switches the webhook off and says so once', async () => {
  const begin = clock.time
  const eventId = await happen()
  const waits: number[] = []
  let now = await tried(eventId)
  while (now.status === 'waiting') {
    expect(onDisabled).not.toHaveBeenCalled()
    expect((await store.read('webhook.byId', { webhookId }))?.isEnabled).toBe(true)
    waits.push((now.nextAttemptAt ?? 0) - clock.time)
    // Not a moment before.
    clock.time = (now.nextAttemptAt ?? 0) - 1
    await worker.round()
    expect((await delivery(eventId)).attempts).toBe(now.attempts)
    clock.time++
    now = await tried(eventId)
  }
  expect(now).toMatchObject({ status: 'failed', nextAttemptAt: null, lastStatus: 500 })
  expect(clock.time).toBe(begin + WEBHOOK_RETRIED_MS)
  expect(waits.slice(0, 3)).toEqual([10_000, 20_000, 40_000])
  expect(Math.max(...waits)).toBeLessThanOrEqual(WEBHOOK_LONGEST_RETRY_MS)
  expect(await store.read('webhook.byId', { webhookId })).toMatchObject({
    isEnabled: false,
    disabledReason: 'failing',
    failingSince: begin,
  })
  expect(onDisabled).toHaveBeenCalledTimes(1)
  expect(tries.length).toBe(waits.length + 1)
})

it('gives up an event alone where others were taken meanwhile', async () => {
  const eventId = await happen()
  let now = await tried(eventId)
  clock.time += WEBHOOK_RETRIED_MS / 2
  answer = () => 204
  const other = await happen()
  // The older one goes first: it fails once more.
  answer = () => (tries.at(-1)?.eventId === other ? 204 : 500)
  expect((await tried(other)).status).toBe('delivered')
  for (;;) {
    now = await delivery(eventId)
    if (now.status !== 'waiting') break
    clock.time = Math.max(clock.time, now.nextAttemptAt ?? 0)
    await tried(eventId)
  }
  expect(now.status).toBe('failed')
  expect((await store.read('webhook.byId', { webhookId }))?.isEnabled).toBe(true)
  expect(onDisabled).not.toHaveBeenCalled()
})

it('switches it off at once where the receiver says that it is gone', async () => {
  answer = () => 410
  expect((await tried(await happen())).status).toBe('failed')
  expect(await store.read('webhook.byId', { webhookId })).toMatchObject({ isEnabled: false, disabledReason: 'gone' })
  expect(onDisabled).toHaveBeenCalledTimes(1)
})
