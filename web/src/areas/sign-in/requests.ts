/** The ways of signing in beside the password, and of showing once more who one is. */
import type { SecondFactorNeeded, Session } from '../../shared/api/contract.ts'
import { acceptSession, answered, api } from '../../shared/api/session.ts'
import { askForPasskey, type PasskeyAnswer, type PasskeyOptions } from './passkey.ts'

export type SecondFactor = SecondFactorNeeded['secondFactor']

const anonymous = { anonymous: true }

const askedFor = async (path: string, body: object): Promise<PasskeyAnswer> =>
  askForPasskey(await api.post<PasskeyOptions>(path, body, anonymous))

/** A passkey instead of address and password. */
export async function signInWithPasskey(remember: boolean): Promise<void> {
  const passkey = await askedFor('/session/passkey-options', {})
  acceptSession(await api.post<Session>('/session/passkey', { passkey, remember }, anonymous))
}

/** `code`: of the app, or a recovery code. */
export async function finishWithCode(token: string, code: string): Promise<void> {
  acceptSession(await api.post<Session>('/session/second-factor', { token, code: code.trim() }, anonymous))
}

export async function finishWithPasskey(token: string): Promise<void> {
  const passkey = await askedFor('/session/passkey-options', { token })
  acceptSession(await api.post<Session>('/session/second-factor', { token, passkey }, anonymous))
}

export type Proof = 'password' | 'code' | 'passkey'

export async function confirmationMethods(): Promise<Proof[]> {
  return (await api.get<{ methods: Proof[] }>('/session/confirmation', anonymous)).methods
}

export async function confirmWith(proof: { password: string } | { code: string }): Promise<void> {
  await api.post('/session/confirmation', proof, anonymous)
  answered(true)
}

export async function confirmWithPasskey(): Promise<void> {
  const passkey = await askedFor('/session/confirmation/passkey-options', {})
  await api.post('/session/confirmation', { passkey }, anonymous)
  answered(true)
}
