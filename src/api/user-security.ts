/** /users/:principalId/…: how somebody else signs in, for staff who help them. */
import Type, { type Static } from 'typebox'
import type { Actor } from '../accounts/actor.ts'
import { signInCursor } from '../accounts/sign-ins/history.ts'
import { AppPasswordSchema, appPasswordAnswer } from './app-passwords.ts'
import { type Route, route, staff } from './route.ts'
import { PageOf, PageQuery, pageOf, RowId } from './schemas.ts'
import { SecondFactorSchema, secondFactorAnswer } from './second-factor.ts'
import type { ApiServices } from './services.ts'
import { OpenSessionSchema, openSessionAnswer } from './sessions.ts'
import { SignInSchema, signInAnswer } from './sign-ins.ts'

const OfUser = Type.Object({ principalId: RowId })

const UserSecuritySchema = Type.Object({
  address: Type.String(),
  secondFactor: SecondFactorSchema,
  sessions: Type.Array(OpenSessionSchema),
  appPasswords: Type.Array(AppPasswordSchema),
})

export type UserSecurityAnswer = Static<typeof UserSecuritySchema>

export function userSecurityRoutes(services: ApiServices): Route[] {
  const { securityAdministration: administration, secondFactors, sessions, appPasswords, signIns } = services
  const find = (actor: Actor, params: { principalId: number }) => administration.principal(actor, params.principalId)
  return [
    route({
      method: 'GET',
      path: '/users/:principalId/security',
      operationId: 'getUserSecurity',
      summary: 'Second factor, open sessions and app passwords of anyone who signs in',
      tag: 'users',
      access: staff,
      scope: 'service:read',
      params: OfUser,
      response: UserSecuritySchema,
      async handle({ actor, params }) {
        const principal = await find(actor, params)
        const { principalId, address } = principal
        return {
          address,
          secondFactor: secondFactorAnswer(await secondFactors.state(principal)),
          sessions: (await sessions.list(principalId)).map(session => openSessionAnswer(session, actor.sessionId)),
          appPasswords: (await appPasswords.list(principalId)).map(appPasswordAnswer),
        }
      },
    }),
    route({
      method: 'GET',
      path: '/users/:principalId/sign-ins',
      operationId: 'listUserSignIns',
      summary: 'Sign-ins and failures of anyone, latest first',
      tag: 'users',
      access: staff,
      scope: 'service:read',
      params: OfUser,
      query: Type.Object(PageQuery),
      response: PageOf(SignInSchema),
      async handle({ actor, params, query: { after = null, limit = 50 } }) {
        const { principalId } = await find(actor, params)
        const rows = await signIns.list(principalId, { after, limit: limit + 1 })
        const page = pageOf(rows, limit, signInCursor)
        return { ...page, items: page.items.map(signInAnswer) }
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/:principalId/second-factor',
      operationId: 'resetUserSecondFactor',
      summary: 'Removes codes, passkeys and recovery codes, and ends all sessions: for who has lost them',
      tag: 'users',
      access: staff,
      scope: 'service:write',
      needsConfirmation: true,
      params: OfUser,
      response: null,
      handle: async ({ actor, params }) => administration.resetSecondFactor(actor, await find(actor, params)),
    }),
    route({
      method: 'DELETE',
      path: '/users/:principalId/sessions',
      operationId: 'endUserSessions',
      summary: 'Ends all sessions',
      tag: 'users',
      access: staff,
      scope: 'service:write',
      params: OfUser,
      response: null,
      handle: async ({ actor, params }) => administration.endSessions(actor, await find(actor, params)),
    }),
    route({
      method: 'DELETE',
      path: '/users/:principalId/app-passwords/:appPasswordId',
      operationId: 'removeUserAppPassword',
      summary: 'Ends an app password',
      tag: 'users',
      access: staff,
      scope: 'service:write',
      params: Type.Object({ ...OfUser.properties, appPasswordId: Type.String({ maxLength: 40 }) }),
      response: null,
      async handle({ actor, params }) {
        const { principalId } = await find(actor, params)
        await appPasswords.remove(actor, principalId, params.appPasswordId)
      },
    }),
  ]
}
