/** /domains: what each has, may have, and is also called. */
import Type from 'typebox'
import type { Actor } from '../accounts/actor.ts'
import { readableForm } from '../accounts/addresses.ts'
import type { DomainRow } from '../store/types.ts'
import { type DomainAnswer, DomainSchema, domainAnswer, Limit, PlanId, Quota } from './directory-schemas.ts'
import { managers, type Route, route, staff } from './route.ts'
import { Address, DomainName, Nullable, PageQuery, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const DomainParams = Type.Object({ domain: DomainName })
const AliasSchema = Type.Object({ name: Type.String(), domain: Type.String(), createdAt: Time })

const SettingsSchema = Type.Object(
  {
    catchAll: Type.Optional(Nullable(Address)),
    defaultPlanId: Type.Optional(PlanId),
    defaultQuotaBytes: Type.Optional(Quota),
    quotaBytes: Type.Optional(Quota),
    maxMailboxes: Type.Optional(Limit),
    mailboxHourlyLimit: Type.Optional(Limit),
    domainHourlyLimit: Type.Optional(Limit),
  },
  { additionalProperties: false, minProperties: 1 },
)

export function domainRoutes({ directory: { domains } }: Pick<ApiServices, 'directory'>): Route[] {
  const answer = async (actor: Actor, row: DomainRow): Promise<DomainAnswer> => {
    const aliases = await domains.listAliases(actor, row.name)
    return domainAnswer(
      row,
      await domains.usage(row.name),
      aliases.map(({ name }) => name),
    )
  }
  return [
    route({
      method: 'GET',
      path: '/domains',
      operationId: 'listDomains',
      summary: 'Domains by name, with what they have and may have',
      tag: 'domains',
      access: managers,
      scope: 'directory:read',
      query: Type.Object({ search: Type.Optional(Type.String({ maxLength: 200 })), ...PageQuery }),
      response: Type.Object({
        items: Type.Array(DomainSchema),
        next: Nullable(Type.String()),
        total: Type.Integer({ description: 'Of all pages' }),
      }),
      async handle({ actor, query: { search = '', after = '', limit = 50 } }) {
        const aliases = await domains.listAliases(actor, null)
        const namesOf = ({ name }: DomainRow) => [
          name,
          ...aliases.filter(row => row.domain === name).map(row => row.name),
        ]
        const wanted = search.trim().normalize('NFC').toLowerCase()
        const found = (await domains.list(actor)).filter(row =>
          namesOf(row).some(name => name.includes(wanted) || readableForm(name).includes(wanted)),
        )
        const rest = found.filter(({ name }) => name > after)
        const items: DomainAnswer[] = []
        for (const row of rest.slice(0, limit))
          items.push(domainAnswer(row, await domains.usage(row.name), namesOf(row).slice(1)))
        return { items, next: rest.length > limit ? (items.at(-1)?.name ?? null) : null, total: found.length }
      },
    }),
    route({
      method: 'POST',
      path: '/domains',
      operationId: 'createDomain',
      summary: 'Receives mail for a domain from now on',
      tag: 'domains',
      access: staff,
      scope: 'directory:write',
      status: 201,
      creates: true,
      body: Type.Object({ name: DomainName }, { additionalProperties: false }),
      response: DomainSchema,
      async handle({ actor, body }) {
        const name = await domains.add(actor, body.name)
        return answer(actor, await domains.find(actor, name))
      },
    }),
    route({
      method: 'GET',
      path: '/domains/:domain',
      operationId: 'getDomain',
      summary: 'One domain',
      tag: 'domains',
      access: managers,
      scope: 'directory:read',
      params: DomainParams,
      response: DomainSchema,
      handle: async ({ actor, params }) => answer(actor, await domains.find(actor, params.domain)),
    }),
    route({
      method: 'PATCH',
      path: '/domains/:domain',
      operationId: 'updateDomain',
      summary: 'Changes what is given; what is sold of a domain is for staff to change',
      tag: 'domains',
      access: managers,
      scope: 'directory:write',
      params: DomainParams,
      body: SettingsSchema,
      response: DomainSchema,
      handle: async ({ actor, params, body }) => answer(actor, await domains.update(actor, params.domain, body)),
    }),
    route({
      method: 'DELETE',
      path: '/domains/:domain',
      operationId: 'removeDomain',
      summary: 'Receives no more mail for the domain; it must have no mailboxes, not even in the bin',
      tag: 'domains',
      access: staff,
      scope: 'directory:write',
      params: DomainParams,
      response: null,
      handle: ({ actor, params }) => domains.remove(actor, params.domain),
    }),
    route({
      method: 'POST',
      path: '/domains/:domain/aliases',
      operationId: 'addDomainAlias',
      summary: 'Gives the domain another name: each address of it is the same one here',
      tag: 'domains',
      access: staff,
      scope: 'directory:write',
      status: 201,
      creates: true,
      params: DomainParams,
      body: Type.Object({ name: DomainName }, { additionalProperties: false }),
      response: AliasSchema,
      handle: ({ actor, params, body }) => domains.addAlias(actor, params.domain, body.name),
    }),
    route({
      method: 'DELETE',
      path: '/domains/:domain/aliases/:alias',
      operationId: 'removeDomainAlias',
      summary: 'Takes the other name from the domain',
      tag: 'domains',
      access: staff,
      scope: 'directory:write',
      params: Type.Object({ domain: DomainName, alias: DomainName }),
      response: null,
      handle: ({ actor, params }) => domains.removeAlias(actor, params.alias, params.domain),
    }),
  ]
}
