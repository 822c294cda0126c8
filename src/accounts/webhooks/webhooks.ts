/** Webhooks as staff and domain managers see and change them. A manager's are of one of his domains, and tell of it alone. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../ops/clock.ts'
import { DAY_MS } from '../../ops/durations.ts'
import type { SecretBox } from '../../ops/secret-box.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import type { LeasedWebhookDelivery, WebhookDeliveryRow, WebhookRow } from '../../store/types/webhooks.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, isStaff, mayManage, requireDomain, serviceItself, visibleDomains } from '../actor.ts'
import type { AuditAction } from '../audited-facts.ts'
import { newEventId, payloadOf, type WebhookEventName } from '../billing/events.ts'
import { WEBHOOK_LOG_KEPT_MS, WEBHOOK_RETRIED_MS, WEBHOOKS_OF_ONE_OWNER } from '../billing/limits.ts'
import { whoIsTold } from '../billing/who-is-told.ts'
import { noDomain } from '../directory/error.ts'
import type { Notices } from '../notices.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { type DestinationRules, webhookUrl } from './destination.ts'
import { openSecret, sealSecret } from './secret.ts'
import type { TryOutcome, WebhookSender } from './sender.ts'
import { newSecret } from './signature.ts'

/** Without the secret, which is shown once. */
export type Webhook = Omit<WebhookRow, 'secretEncrypted'>

export interface NewWebhook {
  domain: string | null
  url: string
  description: string
  events: WebhookEventName[]
}

export interface WebhookChange {
  url?: string
  description?: string
  events?: WebhookEventName[]
  isEnabled?: boolean
}

export interface WebhooksOptions {
  store: Store
  box: SecretBox
  sender: Pick<WebhookSender, 'send'>
  rules: DestinationRules
  notices: Notices
  settings: ReadsSettings
  linkTo: (path: string) => string
  clock: Clock
}

export class Webhooks {
  readonly #options: WebhooksOptions

  constructor(options: WebhooksOptions) {
    this.#options = options
  }

  async list(actor: Actor): Promise<Webhook[]> {
    const rows = await this.#options.store.read('webhook.list', { domains: visibleDomains(actor) })
    return rows.map(withoutSecret)
  }

  async find(actor: Actor, webhookId: string): Promise<Webhook> {
    return withoutSecret(await this.#row(actor, webhookId))
  }

  /** The secret is given once, here. */
  async add(actor: Actor, wanted: NewWebhook): Promise<{ webhook: Webhook; secret: string }> {
    const { store, box, clock } = this.#options
    const { domain, description } = wanted
    if (domain !== null) {
      requireDomain(actor, domain)
      // Of a domain that isn't there nothing is ever told.
      if (!(await store.read('domain.byName', { name: domain }))) throw noDomain(domain)
    } else if (!isStaff(actor)) throw new AccountError('not-allowed', 'Only staff have webhooks of all domains')
    await this.#expectRoom(domain)
    const at = clock.now()
    const webhookId = randomBytes(12).toString('hex')
    const secret = newSecret()
    const row: WebhookRow = {
      webhookId,
      domain,
      url: this.#url(wanted.url),
      description,
      secretEncrypted: sealSecret(box, webhookId, secret),
      events: [...new Set(wanted.events)],
      isEnabled: true,
      disabledReason: null,
      failingSince: null,
      lastSuccessAt: null,
      createdBy: actor.address,
      createdAt: at,
      updatedAt: at,
    }
    await writeAll(store, [
      { operation: 'webhook.add', args: row },
      audited(actor, at, { action: 'webhook.create', target: webhookId, domain, after: shownOf(row) }),
    ])
    return { webhook: withoutSecret(row), secret }
  }

  async change(actor: Actor, webhookId: string, change: WebhookChange): Promise<Webhook> {
    const { url, events, ...others } = change
    const before = await this.#row(actor, webhookId)
    const args = {
      ...others,
      ...(url !== undefined && { url: this.#url(url) }),
      ...(events !== undefined && { events: [...new Set(events)] }),
    }
    await this.#write(actor, before, args, 'webhook.update', shownOf({ ...before, ...args }))
    return this.find(actor, webhookId)
  }

  /** The one before signs nothing from now on. */
  async renewSecret(actor: Actor, webhookId: string): Promise<{ webhook: Webhook; secret: string }> {
    const before = await this.#row(actor, webhookId)
    const secret = newSecret()
    const secretEncrypted = sealSecret(this.#options.box, webhookId, secret)
    await this.#write(actor, before, { secretEncrypted }, 'webhook.secret', shownOf(before))
    return { webhook: await this.find(actor, webhookId), secret }
  }

  async remove(actor: Actor, webhookId: string): Promise<void> {
    const row = await this.#row(actor, webhookId)
    const at = this.#options.clock.now()
    await this.#expecting([
      { operation: 'webhook.remove', args: { webhookId } },
      audited(actor, at, {
        action: 'webhook.remove',
        target: webhookId,
        domain: row.domain,
        before: shownOf(row),
      }),
    ])
  }

  /** What was sent, the latest first. */
  async deliveries(
    actor: Actor,
    webhookId: string,
    page: { after: { createdAt: number; eventId: string } | null; limit: number },
  ): Promise<WebhookDeliveryRow[]> {
    await this.#row(actor, webhookId)
    return this.#options.store.read('webhook.deliveries', { webhookId, ...page })
  }

  /** The same event under the same id, soon. */
  async resend(actor: Actor, webhookId: string, eventId: string): Promise<WebhookDeliveryRow> {
    const { store, clock } = this.#options
    const { domain } = await this.#row(actor, webhookId)
    const at = clock.now()
    const days = WEBHOOK_LOG_KEPT_MS / DAY_MS
    try {
      await writeAll(store, [
        { operation: 'webhook.resend', args: { webhookId, eventId, at, retryUntil: at + WEBHOOK_RETRIED_MS } },
        audited(actor, at, { action: 'webhook.resend', target: webhookId, domain, after: { eventId } }),
      ])
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not-found')
        throw new AccountError('webhook-delivery-not-found', `There is no delivery ${eventId}`, { days })
      if (error instanceof StoreError && error.code === 'not-allowed')
        throw new AccountError('webhook-disabled', `The webhook ${webhookId} is switched off`)
      throw error
    }
    const delivery = await store.read('webhook.delivery', { webhookId, eventId })
    if (!delivery) throw new AccountError('webhook-delivery-not-found', `There is no delivery ${eventId}`, { days })
    return delivery
  }

  /** Sends one event now, whether or not the webhook is switched on, and says what came of it. */
  async test(actor: Actor, webhookId: string): Promise<WebhookDeliveryRow & { ms: number }> {
    const { box, sender, clock } = this.#options
    const webhook = await this.#row(actor, webhookId)
    const createdAt = clock.now()
    const eventId = newEventId()
    const payload = payloadOf('webhook.test', createdAt, { message: 'This is a test.' })
    const outcome = await sender.send({ url: webhook.url, secret: openSecret(box, webhook), eventId, payload })
    const { ok, httpStatus, problem, ms } = outcome
    const delivery: WebhookDeliveryRow = {
      webhookId,
      eventId,
      event: 'webhook.test',
      payload,
      status: ok ? 'delivered' : 'failed',
      attempts: 1,
      nextAttemptAt: null,
      retryUntil: createdAt,
      lastAt: clock.now(),
      lastStatus: httpStatus,
      lastProblem: problem,
      createdAt,
    }
    await this.#expecting([
      { operation: 'webhook.record', args: delivery },
      audited(actor, createdAt, { action: 'webhook.test', target: webhookId, domain: webhook.domain }),
    ])
    return { ...delivery, ms }
  }

