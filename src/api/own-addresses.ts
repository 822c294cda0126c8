/** /mailbox/addresses and /mailbox/forward: under which addresses one's mail arrives, and where it goes on to. */
import Type, { type Static } from 'typebox'
import { ForwardSchema } from './directory-schemas.ts'
import { everyone, type Route, route } from './route.ts'
import { Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const AddressesSchema = Type.Object({
  address: Type.String(),
  domainAliases: Type.Array(Type.String(), { description: 'Other names of its domain: the address holds in each' }),
  aliases: Type.Array(Type.String(), { description: 'Other addresses that lead here, under which one may send' }),
  groups: Type.Array(Type.Object({ address: Type.String(), name: Type.String() }), {
    description: 'Lists of people one is in',
  }),
  shared: Type.Array(Type.Object({ address: Type.String(), name: Type.String(), maySend: Type.Boolean() }), {
    description: 'Shared mailboxes one is a member of',
  }),
  forward: Nullable(ForwardSchema),
})

export type OwnAddresses = Static<typeof AddressesSchema>

export function ownAddressRoutes({ directory }: Pick<ApiServices, 'directory'>): Route[] {
  const { accounts, aliases, domains, members } = directory
  return [
    route({
      method: 'GET',
      path: '/mailbox/addresses',
      operationId: 'getOwnAddresses',
      summary: 'Under which addresses one’s mail arrives, and where it goes on to',
      tag: 'mailbox',
      access: everyone,
      needsMailbox: true,
      scope: 'account:read',
      response: AddressesSchema,
      async handle({ actor }) {
        const { address, domain, forward } = await accounts.own(actor)
        const leading = await aliases.ofMailbox(address, domain)
        const ofKind = (kind: 'alias' | 'group') => leading.filter(row => row.kind === kind)
        return {
          address,
          domainAliases: await domains.otherNames(domain),
          aliases: ofKind('alias').map(row => row.address),
          groups: ofKind('group').map(row => ({ address: row.address, name: row.name })),
          shared: (await members.own(actor)).map(row => ({
            address: row.address,
            name: row.name,
            maySend: row.maySend,
          })),
          forward,
        }
      },
    }),
    route({
      method: 'PUT',
      path: '/mailbox/forward',
      operationId: 'setOwnForward',
      summary: 'Sends what arrives on to other addresses',
      tag: 'mailbox',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      body: ForwardSchema,
      response: ForwardSchema,
      async handle({ actor, body }) {
        const { forward } = await accounts.setForward(actor, actor.address, body)
        return forward ?? body
      },
    }),
    route({
      method: 'DELETE',
      path: '/mailbox/forward',
      operationId: 'removeOwnForward',
      summary: 'Forwards nothing any more',
      tag: 'mailbox',
      access: everyone,
      needsMailbox: true,
      scope: 'account:write',
      response: null,
      async handle({ actor }) {
        await accounts.setForward(actor, actor.address, null)
      },
    }),
  ]
}
