/**
 * Passkeys (WebAuthn level 3), for the host name that the panel is opened under: a browser shows a passkey to no other.
 * The name comes from the request. That is safe, since whoever makes it up has no passkey for it.
 */
import { isIP } from 'node:net'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Clock } from '../../ops/clock.ts'
import type { SecretBox } from '../../ops/secret-box.ts'
import type { Store } from '../../store/store.ts'
import type { PrincipalId, PrincipalRow } from '../../store/types/principals.ts'
import type { PasskeyRow } from '../../store/types/sign-in.ts'
import { AccountError } from '../account-error.ts'
import { hashToken } from '../secrets.ts'
import { Challenges } from './challenges.ts'
import { CHALLENGE_MS } from './limits.ts'

export interface PasskeyAnswer {
  /** Of the options that were answered. */
  token: string
  /** As the browser gives it. */
  response: unknown
}

/** What an answer is for: to be the only thing that is shown, or to come after the password, or to confirm a session. */
export type PasskeyPurpose =
  | { kind: 'sign-in' }
  | { kind: 'second-factor'; principalId: PrincipalId }
  | { kind: 'confirmation'; principalId: PrincipalId }

export interface PasskeysOptions {
  store: Store
  box: SecretBox
  clock: Clock
}

export class Passkeys {
  readonly #store: Store
  readonly #clock: Clock
  readonly #challenges: Challenges

  constructor({ store, box, clock }: PasskeysOptions) {
    this.#store = store
    this.#clock = clock
    this.#challenges = new Challenges(box, clock)
  }

