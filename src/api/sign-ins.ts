/** /sign-ins: who signed in, or tried to, from where. */
import Type, { type Static } from 'typebox'
import { signInCursor, signInProtocols } from '../accounts/sign-ins/history.ts'
import type { SignInCredential, SignInResult, SignInRow } from '../store/types/sign-in.ts'
import { everyone, type Route, route } from './route.ts'
import { Nullable, PageOf, PageQuery, pageOf, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'
import { ownId } from './session-of.ts'

const outcomes = [
  'ok',
  'wrong-password',
  'wrong-second-factor',
  'app-password-needed',
  'disabled',
  'no-password',
  'throttled',
  'protocol-not-allowed',
  'network-not-allowed',
  'expired',
] as const satisfies SignInResult[]

const credentials = [
  'password',
  'app-password',
  'passkey',
  'password-and-code',
  'password-and-passkey',
  'password-and-recovery-code',
] as const satisfies SignInCredential[]

export const SignInSchema = Type.Object({
  protocol: Type.Enum([...signInProtocols]),
  outcome: Type.Enum([...outcomes], { description: '`ok`, or why it was refused' }),
  credential: Type.Enum([...credentials]),
  label: Nullable(Type.String({ description: 'Of the app password' })),
  remoteAddress: Nullable(Type.String({ description: 'null for the rest of a day with very many failures' })),
  client: Nullable(Type.String({ description: 'As the program calls itself' })),
  firstAt: Time,
  lastAt: Time,
  count: Type.Integer({ description: 'Alike, from the first to the last' }),
})

export type SignInAnswer = Static<typeof SignInSchema>

const LatestSchema = Type.Object({
  protocol: Type.Enum([...signInProtocols]),
  any: Nullable(SignInSchema),
  ok: Nullable(SignInSchema),
})

const LatestListSchema = Type.Array(LatestSchema)
export type LatestSignInsAnswer = Static<typeof LatestListSchema>

export function signInRoutes({ signIns }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sign-ins',
      operationId: 'listSignIns',
      summary: 'Own sign-ins and failures of the last 90 days, what is alike in a day as one; latest first',
      tag: 'security',
      access: everyone,
      scope: 'account:read',
      query: Type.Object(PageQuery),
      response: PageOf(SignInSchema),
      async handle({ actor, query: { after = null, limit = 50 } }) {
        const rows = await signIns.list(ownId(actor), { after, limit: limit + 1 })
        const page = pageOf(rows, limit, signInCursor)
        return { ...page, items: page.items.map(signInAnswer) }
      },
    }),
    route({
      method: 'GET',
      path: '/sign-ins/latest',
      operationId: 'latestSignIns',
      summary: 'The last attempt over each protocol, and the last that was let in',
      tag: 'security',
      access: everyone,
      scope: 'account:read',
      response: LatestListSchema,
      async handle({ actor }) {
        const latest = await signIns.latest(ownId(actor))
        return latest.map(({ protocol, any, ok }) => ({
          protocol,
          any: any && signInAnswer(any),
          ok: ok && signInAnswer(ok),
        }))
      },
    }),
  ]
}

export function signInAnswer(row: SignInRow) {
  const { protocol, outcome, credential, label, remoteAddress, client, firstAt, lastAt, count } = row
  return {
    protocol,
    outcome,
    credential,
    label: label || null,
    remoteAddress: remoteAddress || null,
    client: client || null,
    firstAt,
    lastAt,
    count,
  }
}
