/** /profile: name, language and time zone of whoever is signed in. */
import Type, { type Static } from 'typebox'
import { isTimeZone } from '../ops/time-zone.ts'
import type { PrincipalRow } from '../store/types/principals.ts'
import { ApiProblem } from './problem.ts'
import { everyone, type Route, route } from './route.ts'
import { LanguageCode, Nullable, RoleName, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const ProfileSchema = Type.Object({
  address: Type.String(),
  name: Type.String(),
  role: RoleName,
  language: Nullable(LanguageCode),
  timeZone: Nullable(Type.String()),
  hasMailbox: Type.Boolean(),
  passwordChangedAt: Nullable(Time),
  createdAt: Time,
})

export type ProfileAnswer = Static<typeof ProfileSchema>

const ProfileChangeSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })),
    language: Type.Optional(Nullable(LanguageCode)),
    timeZone: Type.Optional(Nullable(Type.String({ maxLength: 60 }))),
  },
  { additionalProperties: false, minProperties: 1 },
)

export function profileRoutes({ principals }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/profile',
      operationId: 'getProfile',
      summary: 'Name, language and time zone of whoever is signed in',
      tag: 'profile',
      access: everyone,
      scope: 'account:read',
      response: ProfileSchema,
      handle: async ({ actor }) => profile(await principals.own(actor)),
    }),
    route({
      method: 'PATCH',
      path: '/profile',
      operationId: 'updateProfile',
      summary: 'Changes name, language or time zone',
      tag: 'profile',
      access: everyone,
      scope: 'account:write',
      body: ProfileChangeSchema,
      response: ProfileSchema,
      async handle({ actor, body }) {
        if (body.timeZone && !isTimeZone(body.timeZone))
          throw new ApiProblem('invalid-request', {
            errors: [{ field: 'timeZone', code: 'unknown', message: 'No such time zone' }],
          })
        return profile(await principals.changeOwnProfile(actor, body))
      },
    }),
  ]
}

function profile(principal: PrincipalRow) {
  const { address, name, role, language, timeZone, hasMailbox, passwordChangedAt, createdAt } = principal
  return { address, name, role, language, timeZone, hasMailbox, passwordChangedAt, createdAt }
}
