/** /recovery-address, /password-reset: the external address, and a password that was forgotten. */
import Type, { type Static } from 'typebox'
import type { Actor } from '../accounts/actor.ts'
import { NewPassword, Token, TokenBody } from './link-holders.ts'
import { ApiProblem } from './problem.ts'
import { everyone, managers, type Route, route } from './route.ts'
import { Nullable, RowId, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const RecoverySchema = Type.Object({
  address: Nullable(Type.String({ description: 'Masked' })),
  confirmedAt: Nullable(Time),
  pending: Nullable(Type.Object({ address: Type.String({ description: 'Masked' }), expiresAt: Time })),
})
export type RecoveryAnswer = Static<typeof RecoverySchema>

const AddressBody = Type.Object(
  { address: Type.String({ minLength: 1, maxLength: 320 }) },
  { additionalProperties: false },
)
const UserParams = Type.Object({ principalId: RowId })

const OpenedResetSchema = Type.Object({ address: Type.String(), expiresAt: Time, needsSecondFactor: Type.Boolean() })
export type OpenedResetAnswer = Static<typeof OpenedResetSchema>

const ConfirmedSchema = Type.Object({ address: Type.String(), recoveryAddress: Type.String({ description: 'Masked' }) })
export type ConfirmedAnswer = Static<typeof ConfirmedSchema>

type Services = Pick<ApiServices, 'recoveryAddresses' | 'passwordResets'>

export function recoveryRoutes({ recoveryAddresses, passwordResets }: Services): Route[] {
  return [
    ...ownRoutes(recoveryAddresses),
    ...othersRoutes(recoveryAddresses),
    route({
      method: 'POST',
      path: '/recovery-address/confirm',
      operationId: 'confirmRecoveryAddress',
      summary: 'By the link mailed to an external address: it counts from now on',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: TokenBody,
      response: ConfirmedSchema,
      handle: ({ body, remoteAddress }) => recoveryAddresses.confirm(body.token, remoteAddress),
    }),
    route({
      method: 'POST',
      path: '/password-reset',
      operationId: 'askPasswordReset',
      summary: 'Mails a link to the external address, where there is one; answers the same in any case',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: AddressBody,
      response: null,
      async handle({ body, remoteAddress }) {
        passwordResets.ask(body.address, remoteAddress)
      },
    }),
    route({
      method: 'POST',
      path: '/password-reset/open',
      operationId: 'openPasswordReset',
      summary: 'Whether the link of a reset is good; spends nothing',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: TokenBody,
      response: OpenedResetSchema,
      handle: ({ body }) => passwordResets.open(body.token),
    }),
    route({
      method: 'POST',
      path: '/password-reset/complete',
      operationId: 'completePasswordReset',
      summary: 'Sets the new password; sessions end, and app passwords and tokens where that is wished',
      tag: 'link holders',
      access: 'public',
      scope: null,
      body: Type.Object(
        {
          token: Token,
          password: NewPassword,
          code: Type.Optional(Type.String({ maxLength: 40, description: 'Of the second factor, where one is on' })),
          revokeOthers: Type.Optional(Type.Boolean({ default: true })),
        },
        { additionalProperties: false },
      ),
      response: null,
      handle: ({ body: { token, password, code = null, revokeOthers = true }, remoteAddress }) =>
        passwordResets.complete({ token, password, code, revokeOthers }, remoteAddress),
    }),
  ]
}

function ownRoutes(recoveryAddresses: Services['recoveryAddresses']): Route[] {
  const shared = { tag: 'recovery', access: everyone, scope: null } as const
  return [
    route({
      ...shared,
      method: 'GET',
      path: '/recovery-address',
      operationId: 'getRecoveryAddress',
      summary: 'The own external address, and the one that waits to be confirmed',
      response: RecoverySchema,
      handle: ({ actor }) => recoveryAddresses.state(actor, ownId(actor)),
    }),
    route({
      ...shared,
      method: 'PUT',
      path: '/recovery-address',
      operationId: 'setRecoveryAddress',
      summary: 'Mails a link to an address, which counts once it is confirmed',
      needsConfirmation: true,
      body: AddressBody,
      response: RecoverySchema,
      handle: ({ actor, body }) => recoveryAddresses.ask(actor, ownId(actor), body.address),
    }),
    route({
      ...shared,
      method: 'DELETE',
      path: '/recovery-address',
      operationId: 'removeRecoveryAddress',
      summary: 'Goes without an external address',
      needsConfirmation: true,
      response: null,
      handle: ({ actor }) => recoveryAddresses.remove(actor, ownId(actor)),
    }),
  ]
}

function othersRoutes(recoveryAddresses: Services['recoveryAddresses']): Route[] {
  const path = '/users/:principalId/recovery-address'
  const shared = { tag: 'recovery', access: managers, params: UserParams, path } as const
  return [
    route({
      ...shared,
      method: 'GET',
      operationId: 'getRecoveryAddressOf',
      summary: 'The external address of a user, masked',
      scope: 'directory:read',
      response: RecoverySchema,
      handle: ({ actor, params }) => recoveryAddresses.state(actor, params.principalId),
    }),
    route({
      ...shared,
      method: 'PUT',
      operationId: 'setRecoveryAddressOf',
      summary: 'Mails a link to an address, which counts once it is confirmed there',
      // As for a credential link: whoever sets the address may set the password by it.
      scope: 'links:write',
      needsConfirmation: true,
      body: AddressBody,
      response: RecoverySchema,
      handle: ({ actor, params, body }) => recoveryAddresses.ask(actor, params.principalId, body.address),
    }),
    route({
      ...shared,
      method: 'DELETE',
      operationId: 'removeRecoveryAddressOf',
      summary: 'Takes the external address of a user away',
      scope: 'links:write',
      needsConfirmation: true,
      response: null,
      handle: ({ actor, params }) => recoveryAddresses.remove(actor, params.principalId),
    }),
  ]
}

function ownId({ principalId }: Actor): number {
  if (principalId === null) throw new ApiProblem('not-signed-in')
  return principalId
}
