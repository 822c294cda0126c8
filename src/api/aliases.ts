/** /aliases: aliases, which are other addresses of someone, and groups, which are lists of people with a name. */
import Type from 'typebox'
import { MAX_ALIAS_TARGETS } from '../accounts/limits.ts'
import { AliasKindName, AliasSchema, aliasAnswer, PersonName } from './directory-schemas.ts'
import { TARGETS_BYTES } from './limits.ts'
import { managers, type Route, route } from './route.ts'
import { Address, DomainName, PageOf, PageQuery, pageOf } from './schemas.ts'
import type { ApiServices } from './services.ts'

const AliasParams = Type.Object({ address: Address })
const Targets = Type.Array(Address, { minItems: 1, maxItems: MAX_ALIAS_TARGETS })

export function aliasRoutes({ directory: { aliases } }: Pick<ApiServices, 'directory'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/aliases',
      operationId: 'listAliases',
      summary: 'Aliases and groups, by address',
      tag: 'aliases',
      access: managers,
      scope: 'directory:read',
      query: Type.Object({
        domain: Type.Optional(DomainName),
        kind: Type.Optional(AliasKindName),
        search: Type.Optional(Type.String({ maxLength: 200, description: 'Words that address, name or targets hold' })),
        ...PageQuery,
      }),
      response: PageOf(AliasSchema),
      async handle({ actor, query: { domain = null, kind = null, search = '', after = null, limit = 50 } }) {
        const rows = await aliases.list(actor, { domain, kind, search, after, limit: limit + 1 })
        const page = pageOf(rows, limit, ({ address }) => address)
        return { ...page, items: page.items.map(aliasAnswer) }
      },
    }),
    route({
      method: 'POST',
      path: '/aliases',
      operationId: 'createAlias',
      summary: 'Makes an alias or a group',
      tag: 'aliases',
      access: managers,
      scope: 'directory:write',
      status: 201,
      creates: true,
      bodyLimit: TARGETS_BYTES,
      body: Type.Object(
        { address: Address, kind: AliasKindName, name: Type.Optional(PersonName), targets: Targets },
        { additionalProperties: false },
      ),
      response: AliasSchema,
      handle: async ({ actor, body }) => aliasAnswer(await aliases.add(actor, body)),
    }),
    route({
      method: 'GET',
      path: '/aliases/:address',
      operationId: 'getAlias',
      summary: 'One alias or group',
      tag: 'aliases',
      access: managers,
      scope: 'directory:read',
      params: AliasParams,
      response: AliasSchema,
      handle: async ({ actor, params }) => aliasAnswer(await aliases.find(actor, params.address)),
    }),
    route({
      method: 'PUT',
      path: '/aliases/:address',
      operationId: 'updateAlias',
      summary: 'Says anew where it leads, and what a group is called',
      tag: 'aliases',
      access: managers,
      scope: 'directory:write',
      bodyLimit: TARGETS_BYTES,
      params: AliasParams,
      body: Type.Object({ name: Type.Optional(PersonName), targets: Targets }, { additionalProperties: false }),
      response: AliasSchema,
      async handle({ actor, params, body }) {
        const { address, kind } = await aliases.find(actor, params.address)
        return aliasAnswer(await aliases.set(actor, { ...body, address, kind }))
      },
    }),
    route({
      method: 'DELETE',
      path: '/aliases/:address',
      operationId: 'removeAlias',
      summary: 'Removes an alias or a group',
      tag: 'aliases',
      access: managers,
      scope: 'directory:write',
      params: AliasParams,
      response: null,
      handle: ({ actor, params }) => aliases.remove(actor, params.address),
    }),
  ]
}
