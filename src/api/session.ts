/** /session: who is signed in; signing in, in one step or two, and out. */
import Type, { type Static } from 'typebox'
import type { PanelOutcome } from '../accounts/panel-sign-in.ts'
import type { ConfirmationRefusal } from '../accounts/second-factor/confirmation.ts'
import { REMEMBERED_MS } from '../accounts/session-limits.ts'
import type { OpenSession } from '../accounts/sessions.ts'
import { csrfTokenOf } from './authenticate.ts'
import { ApiProblem } from './problem.ts'
import { type Cookies, everyone, type Route, route } from './route.ts'
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
  mustSetUpSecondFactor: Type.Boolean({ description: 'A second factor has to be added before anything else' }),
})
export type SessionAnswer = Static<typeof SessionSchema>

export const SecondFactorNeededSchema = Type.Object({
  secondFactor: Type.Object({
    methods: Type.Array(Type.Enum(['passkey', 'code', 'recovery-code'])),
    token: Type.String({ description: 'For the second step: ten minutes, a few tries, from the same network' }),
  }),
})
export type SecondFactorNeededAnswer = Static<typeof SecondFactorNeededSchema>

const SignInBody = Type.Object(
  {
    address: Type.String({ minLength: 1, maxLength: 320 }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
    remember: Type.Boolean(),
  },
  { additionalProperties: false },
)

const StepToken = Type.String({ minLength: 1, maxLength: 1_000 })
/** As typed: six digits, or a recovery code with its hyphens. */
const Code = Type.String({ minLength: 1, maxLength: 100 })

/** What `navigator.credentials` gives, in its JSON form (WebAuthn §5.1); looked at by the library that verifies it. */
export const PasskeyAnswerSchema = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 400 }), response: Type.Record(Type.String(), Type.Unknown()) },
  { additionalProperties: false },
)
export const PasskeyOptionsSchema = Type.Object({
  options: Type.Unsafe<object>(
    Type.Object({}, { additionalProperties: true, description: 'For `navigator.credentials`, in its JSON form' }),
  ),
  token: Type.String({ description: 'To be sent with the answer' }),
})

