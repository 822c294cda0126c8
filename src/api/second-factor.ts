/** /second-factor: what someone adds to their password. */
import Type, { type Static } from 'typebox'
import { PASSKEY_LABEL_CHARACTERS } from '../accounts/second-factor/limits.ts'
import type { SecondFactorState } from '../accounts/second-factor/second-factors.ts'
import type { PasskeyRow } from '../store/types/sign-in.ts'
import { everyone, type Route, route } from './route.ts'
import { Nullable, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'
import { PasskeyAnswerSchema, PasskeyOptionsSchema } from './session.ts'

const PasskeySchema = Type.Object({
  passkeyId: Type.String(),
  label: Type.String(),
  host: Type.String({ description: 'The host name it opens the panel under' }),
  createdAt: Time,
  lastUsedAt: Nullable(Time),
})

export const SecondFactorSchema = Type.Object({
  isOn: Type.Boolean({ description: 'Then mail programs need app passwords' }),
  isRequired: Type.Boolean(),
  codesSince: Nullable(Time),
  passkeys: Type.Array(PasskeySchema),
  recoveryCodes: Type.Object({ left: Type.Integer(), total: Type.Integer() }),
})

export type SecondFactorAnswer = Static<typeof SecondFactorSchema>
export type PasskeyListed = Static<typeof PasskeySchema>

const RecoveryCodes = Type.Array(Type.String(), { description: 'Shown now and never again' })
const Label = Type.String({
  minLength: 1,
  maxLength: PASSKEY_LABEL_CHARACTERS,
  pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
})
const OfPasskey = Type.Object({ passkeyId: Type.String({ maxLength: 2000 }) })

/** All of them are the caller's own, in the panel alone: a token of a program can't change how its owner signs in. */
const own = { tag: 'security', access: everyone, scope: null, beforeSecondFactor: true } as const

export function secondFactorRoutes({ secondFactors, principals, brands }: ApiServices): Route[] {
  const serviceName = async (host: string): Promise<string> => (await brands.forHost(host)).name
  return [
    route({
      ...own,
      method: 'GET',
      path: '/second-factor',
      operationId: 'getSecondFactor',
      summary: 'Codes, passkeys and recovery codes of whoever is signed in',
      response: SecondFactorSchema,
      handle: async ({ actor }) => secondFactorAnswer(await secondFactors.state(await principals.own(actor))),
    }),
    route({
      ...own,
      method: 'POST',
      path: '/second-factor/codes',
      operationId: 'beginCodes',
      summary: 'A secret for an authenticator app, which counts once its first code is shown',
      needsConfirmation: true,
      response: Type.Object({
        secret: Type.String({ description: 'base32, to be typed' }),
        uri: Type.String({ description: 'otpauth://, to be shown as a QR code' }),
      }),
      handle: async ({ actor, host }) => secondFactors.beginCodes(actor, await serviceName(host)),
    }),
    route({
      ...own,
      method: 'POST',
      path: '/second-factor/codes/confirmation',
      operationId: 'confirmCodes',
      summary:
        'Takes the codes into use with the first of them; other sessions end where it is the first second factor',
      needsConfirmation: true,
      creates: true,
      body: Type.Object({ code: Type.String({ minLength: 1, maxLength: 20 }) }, { additionalProperties: false }),
      response: Type.Object({ recoveryCodes: Nullable(RecoveryCodes) }),
      handle: async ({ actor, body }) => ({ recoveryCodes: await secondFactors.confirmCodes(actor, body.code) }),
    }),
    route({
      ...own,
      method: 'DELETE',
      path: '/second-factor/codes',
      operationId: 'removeCodes',
      summary: 'The authenticator app is no longer asked for',
      needsConfirmation: true,
      response: null,
      handle: ({ actor }) => secondFactors.removeCodes(actor),
    }),
    route({
      ...own,
      method: 'POST',
      path: '/second-factor/passkeys/options',
      operationId: 'beginPasskey',
      summary: 'What a new passkey has to answer',
      needsConfirmation: true,
      response: PasskeyOptionsSchema,
      handle: async ({ actor, host }) =>
        secondFactors.passkeyOptions(actor, { host, serviceName: await serviceName(host) }),
    }),
    route({
      ...own,
      method: 'POST',
      path: '/second-factor/passkeys',
      operationId: 'addPasskey',
      summary: 'Adds a passkey; other sessions end where it is the first second factor',
      needsConfirmation: true,
      status: 201,
      creates: true,
      body: Type.Object({ label: Label, passkey: PasskeyAnswerSchema }, { additionalProperties: false }),
      response: Type.Object({ passkey: PasskeySchema, recoveryCodes: Nullable(RecoveryCodes) }),
      async handle({ actor, host, body: { label, passkey: answer } }) {
        const { passkey, recoveryCodes } = await secondFactors.addPasskey(actor, { host, label, answer })
        return { passkey: passkeyAnswer(passkey), recoveryCodes }
      },
    }),
    route({
      ...own,
      method: 'PATCH',
      path: '/second-factor/passkeys/:passkeyId',
      operationId: 'renamePasskey',
      summary: 'Gives a passkey another label',
      params: OfPasskey,
      body: Type.Object({ label: Label }, { additionalProperties: false }),
      response: PasskeySchema,
      handle: async ({ actor, params, body }) =>
        passkeyAnswer(await secondFactors.renamePasskey(actor, params.passkeyId, body.label)),
    }),
    route({
      ...own,
      method: 'DELETE',
      path: '/second-factor/passkeys/:passkeyId',
      operationId: 'removePasskey',
      summary: 'A passkey no longer opens anything',
      needsConfirmation: true,
      params: OfPasskey,
      response: null,
      handle: ({ actor, params }) => secondFactors.removePasskey(actor, params.passkeyId),
    }),
    route({
      ...own,
      method: 'POST',
      path: '/second-factor/recovery-codes',
      operationId: 'renewRecoveryCodes',
      summary: 'New recovery codes instead of those before',
      needsConfirmation: true,
      creates: true,
      response: Type.Object({ recoveryCodes: RecoveryCodes }),
      handle: async ({ actor }) => ({ recoveryCodes: await secondFactors.renewRecoveryCodes(actor) }),
    }),
  ]
}

export function secondFactorAnswer(state: SecondFactorState) {
  return { ...state, passkeys: state.passkeys.map(passkeyAnswer) }
}

function passkeyAnswer({ credentialId, label, rpId, createdAt, lastUsedAt }: PasskeyRow) {
  return { passkeyId: credentialId, label, host: rpId, createdAt, lastUsedAt }
}
