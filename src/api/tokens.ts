/** /tokens: what programs sign in with. No token can make another. */
import Type, { type Static } from 'typebox'
import type { Actor } from '../accounts/actor.ts'
import { type Scope, scopes, scopesOf } from '../accounts/scopes.ts'
import type { ApiTokenRow } from '../store/types/service.ts'
import { ApiProblem } from './problem.ts'
import { everyone, type Route, route, staff } from './route.ts'
import { Nullable, RowId, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const TokenSchema = Type.Object({
  tokenId: Type.String(),
  label: Type.String(),
  scopes: Type.Array(Type.String()),
  expiresAt: Nullable(Time),
  createdAt: Time,
  lastUsedAt: Nullable(Time),
  lastUsedAddress: Nullable(Type.String()),
})
export type TokenAnswer = Static<typeof TokenSchema>

const TokenListSchema = Type.Object({
  items: Type.Array(TokenSchema),
  scopes: Type.Array(Type.String(), { description: 'Those a token of this user can be given' }),
})
export type TokenListAnswer = Static<typeof TokenListSchema>

const NewTokenSchema = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
    scopes: Type.Array(Type.Enum([...scopes]), { minItems: 1, uniqueItems: true }),
    expiresAt: Nullable(Time),
  },
  { additionalProperties: false },
)

const CreatedTokenSchema = Type.Object({
  token: TokenSchema,
  secret: Type.String({ description: 'Told here and nowhere again' }),
})
export type CreatedTokenAnswer = Static<typeof CreatedTokenSchema>

const OthersParams = Type.Object({ principalId: RowId })
const OthersTokenParams = Type.Object({
  principalId: RowId,
  tokenId: Type.String({ maxLength: 40 }),
})

export function tokenRoutes({ tokens, users }: Pick<ApiServices, 'tokens' | 'users'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/tokens',
      operationId: 'listTokens',
      summary: 'The own tokens, and the scopes that another can be given',
      tag: 'tokens',
      access: everyone,
      scope: null,
      response: TokenListSchema,
      async handle({ actor }) {
        const rows = await tokens.list(actor, ownId(actor))
        return { items: rows.map(answer), scopes: [...ownScopes(actor)] }
      },
    }),
    route({
      method: 'POST',
      path: '/tokens',
      operationId: 'createToken',
      summary: 'Makes a token; its secret is told once',
      tag: 'tokens',
      access: everyone,
      scope: null,
      needsConfirmation: true,
      status: 201,
      creates: true,
      body: NewTokenSchema,
      response: CreatedTokenSchema,
      async handle({ actor, body: { label, scopes: wanted, expiresAt } }) {
        const { token, secret } = await tokens.create(actor, ownId(actor), { label, scopes: wanted, expiresAt })
        return { token: answer(token), secret }
      },
    }),
    route({
      method: 'DELETE',
      path: '/tokens/:tokenId',
      operationId: 'revokeToken',
      summary: 'Ends a token',
      tag: 'tokens',
      access: everyone,
      scope: null,
      params: Type.Object({ tokenId: Type.String({ maxLength: 40 }) }),
      response: null,
      handle: ({ actor, params }) => tokens.revoke(actor, ownId(actor), params.tokenId),
    }),
    route({
      method: 'GET',
      path: '/users/:principalId/tokens',
      operationId: 'listTokensOf',
      summary: 'Tokens of a user',
      tag: 'tokens',
      access: staff,
      scope: 'service:read',
      params: OthersParams,
      response: TokenListSchema,
      async handle({ actor, params: { principalId } }) {
        const { principal } = await users.get(principalId)
        const rows = await tokens.list(actor, principalId)
        return { items: rows.map(answer), scopes: [...scopesOf(principal.role)] }
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:principalId/tokens/:tokenId',
      operationId: 'revokeTokenOf',
      summary: 'Ends a token of a user',
      tag: 'tokens',
      access: staff,
      scope: 'service:write',
      params: OthersTokenParams,
      response: null,
      handle: ({ actor, params }) => tokens.revoke(actor, params.principalId, params.tokenId),
    }),
  ]
}

function answer(row: ApiTokenRow): TokenAnswer {
  const { tokenId, label, scopes: given, expiresAt, createdAt, lastUsedAt, lastUsedAddress } = row
  return { tokenId, label, scopes: given, expiresAt, createdAt, lastUsedAt, lastUsedAddress }
}

const ownScopes = ({ role }: Actor): readonly Scope[] => (role === 'system' ? [] : scopesOf(role))

function ownId({ principalId }: Actor): number {
  if (principalId === null) throw new ApiProblem('not-signed-in')
  return principalId
}