const SecondStepBody = Type.Object(
  { token: StepToken, code: Type.Optional(Code), passkey: Type.Optional(PasskeyAnswerSchema) },
  { additionalProperties: false, minProperties: 2, maxProperties: 2 },
)
const ConfirmationBody = Type.Object(
  {
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
    code: Type.Optional(Code),
    passkey: Type.Optional(PasskeyAnswerSchema),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
)

export function sessionRoutes({ panelSignIn, confirmations, sessions }: ApiServices): Route[] {
  const answerOf = async (outcome: PanelOutcome, cookies: Cookies): Promise<SessionAnswer> => {
    if (outcome.kind !== 'open') throw refusals[outcome.kind === 'refused' ? outcome.reason : 'second-step-over']()
    const { token, remembered } = outcome
    // What was open in this browser before is over.
    const before = cookies.session()
    const found = await sessions.find(token)
    if (!found) throw new ApiProblem('not-signed-in')
    const old = before === null ? null : await sessions.find(before)
    if (old) await sessions.end(old.principal.principalId, old.session.sessionId)
    cookies.setSession(token, remembered ? REMEMBERED_MS / 1000 : null)
    return answer(found, token)
  }
  return [
    route({
      method: 'GET',
      path: '/session',
      operationId: 'getSession',
      summary: 'Who is signed in, and the token that unsafe requests have to show',
      tag: 'session',
      access: everyone,
      scope: null,
      beforeSecondFactor: true,
      response: SessionSchema,
      async handle({ cookies }) {
        const token = cookies.session()
        const found = token === null ? null : await sessions.find(token)
        if (!found || token === null) throw new ApiProblem('not-signed-in')
        // The browser counts from when it was given the cookie, the session from when it was last used.
        if (found.session.remembered) cookies.setSession(token, REMEMBERED_MS / 1000)
        return answer(found, token)
      },
    }),
    route({
      method: 'POST',
      path: '/session',
      operationId: 'signIn',
      summary: 'Signs in with address and password: opens a session, or says what is needed besides',
      tag: 'session',
      access: 'public',
      scope: null,
      body: SignInBody,
      response: Type.Union([SessionSchema, SecondFactorNeededSchema]),
      async handle({ body, cookies, ...client }) {
        const outcome = await panelSignIn.withPassword(body, client)
        if (outcome.kind !== 'second-factor') return answerOf(outcome, cookies)
        const { methods, token } = outcome
        return { secondFactor: { methods, token } }
      },
    }),
    route({
      method: 'POST',
      path: '/session/second-factor',
      operationId: 'signInWithSecondFactor',
      summary: 'The second step: a code of the app, a recovery code, or the answer of a passkey',
      tag: 'session',
      access: 'public',
      scope: null,
      body: SecondStepBody,
      response: SessionSchema,
      async handle({ body: { token, code, passkey }, cookies, ...client }) {
        const proof = passkey ? { passkey } : { code: code ?? '' }
        return answerOf(await panelSignIn.withSecondFactor(token, proof, client), cookies)
      },
    }),
    route({
      method: 'POST',
      path: '/session/passkey-options',
      operationId: 'askForPasskey',
      summary: 'What a passkey has to answer: in the second step, or, without its token, instead of a password',
      tag: 'session',
      access: 'public',
      scope: null,
      body: Type.Object({ token: Type.Optional(StepToken) }, { additionalProperties: false }),
      response: PasskeyOptionsSchema,
      async handle({ body, ...client }) {
        const asked = await panelSignIn.passkeyOptions(body.token ?? null, client)
        if (!asked) throw new ApiProblem('second-step-over')
        return asked
      },
    }),
    route({
      method: 'POST',
      path: '/session/passkey',
      operationId: 'signInWithPasskey',
      summary: 'Signs in with a passkey alone',
      tag: 'session',
      access: 'public',
      scope: null,
      body: Type.Object({ passkey: PasskeyAnswerSchema, remember: Type.Boolean() }, { additionalProperties: false }),
      response: SessionSchema,
      handle: async ({ body, cookies, ...client }) =>
        answerOf(await panelSignIn.withPasskey(body.passkey, body.remember, client), cookies),
    }),
    route({
      method: 'GET',
      path: '/session/confirmation',
      operationId: 'getConfirmation',
      summary: 'How the one who is signed in can be asked for again',
      tag: 'session',
      access: everyone,
      scope: null,
      beforeSecondFactor: true,
      response: Type.Object({ methods: Type.Array(Type.Enum(['password', 'code', 'passkey'])) }),
      handle: async ({ actor, host }) => ({ methods: await confirmations.methods(actor, host) }),
    }),
    route({
      method: 'POST',
      path: '/session/confirmation/passkey-options',
      operationId: 'askForPasskeyAgain',
      summary: 'What a passkey has to answer to confirm the session',
      tag: 'session',
      access: everyone,
      scope: null,
      beforeSecondFactor: true,
      response: PasskeyOptionsSchema,
      handle: ({ actor, host }) => confirmations.passkeyOptions(actor, host),
    }),
    route({
      method: 'POST',
      path: '/session/confirmation',
      operationId: 'confirmSession',
      summary: 'Shows the password, a code of the app or a passkey again; what is dangerous needs it every 15 minutes',
      tag: 'session',
      access: everyone,
      scope: null,
      beforeSecondFactor: true,
      body: ConfirmationBody,
      response: null,
      async handle({ actor, body: { password, code, passkey }, host, userAgent }) {
        const { sessionId } = ownSession(actor)
        const proof = passkey ? { passkey } : password === undefined ? { code: code ?? '' } : { password }
        const refusal = await confirmations.confirm({ ...actor, sessionId }, proof, { host, userAgent })
        if (refusal !== null) throw confirmationRefusals[refusal]()
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
      beforeSecondFactor: true,
      response: null,
      async handle({ actor, cookies }) {
        const { principalId, sessionId } = ownSession(actor)
        await sessions.end(principalId, sessionId)
        cookies.clearSession()
      },
    }),
  ]
}

type Refusal = (PanelOutcome & { kind: 'refused' })['reason']

const refusals: Record<Refusal, () => ApiProblem> = {
  credentials: () => new ApiProblem('wrong-credentials'),
  throttled: () => new ApiProblem('too-many-attempts', { retryAfterSeconds: 60 }),
  unavailable: () => new ApiProblem('sign-in-unavailable', { retryAfterSeconds: 5 }),
  'wrong-second-factor': () => new ApiProblem('second-step-refused'),
  'too-many-codes': () => new ApiProblem('too-many-codes', { retryAfterSeconds: 600 }),
  'second-step-over': () => new ApiProblem('second-step-over'),
}

export const confirmationRefusals: Record<ConfirmationRefusal, () => ApiProblem> = {
  ...refusals,
  credentials: () => new ApiProblem('wrong-password'),
}

function answer({ principal, domains, session, mustSetUpSecondFactor }: OpenSession, token: string): SessionAnswer {
  const { principalId, address, name, role, language, timeZone, hasMailbox } = principal
  return {
    principal: { principalId, address, name, role, language, timeZone, hasMailbox, domains },
    csrfToken: csrfTokenOf(token),
    expiresAt: session.expiresAt,
    mustSetUpSecondFactor,
  }
}
