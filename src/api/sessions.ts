/** /sessions and /password: what else is open, and the password that opens it. */
import Type, { type Static } from 'typebox'
import { MAX_PASSWORD_BYTES } from '../accounts/limits.ts'
import type { WebSessionRow } from '../store/types/sign-in.ts'
import { everyone, type Route, route } from './route.ts'
import { Time } from './schemas.ts'
import type { ApiServices } from './services.ts'
import { confirmationRefusals } from './session.ts'
import { ownId } from './session-of.ts'

export const OpenSessionSchema = Type.Object({
  sessionId: Type.String(),
  isThisOne: Type.Boolean(),
  remembered: Type.Boolean({ description: 'Whether it outlives the browser' }),
  secondFactor: Type.Boolean({ description: 'Whether a second factor was shown' }),
  remoteAddress: Type.String(),
  userAgent: Type.String(),
  createdAt: Time,
  lastSeenAt: Time,
  expiresAt: Time,
})

export type OpenSessionAnswer = Static<typeof OpenSessionSchema>

const own = { tag: 'security', access: everyone, scope: null } as const

export function sessionsRoutes({ sessions, ownPassword }: ApiServices): Route[] {
  return [
    route({
      ...own,
      method: 'GET',
      path: '/sessions',
      operationId: 'listSessions',
      summary: 'Own open sessions, latest first',
      response: Type.Array(OpenSessionSchema),
      handle: async ({ actor }) =>
        (await sessions.list(ownId(actor))).map(session => openSessionAnswer(session, actor.sessionId)),
    }),
    route({
      ...own,
      method: 'DELETE',
      path: '/sessions/:sessionId',
      operationId: 'endSession',
      summary: 'Ends one of the own sessions',
      params: Type.Object({ sessionId: Type.String({ maxLength: 40 }) }),
      response: null,
      handle: ({ actor, params }) => sessions.endOwn(actor, params.sessionId),
    }),
    route({
      ...own,
      method: 'DELETE',
      path: '/sessions',
      operationId: 'endOtherSessions',
      summary: 'Ends all own sessions but this one',
      response: null,
      handle: ({ actor }) => sessions.endOthers(actor),
    }),
    route({
      ...own,
      method: 'PUT',
      path: '/password',
      operationId: 'changePassword',
      summary: 'Changes the own password; other sessions end',
      beforeSecondFactor: true,
      body: Type.Object(
        {
          current: Type.String({ minLength: 1, maxLength: MAX_PASSWORD_BYTES }),
          next: Type.String({ minLength: 1, maxLength: MAX_PASSWORD_BYTES }),
          endAppPasswords: Type.Boolean({ description: 'Whether the app passwords end too' }),
        },
        { additionalProperties: false },
      ),
      response: null,
      async handle({ actor, body, userAgent }) {
        const refusal = await ownPassword.change(actor, body, userAgent)
        if (refusal !== null) throw confirmationRefusals[refusal]()
      },
    }),
  ]
}

export function openSessionAnswer(session: WebSessionRow, thisOne: string | null) {
  const { sessionId, remembered, secondFactorAt, remoteAddress, userAgent, createdAt, lastSeenAt, expiresAt } = session
  const facts = { sessionId, remembered, remoteAddress, userAgent, createdAt, lastSeenAt, expiresAt }
  return { ...facts, isThisOne: sessionId === thisOne, secondFactor: secondFactorAt !== null }
}