  async registrationOptions(
    principal: PrincipalRow,
    { host, serviceName }: { host: string; serviceName: string },
  ): Promise<{ options: PublicKeyCredentialCreationOptionsJSON; token: string }> {
    const { principalId, address, name } = principal
    const { bytes, token } = this.#challenges.make(`register:${principalId}`)
    const options = await generateRegistrationOptions({
      rpName: serviceName,
      rpID: rpIdOf(host),
      userName: address,
      userDisplayName: name || address,
      userID: handleOf(principalId),
      challenge: bytes,
      timeout: CHALLENGE_MS,
      attestationType: 'none',
      supportedAlgorithmIDs: ALGORITHMS,
      excludeCredentials: await this.#ofHost(principalId, host),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    })
    return { options, token }
  }

  /** The passkey as it is to be kept. Throws `passkey-refused`. */
  async registered(
    { principalId }: PrincipalRow,
    { host, label, answer }: { host: string; label: string; answer: PasskeyAnswer },
  ): Promise<PasskeyRow> {
    const challenge = this.#challenges.open(answer.token, `register:${principalId}`)
    // The library looks at every member before it uses it.
    const response = answer.response as RegistrationResponseJSON
    const origin = originOf(response, host)
    if (challenge === null || origin === null) throw refused()
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpIdOf(host),
      requireUserVerification: false,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch(() => ({ verified: false as const, registrationInfo: undefined }))
    if (!verified || !registrationInfo || !(await this.#isFirst(principalId, challenge))) throw refused()
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential
    return {
      credentialId: id,
      principalId,
      rpId: rpIdOf(host),
      publicKey,
      signCount: counter,
      transports: knownTransports.filter(transport => transports.includes(transport)),
      label,
      createdAt: this.#clock.now(),
      lastUsedAt: null,
    }
  }

  /** For `sign-in` the browser offers whatever passkeys it has for this host. */
  async signInOptions(
    purpose: PasskeyPurpose,
    host: string,
  ): Promise<{ options: PublicKeyCredentialRequestOptionsJSON; token: string }> {
    const { bytes, token } = this.#challenges.make(textOf(purpose))
    const options = await generateAuthenticationOptions({
      rpID: rpIdOf(host),
      challenge: bytes,
      timeout: CHALLENGE_MS,
      userVerification: verificationFor(purpose),
      ...(purpose.kind === 'sign-in' ? {} : { allowCredentials: await this.#ofHost(purpose.principalId, host) }),
    })
    return { options, token }
  }

  /** Whose passkey answered; null where the answer is not to be taken. */
  async answered(purpose: PasskeyPurpose, host: string, answer: PasskeyAnswer): Promise<PasskeyRow | null> {
    const challenge = this.#challenges.open(answer.token, textOf(purpose))
    const response = answer.response as AuthenticationResponseJSON
    const origin = originOf(response, host)
    if (challenge === null || origin === null || typeof response.id !== 'string') return null
    const passkey = await this.#store.read('passkey.byId', { credentialId: response.id })
    if (!passkey || (purpose.kind !== 'sign-in' && passkey.principalId !== purpose.principalId)) return null
    if (purpose.kind === 'sign-in' && !belongsTo(response, passkey.principalId)) return null
    const { credentialId: id, publicKey, signCount: counter } = passkey
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: passkey.rpId,
      credential: { id, publicKey: Uint8Array.from(publicKey), counter },
      requireUserVerification: verificationFor(purpose) === 'required',
    }).catch(() => ({ verified: false, authenticationInfo: undefined }))
    if (!verified || !authenticationInfo) return null
    if (!(await this.#isFirst(passkey.principalId, challenge))) return null
    const { newCounter: signCount } = authenticationInfo
    await this.#store.write('passkey.used', { credentialId: id, signCount, at: this.#clock.now() })
    return passkey
  }

  /**
   * An answer is taken once, by whichever node: the store keeps it for a day beside the requests that are not to be done
   * twice, which is longer than a challenge is good for.
   */
  async #isFirst(principalId: PrincipalId, challenge: string): Promise<boolean> {
    const key = `passkey ${hashToken(challenge)}`
    const before = await this.#store.write('idempotency.begin', {
      principalId,
      key,
      requestHash: '',
      at: this.#clock.now(),
    })
    return before === null
  }

  /** Whether the principal has one for the host. */
  async has(principalId: PrincipalId, host: string): Promise<boolean> {
    return (await this.#ofHost(principalId, host)).length > 0
  }

  async #ofHost(principalId: PrincipalId, host: string): Promise<{ id: string; transports: string[] }[]> {
    const passkeys = await this.#store.read('passkey.list', { principalId })
    return passkeys
      .filter(({ rpId }) => rpId === host)
      .map(({ credentialId, transports }) => ({ id: credentialId, transports }))
  }
}

/** EdDSA, ES256 and RS256 (WebAuthn §5.8.5): one of them every authenticator knows. */
const ALGORITHMS = [-8, -7, -257]

/** WebAuthn §5.8.4. Others are left out: they are what a client says, and are kept. */
const knownTransports = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']

/** Alone it has to be two factors in one: the device, and the finger or PIN that unlocks it. */
const verificationFor = ({ kind }: PasskeyPurpose): 'required' | 'preferred' =>
  kind === 'second-factor' ? 'preferred' : 'required'

const textOf = (purpose: PasskeyPurpose): string =>
  purpose.kind === 'sign-in' ? purpose.kind : `${purpose.kind}:${purpose.principalId}`

/** Throws where the panel was opened by an address, for which no browser keeps a passkey. */
function rpIdOf(host: string): string {
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0 || !/^[a-z\d.-]{1,253}$/.test(host))
    throw new AccountError('passkeys-need-a-name', 'Passkeys belong to a host name')
  return host
}

/** As the browser says, where that is this host over HTTPS, on whichever port. */
function originOf(
  response: { response?: { clientDataJSON?: unknown } } | null | undefined,
  host: string,
): string | null {
  const encoded = response?.response?.clientDataJSON
  if (typeof encoded !== 'string') return null
  try {
    const { origin } = JSON.parse(Buffer.from(encoded, 'base64url').toString())
    const url = new URL(origin)
    return url.protocol === 'https:' && url.hostname === host ? origin : null
  } catch {
    return null
  }
}

/** WebAuthn §14.6.1: it tells nobody who it is. */
const handleOf = (principalId: PrincipalId): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(`facteur:${principalId}`))

function belongsTo({ response }: AuthenticationResponseJSON, principalId: PrincipalId): boolean {
  const { userHandle } = response
  return userHandle !== undefined && Buffer.from(userHandle, 'base64url').equals(handleOf(principalId))
}

const refused = (): AccountError => new AccountError('passkey-refused', 'The passkey was not accepted')
