/** /sending-rules, and those of a mailbox one manages. */
import Type, { type Static } from 'typebox'
import { AUTOMATIC_COPIES } from '../accounts/sending-rules/limits.ts'
import { everyone, managers, type Route, route } from './route.ts'
import { Address, Nullable, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const CopyAddress = Type.String({ minLength: 3, maxLength: 320, description: 'An address, here or elsewhere' })

const ContentSchema = {
  copiesCc: Type.Array(CopyAddress, {
    maxItems: AUTOMATIC_COPIES,
    description: 'Who gets a copy of all that is sent, for all to see',
  }),
  copiesBcc: Type.Array(CopyAddress, {
    maxItems: AUTOMATIC_COPIES,
    description: 'Who gets a copy of all that is sent, unseen by its recipients',
  }),
  filesSentCopy: Type.Boolean({
    description:
      'Whether the service files what is sent; where the mail program does too, there is one copy all the same',
  }),
}

const SendingRulesSchema = Type.Object({
  address: Type.String({ description: 'The mailbox' }),
  ...ContentSchema,
  updatedAt: Nullable(Time),
})

export type SendingRulesAnswer = Static<typeof SendingRulesSchema>

const ChangeSchema = Type.Object(ContentSchema, { additionalProperties: false })
const MailboxParams = Type.Object({ address: Address })

export function sendingRulesRoutes({ sendingRules }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sending-rules',
      operationId: 'getSendingRules',
      summary: 'What is added to all that one’s own mailbox sends',
      tag: 'sending',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: SendingRulesSchema,
      handle: ({ actor }) => sendingRules.own(actor),
    }),
    route({
      method: 'PUT',
      path: '/sending-rules',
      operationId: 'setSendingRules',
      summary: 'Sets what is added to all that one’s own mailbox sends',
      tag: 'sending',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      body: ChangeSchema,
      response: SendingRulesSchema,
      handle: ({ actor, body }) => sendingRules.setOwn(actor, body),
    }),
    route({
      method: 'GET',
      path: '/mailboxes/:address/sending-rules',
      operationId: 'getMailboxSendingRules',
      summary: 'What is added to all that a mailbox sends',
      tag: 'sending',
      access: managers,
      scope: 'directory:read',
      params: MailboxParams,
      response: SendingRulesSchema,
      handle: ({ actor, params }) => sendingRules.ofMailbox(actor, params.address),
    }),
    route({
      method: 'PUT',
      path: '/mailboxes/:address/sending-rules',
      operationId: 'setMailboxSendingRules',
      summary: 'Sets what is added to all that a mailbox sends',
      tag: 'sending',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      body: ChangeSchema,
      response: SendingRulesSchema,
      handle: ({ actor, params, body }) => sendingRules.setOfMailbox(actor, params.address, body),
    }),
  ]
}
