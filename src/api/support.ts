/** /help/requests: what somebody who is signed in writes to whoever supports him. */
import Type from 'typebox'
import { MESSAGE_CHARACTERS, SUBJECT_CHARACTERS } from '../accounts/support-limits.ts'
import { ApiProblem } from './problem.ts'
import { everyone, type Route, route } from './route.ts'
import type { ApiServices } from './services.ts'

const RequestBody = Type.Object(
  {
    subject: Type.String({ minLength: 1, maxLength: SUBJECT_CHARACTERS, pattern: '\\S' }),
    message: Type.String({ minLength: 1, maxLength: MESSAGE_CHARACTERS, pattern: '\\S' }),
    page: Type.String({ maxLength: 2_000, description: 'Path of the page it was written on' }),
  },
  { additionalProperties: false },
)

export function supportRoutes({ supportRequests }: Pick<ApiServices, 'supportRequests'>): Route[] {
  return [
    route({
      method: 'POST',
      path: '/help/requests',
      operationId: 'askSupport',
      summary: 'Mails a question to the support address, with who asks, from where, and the last refused sign-in',
      tag: 'help',
      access: everyone,
      scope: null,
      creates: true,
      bodyLimit: 4 * MESSAGE_CHARACTERS + 8 * 1024,
      body: RequestBody,
      response: null,
      async handle({ actor, body, userAgent }) {
        const { principalId } = actor
        if (principalId === null) throw new ApiProblem('not-signed-in')
        await supportRequests.send({ ...actor, principalId }, { ...body, userAgent })
      },
    }),
  ]
}
