/** /mailbox/pop3, and that of a mailbox one manages. */
import Type, { type Static } from 'typebox'
import { KEEP_DAYS_MAX } from '../accounts/pop3/limits.ts'
import { everyone, managers, type Route, route } from './route.ts'
import { Address, Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const keepDays = Nullable(
  Type.Integer({
    minimum: 1,
    maximum: KEEP_DAYS_MAX,
    description: 'Days after which what was retrieved by POP3 is removed from the server',
  }),
)
const Pop3Schema = Type.Object({ address: Type.String({ description: 'The mailbox' }), keepDays })

export type Pop3Answer = Static<typeof Pop3Schema>

const ChangeSchema = Type.Object({ keepDays }, { additionalProperties: false })
const MailboxParams = Type.Object({ address: Address })

export function pop3Routes({ pop3 }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/mailbox/pop3',
      operationId: 'getPop3',
      summary: 'How long one’s own mailbox keeps what was retrieved by POP3',
      tag: 'mailboxes',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: Pop3Schema,
      handle: ({ actor }) => pop3.own(actor),
    }),
    route({
      method: 'PUT',
      path: '/mailbox/pop3',
      operationId: 'setPop3',
      summary: 'Sets how long one’s own mailbox keeps what was retrieved by POP3',
      tag: 'mailboxes',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      body: ChangeSchema,
      response: Pop3Schema,
      handle: ({ actor, body }) => pop3.setOwn(actor, body.keepDays),
    }),
    route({
      method: 'GET',
      path: '/mailboxes/:address/pop3',
      operationId: 'getMailboxPop3',
      summary: 'How long a mailbox keeps what was retrieved by POP3',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:read',
      params: MailboxParams,
      response: Pop3Schema,
      handle: ({ actor, params }) => pop3.ofMailbox(actor, params.address),
    }),
    route({
      method: 'PUT',
      path: '/mailboxes/:address/pop3',
      operationId: 'setMailboxPop3',
      summary: 'Sets how long a mailbox keeps what was retrieved by POP3',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MailboxParams,
      body: ChangeSchema,
      response: Pop3Schema,
      handle: ({ actor, params, body }) => pop3.setOfMailbox(actor, params.address, body.keepDays),
    }),
  ]
}
