/** /users: managers and staff, as staff make and change them. */
import Type, { type Static } from 'typebox'
import type { User } from '../accounts/users/users.ts'
import { codeDigits, IssuedLinkSchema, issued, sendTo, wishOf } from './credential-links.ts'
import { requireScope } from './problem.ts'
import { type Route, route, staff } from './route.ts'
import {
  Address,
  DomainName,
  LanguageCode,
  Nullable,
  PageOf,
  PageQuery,
  pageOf,
  RoleName,
  RowId,
  Time,
} from './schemas.ts'
import type { ApiServices } from './services.ts'

const UserSchema = Type.Object({
  principalId: Type.Integer(),
  address: Type.String(),
  name: Type.String(),
  role: RoleName,
  domains: Type.Array(Type.String(), { description: 'Those a manager manages' }),
  hasMailbox: Type.Boolean(),
  signInEnabled: Type.Boolean(),
  secondFactorRequired: Type.Boolean(),
  hasRecoveryAddress: Type.Boolean(),
  language: Nullable(LanguageCode),
  createdAt: Time,
})
export type UserAnswer = Static<typeof UserSchema>

const NameText = Type.String({ maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })
const DomainNames = Type.Array(DomainName, { maxItems: 10_000 })
const HigherRole = Type.Enum(['manager', 'staff'])
const UserParams = Type.Object({ principalId: RowId })

const NewUserSchema = Type.Object(
  {
    address: Address,
    name: Type.Optional(NameText),
    role: HigherRole,
    language: Type.Optional(Nullable(LanguageCode)),
    domains: Type.Optional(DomainNames),
    codeDigits,
    sendTo,
  },
  { additionalProperties: false },
)

const CreatedUserSchema = Type.Object({
  user: UserSchema,
  link: Nullable(IssuedLinkSchema),
})
export type CreatedUserAnswer = Static<typeof CreatedUserSchema>

const UserChangeSchema = Type.Object(
  {
    role: Type.Optional(RoleName),
    name: Type.Optional(NameText),
    domains: Type.Optional(DomainNames),
    signInEnabled: Type.Optional(Type.Boolean()),
    secondFactorRequired: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)

export function userRoutes({ users }: Pick<ApiServices, 'users'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/users',
      operationId: 'listUsers',
      summary: 'Managers and staff, by address',
      tag: 'users',
      access: staff,
      scope: 'service:read',
      query: Type.Object({ ...PageQuery, role: Type.Optional(HigherRole) }),
      response: PageOf(UserSchema),
      async handle({ query: { after = null, limit = 50, role = null } }) {
        const rows = await users.list(role, { after, limit: limit + 1 })
        return pageOf(rows.map(answer), limit, ({ address }) => address)
      },
    }),
    route({
      method: 'POST',
      path: '/users',
      operationId: 'createUser',
      summary:
        'Makes a manager (a token needs links:write as well) or somebody of the staff. Who has a mailbox here is given the role, and there is no link',
      tag: 'users',
      access: staff,
      scope: 'service:write',
      status: 201,
      creates: true,
      body: NewUserSchema,
      response: CreatedUserSchema,
      async handle({ actor, scopes, body }) {
        // Who signs in as a manager makes links: so does who has a manager made.
        if (body.role === 'manager') requireScope(scopes, 'links:write')
        const { address, name = '', role, language = null, domains = [] } = body
        const wanted = { address, name: name.trim(), role, language, domains, ...wishOf(body) }
        const { user, link } = await users.create(actor, wanted)
        return { user: answer(user), link: link && issued(link) }
      },
    }),
    route({
      method: 'GET',
      path: '/users/:principalId',
      operationId: 'getUser',
      summary: 'One who signs in, of any role',
      tag: 'users',
      access: staff,
      scope: 'service:read',
      params: UserParams,
      response: UserSchema,
      handle: async ({ params }) => answer(await users.get(params.principalId)),
    }),
    route({
      method: 'PATCH',
      path: '/users/:principalId',
      operationId: 'updateUser',
      summary:
        'Changes role, name, domains (a token that makes a manager, or gives him domains, needs links:write as well), or whether he may sign in; who becomes a manager or staff loses his external address',
      tag: 'users',
      access: staff,
      scope: 'service:write',
      params: UserParams,
      body: UserChangeSchema,
      response: UserSchema,
      async handle({ actor, scopes, params, body }) {
        const { principal, domains: had } = await users.get(params.principalId)
        const isMade = body.role === 'manager' && principal.role !== 'manager'
        if (isMade || body.domains?.some(domain => !had.includes(domain))) requireScope(scopes, 'links:write')
        return answer(await users.update(actor, params.principalId, body))
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:principalId',
      operationId: 'removeUser',
      summary: 'Takes the role away; who has a mailbox keeps it, as its owner',
      tag: 'users',
      access: staff,
      scope: 'service:write',
      params: UserParams,
      response: null,
      handle: ({ actor, params }) => users.remove(actor, params.principalId),
    }),
  ]
}

function answer({ principal, domains }: User): UserAnswer {
  const { principalId, address, name, role, hasMailbox, signInEnabled, secondFactorRequired } = principal
  const { recoveryAddress, language, createdAt } = principal
  return {
    principalId,
    address,
    name,
    role,
    domains,
    hasMailbox,
    signInEnabled,
    secondFactorRequired,
    hasRecoveryAddress: recoveryAddress !== null,
    language,
    createdAt,
  }
}