  /** For the worker: notes that the service switched it off, and tells who manages it. */
  async tellDisabled({ webhook }: LeasedWebhookDelivery, outcome: TryOutcome): Promise<void> {
    const { store, notices, linkTo, clock } = this.#options
    const { webhookId, domain, url } = webhook
    const reason = outcome.httpStatus === 410 ? 'gone' : 'failing'
    const problem = outcome.problem ?? ''
    await writeAll(store, [
      audited(serviceItself, clock.now(), {
        action: 'webhook.disable',
        target: webhookId,
        domain,
        after: { reason, problem },
      }),
    ])
    const values = { host: new URL(url).host, domain, reason, problem, url: linkTo(`/webhooks/${webhookId}`) } as const
    for (const reader of await whoIsTold(this.#options, domain)) await notices.send('webhook-disabled', reader, values)
  }

  async #write(
    actor: Actor,
    before: WebhookRow,
    change: WebhookChange & { secretEncrypted?: Uint8Array },
    action: AuditAction,
    after: WebhookFacts,
  ): Promise<void> {
    const at = this.#options.clock.now()
    const { webhookId, domain } = before
    await this.#expecting([
      { operation: 'webhook.update', args: { webhookId, ...change, at, retryUntil: at + WEBHOOK_RETRIED_MS } },
      audited(actor, at, { action, target: webhookId, domain, before: shownOf(before), after }),
    ])
  }

  async #expecting(operations: readonly AnyOperation[]): Promise<void> {
    try {
      await writeAll(this.#options.store, operations)
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not-found') throw noWebhook()
      throw error
    }
  }

  async #row(actor: Actor, webhookId: string): Promise<WebhookRow> {
    const row = await this.#options.store.read('webhook.byId', { webhookId })
    const isVisible = row !== null && (row.domain === null ? isStaff(actor) : mayManage(actor, row.domain))
    if (!row || !isVisible) throw noWebhook()
    return row
  }

  #url(text: string): string {
    const url = webhookUrl(text, this.#options.rules)
    if (url === null)
      throw new AccountError(
        'webhook-url-refused',
        `${text} can't receive events: only https is taken, leading to the Internet`,
      )
    return url
  }

  async #expectRoom(domain: string | null): Promise<void> {
    const rows = await this.#options.store.read('webhook.list', { domains: domain === null ? null : [domain] })
    if (rows.filter(row => row.domain === domain).length < WEBHOOKS_OF_ONE_OWNER) return
    const limit = WEBHOOKS_OF_ONE_OWNER
    throw new AccountError('too-many-webhooks', `There are ${limit} webhooks already`, { limit })
  }
}

const noWebhook = (): AccountError => new AccountError('webhook-not-found', 'There is no such webhook')

function withoutSecret({ secretEncrypted, ...webhook }: WebhookRow): Webhook {
  return webhook
}

/** For the audit log: of the URL the host alone, since the rest can be a secret. */
type WebhookFacts = Pick<WebhookRow, 'description' | 'events' | 'isEnabled'> & { host: string }

function shownOf({ url, description, events, isEnabled }: WebhookRow): WebhookFacts {
  return { host: new URL(url).host, description, events, isEnabled }
}
