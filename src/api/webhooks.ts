/** /webhooks: who is told of what happens, and what was sent. */
import Type, { type Static } from 'typebox'
import { keptForm } from '../accounts/addresses.ts'
import { webhookEventNames } from '../accounts/billing/events.ts'
import { managers, type Route, route } from './route.ts'
import { DomainName, Nullable, PageOf, PageQuery, pageOf, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const EventNames = Type.Array(Type.Enum([...webhookEventNames]), {
  minItems: 1,
  maxItems: webhookEventNames.length,
  description: 'What it is told of',
})
const Url = Type.String({ minLength: 1, maxLength: 2000, description: 'https, leading to the Internet' })
const Description = Type.String({ maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })

const WebhookSchema = Type.Object({
  webhookId: Type.String(),
  domain: Nullable(Type.String({ description: 'Of which it is told; null: of all' })),
  url: Type.String(),
  description: Type.String(),
  events: Type.Array(Type.String()),
  isEnabled: Type.Boolean(),
  disabledReason: Nullable(
    Type.Enum(['failing', 'gone'], { description: 'Why the service switched it off; null where it did not' }),
  ),
  failingSince: Nullable(Time),
  lastSuccessAt: Nullable(Time),
  createdBy: Type.String(),
  createdAt: Time,
  updatedAt: Time,
})

const WithSecretSchema = Type.Object({
  ...WebhookSchema.properties,
  secret: Type.String({ description: 'Signs what is sent; shown this once' }),
})

const Delivery = {
  eventId: Type.String({ description: 'Sent as webhook-id: the same however often it is tried' }),
  event: Type.String(),
  payload: Type.String({ description: 'The JSON that is sent, byte for byte' }),
  status: Type.Enum(['waiting', 'delivered', 'failed']),
  attempts: Type.Integer(),
  nextAttemptAt: Nullable(Time),
  lastAt: Nullable(Time),
  lastStatus: Nullable(Type.Integer({ description: 'HTTP status; null: no answer' })),
  lastProblem: Nullable(Type.String()),
  createdAt: Time,
}
const DeliverySchema = Type.Object(Delivery)

export type WebhookAnswer = Static<typeof WebhookSchema>
export type WebhookWithSecretAnswer = Static<typeof WithSecretSchema>
export type WebhookDeliveryAnswer = Static<typeof DeliverySchema>

const OfWebhook = Type.Object({ webhookId: Type.String({ maxLength: 64 }) })

export function webhookRoutes({ webhooks }: ApiServices): Route[] {
  const facts = { tag: 'webhooks', access: managers } as const
  return [
    route({
      ...facts,
      method: 'GET',
      path: '/webhooks',
      operationId: 'listWebhooks',
      summary: 'The webhooks: all for staff, for managers those of their domains',
      scope: 'billing:read',
      response: Type.Object({ items: Type.Array(WebhookSchema), events: Type.Array(Type.String()) }),
      handle: async ({ actor }) => ({ items: await webhooks.list(actor), events: [...webhookEventNames] }),
    }),
    route({
      ...facts,
      method: 'POST',
      path: '/webhooks',
      operationId: 'addWebhook',
      summary: 'Adds a webhook; the answer holds its secret, this once',
      scope: 'billing:write',
      status: 201,
      creates: true,
      body: Type.Object(
        {
          domain: Nullable(DomainName, { description: 'null: all domains, for staff alone' }),
          url: Url,
          description: Type.Optional(Description),
          events: EventNames,
        },
        { additionalProperties: false },
      ),
      response: WithSecretSchema,
      async handle({ actor, body }) {
        const { domain, url, description = '', events } = body
        const added = await webhooks.add(actor, {
          domain: domain === null ? null : keptForm(domain),
          url,
          description,
          events,
        })
        return { ...added.webhook, secret: added.secret }
      },
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/webhooks/:webhookId',
      operationId: 'getWebhook',
      summary: 'One webhook',
      scope: 'billing:read',
      params: OfWebhook,
      response: WebhookSchema,
      handle: ({ actor, params }) => webhooks.find(actor, params.webhookId),
    }),
    route({
      ...facts,
      method: 'PATCH',
      path: '/webhooks/:webhookId',
      operationId: 'changeWebhook',
      summary: 'Changes a webhook, or switches it off or on; switched on, what waits is sent',
      scope: 'billing:write',
      params: OfWebhook,
      body: Type.Object(
        {
          url: Type.Optional(Url),
          description: Type.Optional(Description),
          events: Type.Optional(EventNames),
          isEnabled: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false, minProperties: 1 },
      ),
      response: WebhookSchema,
      handle: ({ actor, params, body }) => webhooks.change(actor, params.webhookId, body),
    }),
    route({
      ...facts,
      method: 'DELETE',
      path: '/webhooks/:webhookId',
      operationId: 'removeWebhook',
      summary: 'Removes a webhook, with the log of what was sent',
      scope: 'billing:write',
      params: OfWebhook,
      response: null,
      handle: ({ actor, params }) => webhooks.remove(actor, params.webhookId),
    }),
    route({
      ...facts,
      method: 'POST',
      path: '/webhooks/:webhookId/secret',
      operationId: 'renewWebhookSecret',
      summary: 'Makes a new secret, shown this once; the one before signs nothing from now on',
      scope: 'billing:write',
      params: OfWebhook,
      response: WithSecretSchema,
      async handle({ actor, params }) {
        const { webhook, secret } = await webhooks.renewSecret(actor, params.webhookId)
        return { ...webhook, secret }
      },
    }),
    route({
      ...facts,
      method: 'POST',
      path: '/webhooks/:webhookId/test',
      operationId: 'testWebhook',
      summary: 'Sends a test now, and says what came of it',
      scope: 'billing:write',
      params: OfWebhook,
      response: Type.Object({ ...Delivery, ms: Type.Integer({ description: 'How long it took' }) }),
      async handle({ actor, params }) {
        const { webhookId, retryUntil, ...delivery } = await webhooks.test(actor, params.webhookId)
        return delivery
      },
    }),
    route({
      ...facts,
      method: 'GET',
      path: '/webhooks/:webhookId/deliveries',
      operationId: 'listWebhookDeliveries',
      summary: 'What was sent in the last 30 days, latest first',
      scope: 'billing:read',
      params: OfWebhook,
      query: Type.Object(PageQuery),
      response: PageOf(DeliverySchema),
      async handle({ actor, params, query }) {
        const { after, limit = 50 } = query
        const page = { after: after === undefined ? null : placeOf(after), limit: limit + 1 }
        const rows = await webhooks.deliveries(actor, params.webhookId, page)
        const { items, next } = pageOf(rows, limit, ({ createdAt, eventId }) => `${createdAt}.${eventId}`)
        return { items: items.map(({ webhookId, retryUntil, ...delivery }) => delivery), next }
      },
    }),
    route({
      ...facts,
      method: 'POST',
      path: '/webhooks/:webhookId/deliveries/:eventId/resend',
      operationId: 'resendWebhookDelivery',
      summary: 'Sends an event again, under the same id',
      scope: 'billing:write',
      status: 202,
      params: Type.Object({ ...OfWebhook.properties, eventId: Type.String({ maxLength: 64 }) }),
      response: DeliverySchema,
      async handle({ actor, params }) {
        const { webhookId, retryUntil, ...delivery } = await webhooks.resend(actor, params.webhookId, params.eventId)
        return delivery
      },
    }),
  ]
}

/** A place that nobody was given leads to the end of the list. */
function placeOf(cursor: string): { createdAt: number; eventId: string } {
  const [, createdAt, eventId] = /^(\d{1,15})\.(\w+)$/.exec(cursor) ?? []
  return { createdAt: Number(createdAt ?? 0), eventId: eventId ?? '' }
}
