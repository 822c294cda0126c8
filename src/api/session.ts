/** /session: who is signed in; signing in and out. */
import Type, { type Static } from 'typebox'
import { REMEMBERED_MS } from '../accounts/session-limits.ts'
import type { PrincipalRow } from '../store/types/principals.ts'
import { csrfTokenOf } from './authenticate.ts'
import { ApiProblem } from './problem.ts'
import { everyone, type Route, route } from './route.ts'
import { LanguageCode, Nullable, RoleName, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'
import { ownSession } from './session-of.ts'

export const PrincipalSchema = Type.Object({
  principalId: Type.Integer(),
  address: Type.String(),
  name: Type.String(),
  role: RoleName,
  language: Nullable(LanguageCode),
  timeZone: Nullable(Type.String()),
  hasMailbox: Type.Boolean(),
  domains: Type.Array(Type.String(), { description: 'Those a manager manages' }),
})

export const SessionSchema = Type.Object({
  principal: PrincipalSchema,
  csrfToken: Type.String({ description: 'To be sent as X-CSRF-Token with everything but GET' }),
  expiresAt: Time,
})
export type SessionAnswer = Static<typeof SessionSchema>

const SignInBody = Type.Object(
  {
    address: Type.String({ minLength: 1, maxLength: 320 }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
    remember: Type.Boolean(),
  },
  { additionalProperties: false },
)

export function sessionRoutes({ authenticator, sessions }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/session',
      operationId: 'getSession',
      summary: 'Who is signed in, and the token that unsafe requests have to show',
      tag: 'session',
      access: everyone,
      scope: null,
      response: SessionSchema,
      async handle({ cookies }) {
        const token = cookies.session()
        const found = token === null ? null : await sessions.find(token)
        if (!found || token === null) throw new ApiProblem('not-signed-in')
        const { principal, domains, session } = found
        return answer(principal, domains, token, session.expiresAt)
      },
    }),
    route({
      method: 'POST',
      path: '/session',
      operationId: 'signIn',
      summary: 'Signs in with address and password; the answer sets the cookie of the session',
      tag: 'session',
      access: 'public',
      scope: null,
      body: SignInBody,
      response: SessionSchema,
      async handle({ body, remoteAddress, userAgent, cookies }) {
        const { address, password, remember } = body
        const outcome = await authenticator.signInPrincipal({
          user: address,
          password,
          remoteAddress,
          client: userAgent,
        })
        if (!outcome.ok) throw refusals[outcome.reason]()
        const { principalId } = outcome.principal
        const opened = await sessions.open({ principalId, remember, secondFactor: false, remoteAddress, userAgent })
        cookies.setSession(opened.token, remember ? REMEMBERED_MS / 1000 : null)
        const found = await sessions.find(opened.token)
        if (!found) throw new ApiProblem('not-signed-in')
        return answer(found.principal, found.domains, opened.token, found.session.expiresAt)
      },
    }),
    route({
      method: 'DELETE',
      path: '/session',
      operationId: 'signOut',
      summary: 'Signs out',
      tag: 'session',
      access: everyone,
      scope: null,
      response: null,
      async handle({ actor, cookies }) {
        const { principalId, sessionId } = ownSession(actor)
        await sessions.end(principalId, sessionId)
        cookies.clearSession()
      },
    }),
  ]
}

const refusals = {
  credentials: () => new ApiProblem('wrong-credentials'),
  throttled: () => new ApiProblem('too-many-attempts', { retryAfterSeconds: 60 }),
  unavailable: () => new ApiProblem('sign-in-unavailable', { retryAfterSeconds: 5 }),
}

function answer(principal: PrincipalRow, domains: string[], token: string, expiresAt: number): SessionAnswer {
  const { principalId, address, name, role, language, timeZone, hasMailbox } = principal
  return {
    principal: { principalId, address, name, role, language, timeZone, hasMailbox, domains },
    csrfToken: csrfTokenOf(token),
    expiresAt,
  }
}
