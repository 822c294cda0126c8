/**
 * Signing in to the panel: by password, with a second factor after it where there is one; or by a passkey alone.
 *
 * A right password with a second factor to come gives a token for that second step and nothing else: it is bound to the
 * client's network and to the password it was given for, and good for some minutes and some tries. What it stands for is
 * sealed in it, so that the second step may come to another node.
 */
import type { Clock } from '../ops/clock.ts'
import { DAY_MS } from '../ops/durations.ts'
import type { Log } from '../ops/log.ts'
import { addressGroup } from '../ops/network-address.ts'
import type { SecretBox } from '../ops/secret-box.ts'
import type { Store } from '../store/store.ts'
import type { PrincipalId, PrincipalRow } from '../store/types/principals.ts'
import type { SignInCredential, SignInResult } from '../store/types/sign-in.ts'
import { AttemptLimit } from './attempt-limit.ts'
import type { PanelAuthenticator, PanelRefusal } from './authentication.ts'
import type { CodeCheck } from './second-factor/code-check.ts'
import * as limits from './second-factor/limits.ts'
import type { PasskeyAnswer, Passkeys } from './second-factor/passkeys.ts'
import { hashToken, newToken } from './secrets.ts'
import type { SecurityNotices } from './security-notices.ts'
import type { Sessions } from './sessions.ts'
import type { SharedCounts } from './shared-counts.ts'
import type { SignInsSeen } from './sign-ins/recorder.ts'
import type { Throttle } from './throttle.ts'

/** Where the request came from. */
export interface PanelClient {
  remoteAddress: string
  userAgent: string
  /** As the client named this host. */
  host: string
}

export type SecondFactorMethod = 'code' | 'passkey' | 'recovery-code'

/** What is shown after the password: a code of the app or a recovery code, or a passkey's answer. */
export type SecondFactorProof = { code: string } | { passkey: PasskeyAnswer }

export type PanelOutcome =
  | { kind: 'open'; token: string; remembered: boolean }
  | { kind: 'second-factor'; token: string; methods: SecondFactorMethod[] }
  | { kind: 'refused'; reason: PanelRefusal | 'wrong-second-factor' | 'too-many-codes' | 'second-step-over' }

interface Pending {
  /** Tries are counted by it. */
  id: string
  principalId: PrincipalId
  /** Of the stored one: a change of password ends it. */
  passwordPrint: string
  network: string
  remember: boolean
  expiresAt: number
}

export interface PanelSignInOptions {
  store: Store
  box: SecretBox
  clock: Clock
  shared?: SharedCounts
  authenticator: PanelAuthenticator
  sessions: Sessions
  codes: CodeCheck
  passkeys: Passkeys
  throttle: Throttle
  seen: SignInsSeen
  notices: SecurityNotices
  sleep(ms: number): Promise<void>
  log: Log
}

const refused = (reason: (PanelOutcome & { kind: 'refused' })['reason']): PanelOutcome => ({ kind: 'refused', reason })
const SEALED_AS = 'second step of a sign-in'

const printOf = ({ passwordHash }: PrincipalRow): string => hashToken(passwordHash ?? '')

export class PanelSignIn {
  readonly #options: PanelSignInOptions
  readonly #tries: AttemptLimit
  /** Who is guessed at is told so once a day. */
  readonly #warnings: AttemptLimit

  constructor(options: PanelSignInOptions) {
    this.#options = options
    // No try comes back while the token is good.
    this.#tries = new AttemptLimit({ ...options, name: 'second steps', max: limits.PENDING_TRIES, perMs: DAY_MS })
    this.#warnings = new AttemptLimit({ ...options, name: 'warnings of guessed codes', max: 1, perMs: DAY_MS })
  }

