/**
 * Sends what waits for webhooks: a few at a time, each leased, so that no other node sends it too; what a dead process had
 * leased is anyone's again soon. A receiver gets an event at least once: where its answer or the note of it is lost, twice,
 * under the same id.
 */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { SecretBox } from '../../ops/secret-box.ts'
import type { Store } from '../../store/store.ts'
import type { LeasedWebhookDelivery } from '../../store/types/webhooks.ts'
import {
  WEBHOOK_CONCURRENCY,
  WEBHOOK_CONCURRENCY_OF_ONE,
  WEBHOOK_LEASE_MS,
  WEBHOOK_POLL_MS,
  WEBHOOK_RETRIED_MS,
} from '../billing/limits.ts'
import { nextTry } from './retry.ts'
import { openSecret } from './secret.ts'
import type { TryOutcome, WebhookSender } from './sender.ts'

export interface WorkerOptions {
  store: Store
  box: SecretBox
  sender: Pick<WebhookSender, 'send'>
  /** Told of what was switched off, once that is on disk. */
  onDisabled: (delivery: LeasedWebhookDelivery, outcome: TryOutcome) => Promise<void>
  clock: Clock
  log: Log
  /** Names this process among the nodes. */
  owner: string
  /** The wait after the first failure. */
  retryFirstMs: number
  random: () => number
}

export class WebhookWorker {
  readonly #options: WorkerOptions
  readonly #running = new Set<Promise<void>>()
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | null = null

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  /** Gives back what this owner had leased in a former life, and begins. */
  async start(): Promise<void> {
    const { store, owner, clock } = this.#options
    await store.write('webhook.release', { owner, at: clock.now() })
    this.#plan()
  }

  /** What is under way is given up and left to the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    if (this.#timer) clearTimeout(this.#timer)
    await Promise.all(this.#running)
    const { store, owner, clock, log } = this.#options
    try {
      await store.write('webhook.release', { owner, at: clock.now() })
    } catch (err) {
      log.error({ err }, 'webhooks not given back')
    }
  }

  /** Begins all that is due and has room; resolves when that much of it is leased. */
  async round(): Promise<void> {
    const { store, owner, clock } = this.#options
    const now = clock.now()
    const limit = WEBHOOK_CONCURRENCY - this.#running.size
    const due = await store.read('webhook.nextDue', {})
    if (limit <= 0 || due === null || due > now || this.#stopping.signal.aborted) return
    const perWebhook = WEBHOOK_CONCURRENCY_OF_ONE
    const leased = await store.write('webhook.lease', { owner, now, leaseMs: WEBHOOK_LEASE_MS, limit, perWebhook })
    for (const delivery of leased) {
      const running = this.#deliver(delivery).finally(() => {
        this.#running.delete(running)
        // Its place is free at once.
        this.#plan(0)
      })
      this.#running.add(running)
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #plan(ms = WEBHOOK_POLL_MS): void {
    if (this.#stopping.signal.aborted) return
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.round().then(
        () => this.#plan(),
        err => {
          if (!this.#stopping.signal.aborted) this.#options.log.error({ err }, 'webhooks could not be looked at')
          this.#plan()
        },
      )
    }, ms).unref()
  }

  async #deliver(delivery: LeasedWebhookDelivery): Promise<void> {
    const { sender, box, log } = this.#options
    const { webhook, eventId, payload, webhookId } = delivery
    try {
      const secret = openSecret(box, webhook)
      const outcome = await sender.send({ url: webhook.url, secret, eventId, payload }, this.#stopping.signal)
      await this.#settle(delivery, outcome)
    } catch (err) {
      // The lease ends by itself, and the event is tried again.
      if (!this.#stopping.signal.aborted)
        log.error({ err, webhookId, eventId }, 'webhook delivery could not be settled')
    }
  }

  async #settle(delivery: LeasedWebhookDelivery, outcome: TryOutcome): Promise<void> {
    const { store, owner, clock, log, random, retryFirstMs, onDisabled } = this.#options
    const { webhookId, eventId, event, attempts, retryUntil, webhook } = delivery
    const { ok, httpStatus, problem, ms } = outcome
    const at = clock.now()
    const isGone = httpStatus === 410
    const nextAttemptAt =
      ok || isGone ? null : nextTry({ attempts: attempts + 1, at, retryUntil }, retryFirstMs, random)
    const status = ok ? 'delivered' : nextAttemptAt === null ? 'failed' : 'waiting'
    const { disabled } = await store.write('webhook.settle', {
      webhookId,
      eventId,
      owner,
      status,
      nextAttemptAt,
      httpStatus,
      problem,
      at,
      disable: status !== 'failed' ? null : isGone ? 'gone' : 'failing',
      disableSince: retryUntil - WEBHOOK_RETRIED_MS,
    })
    const host = new URL(webhook.url).host
    log.info({ webhookId, eventId, event, host, status, httpStatus, problem, attempt: attempts + 1, ms }, 'webhook')
    if (!disabled) return
    log.warn({ webhookId, host }, 'webhook switched off')
    await onDisabled(delivery, outcome)
  }
}
