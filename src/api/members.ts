/** /mailboxes/:address/members: who reads a shared mailbox. */
import Type, { type Static } from 'typebox'
import { MailboxParams } from './mailboxes.ts'
import { managers, type Route, route } from './route.ts'
import { Address, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const MemberParams = Type.Object({ address: Address, member: Address })
const MemberSchema = Type.Object({
  address: Type.String({ description: 'Of the own mailbox' }),
  name: Type.String(),
  maySend: Type.Boolean({ description: 'Whether mail may be sent under the address of the shared mailbox' }),
  createdAt: Time,
})

export type MemberAnswer = Static<typeof MemberSchema>

export function memberRoutes({ directory: { members } }: Pick<ApiServices, 'directory'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/mailboxes/:address/members',
      operationId: 'listMembers',
      summary: 'Members of a shared mailbox, by address',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:read',
      params: MailboxParams,
      response: Type.Array(MemberSchema),
      handle: async ({ actor, params }) =>
        (await members.list(actor, params.address)).map(({ address, name, maySend, createdAt }) => ({
          address,
          name,
          maySend,
          createdAt,
        })),
    }),
    route({
      method: 'PUT',
      path: '/mailboxes/:address/members/:member',
      operationId: 'setMember',
      summary: 'Lets someone read a shared mailbox, or changes what he may',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MemberParams,
      body: Type.Object({ maySend: Type.Boolean() }, { additionalProperties: false }),
      response: null,
      handle: ({ actor, params, body }) => members.set(actor, params.address, params.member, body.maySend),
    }),
    route({
      method: 'DELETE',
      path: '/mailboxes/:address/members/:member',
      operationId: 'removeMember',
      summary: 'Ends a membership, and what the member set up to sign in for the mailbox',
      tag: 'mailboxes',
      access: managers,
      scope: 'directory:write',
      params: MemberParams,
      response: null,
      handle: ({ actor, params }) => members.remove(actor, params.address, params.member),
    }),
  ]
}