  async withPassword(
    { address, password, remember }: { address: string; password: string; remember: boolean },
    client: PanelClient,
  ): Promise<PanelOutcome> {
    const { authenticator, clock } = this.#options
    const { remoteAddress, userAgent } = client
    const outcome = await authenticator.signInPrincipal({ user: address, password, remoteAddress, client: userAgent })
    if (!outcome.ok) return refused(outcome.reason)
    const { principal } = outcome
    if (!principal.hasSecondFactor) return this.#open(principal, remember, 'password', client)
    const token = this.#seal({
      id: newToken(),
      principalId: principal.principalId,
      passwordPrint: printOf(principal),
      network: addressGroup(remoteAddress),
      remember,
      expiresAt: clock.now() + limits.PENDING_MS,
    })
    return { kind: 'second-factor', token, methods: await this.#methods(principal.principalId, client.host) }
  }

  /** Of the second step where a token of it is given; else for a sign-in by passkey alone. null: the second step is over. */
  async passkeyOptions(token: string | null, client: PanelClient) {
    const { passkeys } = this.#options
    if (token === null) return passkeys.signInOptions({ kind: 'sign-in' }, client.host)
    const found = await this.#find(token, client)
    if (!found) return null
    const { principalId } = found.principal
    return passkeys.signInOptions({ kind: 'second-factor', principalId }, client.host)
  }

  async withSecondFactor(token: string, proof: SecondFactorProof, client: PanelClient): Promise<PanelOutcome> {
    const found = await this.#find(token, client)
    if (!found) return refused('second-step-over')
    const { pending, principal } = found
    // Taken before it is looked at, so that many at once gain nothing.
    if (!this.#tries.take(pending.id)) return refused('second-step-over')
    const { address } = principal
    return this.#slowed(`second-factor ${address}`, client, async () => {
      const verdict = await this.#judge(principal, proof, client)
      if ('refused' in verdict) {
        if (verdict.refused === 'too-many-codes') this.#warn(principal, client)
        const credential = 'passkey' in proof ? 'password-and-passkey' : 'password-and-code'
        this.#record(principal, client, 'wrong-second-factor', credential)
        return { wrong: verdict.refused }
      }
      // It is over: no try is left.
      while (this.#tries.take(pending.id));
      if (verdict.credential === 'password-and-recovery-code') void this.#tellRecovery(principal, client)
      return { right: await this.#open(principal, pending.remember, verdict.credential, client) }
    })
  }

  async withPasskey(answer: PasskeyAnswer, remember: boolean, client: PanelClient): Promise<PanelOutcome> {
    const { store, passkeys } = this.#options
    return this.#slowed(`passkey ${addressGroup(client.remoteAddress)}`, client, async () => {
      const passkey = await passkeys.answered({ kind: 'sign-in' }, client.host, answer)
      const principal = passkey && (await store.read('principal.byId', { principalId: passkey.principalId }))
      if (!principal) return { wrong: 'wrong-second-factor' }
      if (!principal.signInEnabled) {
        this.#record(principal, client, 'disabled', 'passkey')
        return { wrong: 'wrong-second-factor' }
      }
      return { right: await this.#open(principal, remember, 'passkey', client) }
    })
  }

  /** Whose second step it is; null where it is over, or was begun elsewhere. */
  async #find(token: string, client: PanelClient): Promise<{ pending: Pending; principal: PrincipalRow } | null> {
    const { store, clock } = this.#options
    const pending = this.#unseal(token)
    if (!pending || pending.expiresAt <= clock.now()) return null
    if (pending.network !== addressGroup(client.remoteAddress)) return null
    const principal = await store.read('principal.byId', { principalId: pending.principalId })
    if (!principal?.signInEnabled || printOf(principal) !== pending.passwordPrint) return null
    return { pending, principal }
  }

  #seal(pending: Pending): string {
    return this.#options.box.seal(Buffer.from(JSON.stringify(pending)), SEALED_AS).toString('base64url')
  }

  #unseal(token: string): Pending | null {
    try {
      // Whatever opens was sealed by us.
      return JSON.parse(this.#options.box.open(Buffer.from(token, 'base64url'), SEALED_AS).toString())
    } catch {
      return null
    }
  }

  async #judge(
    { principalId }: PrincipalRow,
    proof: SecondFactorProof,
    { host }: PanelClient,
  ): Promise<{ credential: SignInCredential } | { refused: 'wrong-second-factor' | 'too-many-codes' }> {
    const { codes, passkeys } = this.#options
    if ('passkey' in proof) {
      const passkey = await passkeys.answered({ kind: 'second-factor', principalId }, host, proof.passkey)
      return passkey ? { credential: 'password-and-passkey' } : { refused: 'wrong-second-factor' }
    }
    const verdict = await codes.spend(principalId, proof.code)
    if (verdict.ok) return { credential: verdict.kind === 'code' ? 'password-and-code' : 'password-and-recovery-code' }
    return { refused: verdict.reason === 'too-many' ? 'too-many-codes' : 'wrong-second-factor' }
  }

  /** Held to the same limits as passwords. */
  async #slowed(
    user: string,
    { remoteAddress }: PanelClient,
    judge: () => Promise<{ right: PanelOutcome } | { wrong: 'wrong-second-factor' | 'too-many-codes' }>,
  ): Promise<PanelOutcome> {
    const { throttle, sleep } = this.#options
    const admission = throttle.begin(user, remoteAddress)
    if (!admission.admitted) return refused('throttled')
    try {
      if (admission.delayMs > 0) await sleep(admission.delayMs)
      const verdict = await judge()
      admission.settle('right' in verdict ? 'right' : 'wrong')
      return 'right' in verdict ? verdict.right : refused(verdict.wrong)
    } catch (error) {
      admission.settle('no-verdict')
      throw error
    }
  }

  /** Always with a new token, so that nobody can hand one out beforehand. */
  async #open(
    principal: PrincipalRow,
    remember: boolean,
    credential: SignInCredential,
    client: PanelClient,
  ): Promise<PanelOutcome> {
    const { principalId } = principal
    const { remoteAddress, userAgent } = client
    const secondFactor = credential !== 'password'
    const { token } = await this.#options.sessions.open({
      principalId,
      remember,
      secondFactor,
      remoteAddress,
      userAgent,
    })
    this.#record(principal, client, 'ok', credential)
    return { kind: 'open', token, remembered: remember }
  }

  async #methods(principalId: PrincipalId, host: string): Promise<SecondFactorMethod[]> {
    const { store, passkeys } = this.#options
    const totp = await store.read('totp.get', { principalId })
    const { left } = await store.read('recoveryCode.count', { principalId })
    return [
      ...((await passkeys.has(principalId, host)) ? (['passkey'] as const) : []),
      ...(totp && totp.confirmedAt !== null ? (['code'] as const) : []),
      ...(left > 0 ? (['recovery-code'] as const) : []),
    ]
  }

  #record(
    { principalId }: PrincipalRow,
    { remoteAddress, userAgent: client }: PanelClient,
    outcome: SignInResult,
    credential: SignInCredential,
  ): void {
    this.#options.seen.record({ principalId, protocol: 'panel', remoteAddress, outcome, credential, client })
  }

  #warn(principal: PrincipalRow, { remoteAddress }: PanelClient): void {
    const { notices, log } = this.#options
    log.warn({ user: principal.address, remote: remoteAddress }, 'many wrong codes after a right password')
    if (this.#warnings.take(String(principal.principalId)))
      void this.#tell(() => notices.tell(principal, { kind: 'codes-guessed' }, remoteAddress))
  }

  #tellRecovery(principal: PrincipalRow, { remoteAddress }: PanelClient): Promise<void> {
    const { store, notices } = this.#options
    return this.#tell(async () => {
      const { left } = await store.read('recoveryCode.count', { principalId: principal.principalId })
      await notices.tell(principal, { kind: 'recovery-code-used', left }, remoteAddress)
    })
  }

  /** Behind the answer: nobody waits for a mail. */
  async #tell(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.log.error({ err: error }, 'notice not sent')
    }
  }
}
