/** /mailbox/sending, and limits of sending of mailboxes and domains one manages. */
import Type, { type Static } from 'typebox'
import { RAISE_HOURS, RAISE_LIMIT } from '../accounts/sending/limits.ts'
import { everyone, managers, type Route, route, staff } from './route.ts'
import { Address, Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const Time = Type.Integer({ description: 'Milliseconds since 1970' })

const HoldReasonSchema = Type.Union(
  [Type.Literal('new-place'), Type.Literal('unknown-users'), Type.Literal('bounces')],
  {
    description:
      'new-place: many recipients from a country it never signed in from; unknown-users: many addresses that do not exist; bounces: many that refuse',
  },
)
const holdMembers = {
  reason: HoldReasonSchema,
  at: Time,
  facts: Type.Object({
    count: Type.Integer({ description: 'What was counted' }),
    usual: Type.Integer({ description: 'The threshold' }),
    sample: Type.Array(Type.String(), { description: 'Some of the recipients that were counted' }),
    remoteAddress: Nullable(Type.String()),
    place: Nullable(Type.String({ description: 'Of a new place: its country (ISO 3166), or its network' })),
  }),
  messages: Type.Integer({ description: 'That wait' }),
  recipients: Type.Integer({ description: 'That wait' }),
}
const HoldsSchema = Type.Object({
  items: Type.Array(Type.Object({ address: Type.String(), ...holdMembers })),
})

const GaugeSchema = Type.Object({
  kind: Type.Union([Type.Literal('mailbox'), Type.Literal('domain')]),
  name: Type.String({ description: 'The mailbox, or the domain' }),
  domain: Type.String(),
  used: Type.Integer({ description: 'Recipients within the last hour; one message to 16 counts as 16' }),
  limit: Nullable(
    Type.Integer({ description: 'Recipients an hour, with the raise where there is one; null: no limit' }),
  ),
  usualLimit: Nullable(Type.Integer({ description: 'Without the raise' })),
  blockedUntil: Nullable(Time),
  raise: Nullable(Type.Object({ limit: Type.Integer(), until: Time, by: Type.String() })),
  held: Nullable(Type.Object(holdMembers)),
})

const NearestSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      address: Type.String(),
      used: Type.Integer(),
      limit: Type.Integer(),
      blockedUntil: Nullable(Time),
    }),
  ),
})

export type SendingGaugeAnswer = Static<typeof GaugeSchema>
export type SendingNearestAnswer = Static<typeof NearestSchema>
export type SendingHoldsAnswer = Static<typeof HoldsSchema>

const RaiseSchema = Type.Object(
  {
    limit: Type.Integer({
      minimum: RAISE_LIMIT.least,
      maximum: RAISE_LIMIT.most,
      description: 'Recipients an hour; below the usual limit it changes nothing',
    }),
    hours: Type.Integer({ minimum: RAISE_HOURS.least, maximum: RAISE_HOURS.most, description: 'From now' }),
  },
  { additionalProperties: false },
)
const MailboxParams = Type.Object({ address: Address })
const DomainParams = Type.Object({ domain: Type.String() })

