/** /auto-reply, and that of a mailbox one manages. */
import Type, { type Static } from 'typebox'
import { INTERVAL_DAYS, SUBJECT_CHARACTERS, TEXT_CHARACTERS } from '../accounts/auto-reply/limits.ts'
import { everyone, managers, type Route, route } from './route.ts'
import { Address, Nullable, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A day, as 2026-12-04' })

const ContentSchema = {
  enabled: Type.Boolean(),
  fromDay: Nullable(Day),
  untilDay: Nullable(Day),
  subject: Type.String({
    maxLength: SUBJECT_CHARACTERS,
    description: 'Empty: made from the subject of the message that is answered',
  }),
  text: Type.String({ maxLength: TEXT_CHARACTERS }),
  audience: Type.Enum(['everyone', 'correspondents', 'domain'], {
    description: 'Everyone, people one wrote to before, or people of one’s own domain',
  }),
  intervalDays: Type.Integer({
    minimum: INTERVAL_DAYS.least,
    maximum: INTERVAL_DAYS.most,
    description: 'The same sender is answered once in this many days',
  }),
}
const TimeZone = Type.String({ minLength: 1, maxLength: 60, description: 'IANA name: where the days begin and end' })

const AutoReplySchema = Type.Object({
  ...ContentSchema,
  address: Type.String(),
  timeZone: Nullable(TimeZone),
  state: Type.Enum(['off', 'scheduled', 'active', 'ended'], { description: 'By its days, at this moment' }),
  startsAt: Nullable(Time),
  endsAt: Nullable(Time),
  updatedAt: Nullable(Time),
})

export type AutoReplyAnswer = Static<typeof AutoReplySchema>

const ChangeSchema = Type.Object({ ...ContentSchema, timeZone: TimeZone }, { additionalProperties: false })
const MailboxParams = Type.Object({ address: Address })

export function autoReplyRoutes({ autoReplies }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/auto-reply',
      operationId: 'getAutoReply',
      summary: 'The auto-reply of one’s own mailbox, and what state it is in',
      tag: 'auto-reply',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: AutoReplySchema,
      handle: ({ actor }) => autoReplies.own(actor),
    }),
    route({
      method: 'PUT',
      path: '/auto-reply',
      operationId: 'setAutoReply',
      summary: 'Sets the auto-reply of one’s own mailbox',
      tag: 'auto-reply',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      body: ChangeSchema,
      response: AutoReplySchema,
      handle: ({ actor, body }) => autoReplies.setOwn(actor, body),
    }),
    route({
      method: 'GET',
      path: '/mailboxes/:address/auto-reply',
      operationId: 'getMailboxAutoReply',
      summary: 'The auto-reply of a mailbox',
      tag: 'auto-reply',
      access: managers,
      scope: 'directory:read',
      params: MailboxParams,
      response: AutoReplySchema,
      handle: ({ actor, params }) => autoReplies.ofMailbox(actor, params.address),
    }),
    route({
      method: 'PUT',
      path: '/mailboxes/:address/auto-reply',
      operationId: 'setMailboxAutoReply',
      summary: 'Sets the auto-reply of a mailbox',
      tag: 'auto-reply',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      body: ChangeSchema,
      response: AutoReplySchema,
      handle: ({ actor, params, body }) => autoReplies.setOfMailbox(actor, params.address, body),
    }),
  ]
}
