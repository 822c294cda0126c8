/** /domains/:domain/script and /service/script: what comes before the filters of owners. */
import Type, { type Static } from 'typebox'
import { SCRIPT_BYTES } from '../mail/rules/limits.ts'
import {
  CheckedSchema,
  CheckSchema,
  ContradictionsSchema,
  FailureSchema,
  RuleSchema,
  WarningsSchema,
} from './filters.ts'
import { FILTERS_BYTES } from './limits.ts'
import { managers, type Route, route, staff } from './route.ts'
import { DomainName, Nullable, rowId, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const closed = { additionalProperties: false }
const Source = Type.String({ maxLength: SCRIPT_BYTES, description: 'In Sieve (RFC 5228)' })
const Revision = rowId({ description: 'Of the script that was read; another with each change' })

const CommonScriptSchema = Type.Object({
  domain: Nullable(Type.String({ description: 'null: the whole service' })),
  rules: Nullable(Type.Array(RuleSchema, { description: 'null where the script is written by hand' })),
  contradictions: ContradictionsSchema,
  script: Nullable(
    Type.Object({ source: Type.String(), isActive: Type.Boolean(), revision: Revision, updatedAt: Time }),
  ),
  warnings: WarningsSchema,
  failure: FailureSchema,
})

export type CommonScriptAnswer = Static<typeof CommonScriptSchema>

const seen = { revision: Nullable(Revision, { description: 'null where there was no script; else 409' }) }
const isActive = Type.Boolean({ description: 'Whether it runs; as before where nothing is said, and at first it does' })
const ChangeSchema = Type.Union([
  Type.Object({ ...seen, source: Source, isActive: Type.Optional(isActive) }, closed),
  Type.Object({ ...seen, rules: Type.Array(RuleSchema, { maxItems: 300 }), isActive: Type.Optional(isActive) }, closed),
])
const ActivationSchema = Type.Object({ isActive, revision: Revision }, closed)
const RemovalQuery = Type.Object({ revision: Type.String({ pattern: '^[1-9]\\d{0,14}$' }) }, closed)

const ofDomain = {
  path: '/domains/:domain/script',
  what: 'a domain',
  suffix: 'DomainScript',
  access: managers,
  read: 'directory:read',
  write: 'directory:write',
  params: Type.Object({ domain: DomainName }),
} as const
const ofService = {
  path: '/service/script',
  what: 'the service',
  suffix: 'ServiceScript',
  access: staff,
  read: 'service:read',
  write: 'service:write',
  params: Type.Object({}),
} as const

export function commonScriptRoutes(services: Pick<ApiServices, 'commonScripts'>): Route[] {
  return [...routesOf(services, ofDomain), ...routesOf(services, ofService)]
}

function routesOf(
  { commonScripts }: Pick<ApiServices, 'commonScripts'>,
  { path, what, suffix, access, read, write, params }: typeof ofDomain | typeof ofService,
): Route[] {
  const facts = { path, tag: 'filters', access, params } as const
  const scopeOf = (given: object): string | null => ('domain' in given ? String(given.domain) : null)
  return [
    route({
      ...facts,
      method: 'GET',
      operationId: `get${suffix}`,
      summary: `The script that comes before the filters of all mailboxes of ${what}`,
      scope: read,
      response: CommonScriptSchema,
      handle: call => commonScripts.get(call.actor, scopeOf(call.params)),
    }),
    route({
      ...facts,
      method: 'PUT',
      operationId: `set${suffix}`,
      summary: `Sets the script of ${what}, written by hand or put together of rules`,
      scope: write,
      bodyLimit: FILTERS_BYTES,
      body: ChangeSchema,
      response: CommonScriptSchema,
      handle: call => commonScripts.put(call.actor, scopeOf(call.params), call.body),
    }),
    route({
      ...facts,
      method: 'PATCH',
      operationId: `activate${suffix}`,
      summary: `Says whether the script of ${what} runs`,
      scope: write,
      body: ActivationSchema,
      response: CommonScriptSchema,
      handle: ({ actor, body, ...call }) =>
        commonScripts.activate(actor, scopeOf(call.params), body.isActive, body.revision),
    }),
    route({
      ...facts,
      method: 'DELETE',
      operationId: `remove${suffix}`,
      summary: `Removes the script of ${what}`,
      scope: write,
      query: RemovalQuery,
      response: null,
      handle: ({ actor, query, ...call }) => commonScripts.remove(actor, scopeOf(call.params), Number(query.revision)),
    }),
    route({
      ...facts,
      path: `${path}/check`,
      method: 'POST',
      operationId: `check${suffix}`,
      summary: `What is wrong with a script for ${what}, by line and column, and what may go wrong; nothing is changed`,
      scope: read,
      bodyLimit: FILTERS_BYTES,
      body: CheckSchema,
      response: CheckedSchema,
      async handle(call) {
        const { problems, warnings } = await commonScripts.check(call.actor, scopeOf(call.params), call.body.source)
        return { problems: [...problems], warnings }
      },
    }),
  ]
}
