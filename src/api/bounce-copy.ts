/** /bounce-copy, and that of a mailbox one manages. */
import Type, { type Static } from 'typebox'
import { everyone, managers, type Route, route } from './route.ts'
import { Address, Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const BounceCopySchema = Type.Object({
  address: Type.String({ description: 'The mailbox' }),
  copyTo: Nullable(Type.String({ description: 'Where bounces of what it sends go as well' })),
})

export type BounceCopyAnswer = Static<typeof BounceCopySchema>

const ChangeSchema = Type.Object(
  { copyTo: Nullable(Type.String({ minLength: 3, maxLength: 320, description: 'An address, here or elsewhere' })) },
  { additionalProperties: false },
)
const MailboxParams = Type.Object({ address: Address })

export function bounceCopyRoutes({ bounceCopies }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/bounce-copy',
      operationId: 'getBounceCopy',
      summary: 'Where bounces of one’s own mailbox go as well',
      tag: 'bounces',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: BounceCopySchema,
      handle: ({ actor }) => bounceCopies.own(actor),
    }),
    route({
      method: 'PUT',
      path: '/bounce-copy',
      operationId: 'setBounceCopy',
      summary: 'Copies bounces of one’s own mailbox to a second address, or no longer',
      tag: 'bounces',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      body: ChangeSchema,
      response: BounceCopySchema,
      handle: ({ actor, body }) => bounceCopies.setOwn(actor, body.copyTo),
    }),
    route({
      method: 'GET',
      path: '/mailboxes/:address/bounce-copy',
      operationId: 'getMailboxBounceCopy',
      summary: 'Where bounces of a mailbox go as well',
      tag: 'bounces',
      access: managers,
      scope: 'directory:read',
      params: MailboxParams,
      response: BounceCopySchema,
      handle: ({ actor, params }) => bounceCopies.ofMailbox(actor, params.address),
    }),
    route({
      method: 'PUT',
      path: '/mailboxes/:address/bounce-copy',
      operationId: 'setMailboxBounceCopy',
      summary: 'Copies bounces of a mailbox to a second address, or no longer',
      tag: 'bounces',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      body: ChangeSchema,
      response: BounceCopySchema,
      handle: ({ actor, params, body }) => bounceCopies.setOfMailbox(actor, params.address, body.copyTo),
    }),
  ]
}