export function sendingRoutes({ sending }: ApiServices): Route[] {
  const read = { tag: 'sending', access: managers, scope: 'directory:read', response: GaugeSchema } as const
  const write = { tag: 'sending', access: staff, scope: 'directory:write', response: GaugeSchema } as const
  return [
    route({
      method: 'GET',
      path: '/mailbox/sending',
      operationId: 'getOwnSending',
      summary: 'How much one’s own mailbox sent within the hour, and may',
      tag: 'sending',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: GaugeSchema,
      handle: ({ actor }) => sending.own(actor),
    }),
    route({
      method: 'GET',
      path: '/sending/nearest',
      operationId: 'listNearestLimits',
      summary: 'Mailboxes nearest their limits of sending, blocked ones first',
      tag: 'sending',
      access: managers,
      scope: 'directory:read',
      query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
      response: NearestSchema,
      handle: async ({ actor, query }) => ({ items: await sending.nearest(actor, query.limit ?? 10) }),
    }),
    route({
      ...read,
      method: 'GET',
      path: '/mailboxes/:address/sending',
      operationId: 'getMailboxSending',
      summary: 'How much a mailbox sent within the hour, and may',
      params: MailboxParams,
      handle: ({ actor, params }) => sending.ofMailbox(actor, params.address),
    }),
    route({
      ...write,
      method: 'PUT',
      path: '/mailboxes/:address/sending/raise',
      operationId: 'raiseMailboxSending',
      summary: 'Raises the limit of sending of a mailbox for some hours, and unblocks it',
      params: MailboxParams,
      body: RaiseSchema,
      handle: ({ actor, params, body }) => sending.raiseMailbox(actor, params.address, body),
    }),
    route({
      ...write,
      method: 'DELETE',
      path: '/mailboxes/:address/sending/raise',
      operationId: 'endMailboxRaise',
      summary: 'The usual limit of sending of a mailbox again',
      params: MailboxParams,
      handle: ({ actor, params }) => sending.raiseMailbox(actor, params.address, null),
    }),
    route({
      ...write,
      method: 'DELETE',
      path: '/mailboxes/:address/sending/block',
      operationId: 'unblockMailboxSending',
      summary: 'Lets a mailbox send again that was over its limit',
      params: MailboxParams,
      handle: ({ actor, params }) => sending.unblockMailbox(actor, params.address),
    }),
    route({
      method: 'GET',
      path: '/sending/holds',
      operationId: 'listHeldSending',
      summary: 'Mailboxes whose mail waits for a look by the staff',
      tag: 'sending',
      access: managers,
      scope: 'directory:read',
      response: HoldsSchema,
      handle: async ({ actor }) => ({ items: await sending.holds(actor) }),
    }),
    route({
      ...write,
      method: 'DELETE',
      path: '/mailboxes/:address/sending/hold',
      operationId: 'releaseHeldSending',
      summary: 'Lets go what a mailbox sent and was held, and ends the hold',
      params: MailboxParams,
      handle: ({ actor, params }) => sending.release(actor, params.address),
    }),
    route({
      ...write,
      method: 'DELETE',
      path: '/mailboxes/:address/sending/held-messages',
      operationId: 'dropHeldSending',
      summary: 'Drops what a mailbox sent and was held, without bounces; what it sends is still held',
      params: MailboxParams,
      handle: ({ actor, params }) => sending.drop(actor, params.address),
    }),
    route({
      ...read,
      method: 'GET',
      path: '/domains/:domain/sending',
      operationId: 'getDomainSending',
      summary: 'How much all mailboxes of a domain sent within the hour, and may',
      params: DomainParams,
      handle: ({ actor, params }) => sending.ofDomain(actor, params.domain),
    }),
    route({
      ...write,
      method: 'PUT',
      path: '/domains/:domain/sending/raise',
      operationId: 'raiseDomainSending',
      summary: 'Raises the limit of sending of a domain for some hours, and unblocks it',
      params: DomainParams,
      body: RaiseSchema,
      handle: ({ actor, params, body }) => sending.raiseDomain(actor, params.domain, body),
    }),
    route({
      ...write,
      method: 'DELETE',
      path: '/domains/:domain/sending/raise',
      operationId: 'endDomainRaise',
      summary: 'The usual limit of sending of a domain again',
      params: DomainParams,
      handle: ({ actor, params }) => sending.raiseDomain(actor, params.domain, null),
    }),
    route({
      ...write,
      method: 'DELETE',
      path: '/domains/:domain/sending/block',
      operationId: 'unblockDomainSending',
      summary: 'Lets a domain send again that was over its limit',
      params: DomainParams,
      handle: ({ actor, params }) => sending.unblockDomain(actor, params.domain),
    }),
  ]
}
