/**
 * Sign-in with user name and password, the same for every protocol.
 *
 * Invariants: an unknown user costs and gets what a wrong password does; the only shortcut is for a password that was
 * verified before, held as an HMAC under a key of this process and bound to the account's stored hash, so that a change
 * of password ends it.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { addressGroup } from '../ops/network-address.ts'
import type { Store } from '../store/store.ts'
import type { PrincipalRow } from '../store/types/principals.ts'
import type { SignInResult } from '../store/types/sign-in.ts'
import { parseAddress } from './addresses.ts'
import type { Authenticator, PanelAuthenticator, PrincipalOutcome, SignIn, SignInOutcome } from './authentication.ts'
import { BoundedMap } from './bounded-map.ts'
import * as limits from './limits.ts'
import { hashPassword, needsRehash, preparePassword, verifyPassword } from './passwords.ts'
import { NOTED_REFUSALS, REFUSALS_NOTED_EVERY_MS } from './sign-ins/limits.ts'
import type { SignInsSeen } from './sign-ins/recorder.ts'
import type { Throttle } from './throttle.ts'
import { QueueFull, VerificationQueue } from './verification-queue.ts'

export interface AuthenticatorOptions {
  store: Store
  clock: Clock
  throttle: Throttle
  /** Completes a user name without "@"; null: such a name is nobody's. */
  defaultDomain: string | null
  /** Waits; a test's clock decides how long. */
  sleep(ms: number): Promise<void>
  /** Is told of every attempt on someone who is known. */
  seen: SignInsSeen
  log: Log
}

type Verdict =
  | { kind: 'right'; principal: PrincipalRow }
  /** `known`: whose name was given, where it is someone's. */
  | { kind: 'wrong' | 'wrong-again'; known: PrincipalRow | null }

export function createAuthenticator(options: AuthenticatorOptions): Authenticator & PanelAuthenticator {
  return new PasswordAuthenticator(options)
}

class PasswordAuthenticator implements Authenticator, PanelAuthenticator {
  readonly #options: AuthenticatorOptions
  readonly #key = randomBytes(32)
  readonly #verified = new BoundedMap<number, Buffer>(limits.VERIFIED_PASSWORDS)
  readonly #wrong = new BoundedMap<string, true>(limits.KNOWN_WRONG_PASSWORDS)
  readonly #queue = new VerificationQueue({
    atOnce: limits.VERIFICATIONS_AT_ONCE,
    waiting: limits.WAITING_VERIFICATIONS,
    waitingPerAddress: limits.WAITING_VERIFICATIONS_PER_ADDRESS,
  })
  readonly #notedRefusals = new BoundedMap<string, number>(NOTED_REFUSALS)
  /** What an unknown user's password is held against; of no password. */
  readonly #decoy: Promise<string>

  constructor(options: AuthenticatorOptions) {
    this.#options = options
    this.#decoy = hashPassword(randomBytes(16).toString('base64'))
    this.#decoy.catch(() => {})
  }

  async signIn(attempt: SignIn): Promise<SignInOutcome> {
    const outcome = await this.signInPrincipal(attempt)
    if (!outcome.ok) return outcome
    try {
      const account = await this.#options.store.read('account.byId', { accountId: outcome.principal.principalId })
      return account ? { ok: true, account } : { ok: false, reason: 'credentials' }
    } catch (error) {
      this.#options.log.error({ user: outcome.principal.address, err: error }, 'sign-in not verified')
      return { ok: false, reason: 'unavailable' }
    }
  }

  async signInPrincipal(attempt: SignIn): Promise<PrincipalOutcome> {
    const { throttle, sleep, log } = this.#options
    const user = this.#normalise(attempt.user)
    const fields = { user: user ?? '(no address)', remote: attempt.remoteAddress, protocol: attempt.protocol }
    const admission = throttle.begin(user ?? '', attempt.remoteAddress)
    if (!admission.admitted) {
      log.info(fields, 'sign-in refused after too many failures')
      if (user !== null) void this.#noteRefusal(user, attempt)
      return { ok: false, reason: 'throttled' }
    }
    try {
      if (admission.delayMs > 0) await sleep(admission.delayMs)
      const verdict = await this.#judge(user, attempt)
      admission.settle(verdict.kind === 'wrong-again' ? 'no-verdict' : verdict.kind)
      if (verdict.kind === 'right') {
        this.#record(verdict.principal, attempt, 'ok')
        return { ok: true, principal: verdict.principal }
      }
      log.info(fields, 'sign-in failed')
      if (verdict.known) this.#record(verdict.known, attempt, whyRefused(verdict.known))
      return { ok: false, reason: 'credentials' }
    } catch (error) {
      admission.settle('no-verdict')
      if (error instanceof QueueFull) log.warn(fields, 'sign-in not verified: too many wait')
      else log.error({ ...fields, err: error }, 'sign-in not verified')
      return { ok: false, reason: 'unavailable' }
    }
  }

  async #judge(user: string | null, { password, remoteAddress }: SignIn): Promise<Verdict> {
    const known = user === null ? null : await this.#options.store.read('principal.byAddress', { address: user })
    const principal = known?.signInEnabled ? known : null
    const stored = principal?.passwordHash ?? null
    const code = this.#code(stored ?? user ?? '', password)
    if (principal && stored !== null && this.#isVerified(principal, code)) return { kind: 'right', principal }

    const hash = stored ?? (await this.#decoy)
    const right = await this.#queue.run(addressGroup(remoteAddress), () => verifyPassword(password, hash))
    if (right && principal && stored !== null) {
      this.#verified.set(principal.principalId, code)
      if (needsRehash(stored)) void this.#rehash(principal, password)
      return { kind: 'right', principal }
    }
    const wrongCode = code.toString('base64')
    const again = this.#wrong.get(wrongCode) !== undefined
    this.#wrong.set(wrongCode, true)
    return { kind: again ? 'wrong-again' : 'wrong', known }
  }

  #record(
    { principalId }: PrincipalRow,
    { protocol, remoteAddress, client = '' }: SignIn,
    outcome: SignInResult,
  ): void {
    this.#options.seen.record({ principalId, protocol, remoteAddress, outcome, credential: 'password', client })
  }

  /** The owner may wonder why his programs are refused. Whose name it is has to be looked up, so not each time. */
  async #noteRefusal(user: string, attempt: SignIn): Promise<void> {
    const { store, clock, log } = this.#options
    const key = `${user}\0${attempt.remoteAddress}\0${attempt.protocol}`
    const now = clock.now()
    if (now - (this.#notedRefusals.get(key) ?? 0) < REFUSALS_NOTED_EVERY_MS) return
    this.#notedRefusals.set(key, now)
    try {
      const principal = await store.read('principal.byAddress', { address: user })
      if (principal) this.#record(principal, attempt, 'throttled')
    } catch (error) {
      log.warn({ user, err: error }, 'refusal not noted')
    }
  }

  #isVerified({ principalId }: PrincipalRow, code: Buffer): boolean {
    const known = this.#verified.get(principalId)
    return known !== undefined && timingSafeEqual(known, code)
  }

  /** Bound to the stored hash (or, where there is none, to the name). */
  #code(boundTo: string, password: string): Buffer {
    return createHmac('sha256', this.#key).update(boundTo).update('\0').update(preparePassword(password)).digest()
  }

  /** The full address in its kept form; null where the name can be no account's. */
  #normalise(user: string): string | null {
    const { defaultDomain } = this.#options
    const name = user.trim()
    const full = name.includes('@') || defaultDomain === null ? name : `${name}@${defaultDomain}`
    return parseAddress(full)?.address ?? null
  }

  /** Parameters have changed since the password was set: the hash follows at the first sign-in. */
  async #rehash(principal: PrincipalRow, password: string): Promise<void> {
    const { store, clock, log } = this.#options
    const { principalId } = principal
    try {
      const passwordHash = await hashPassword(password)
      const now = await store.read('principal.byId', { principalId })
      // Changed meanwhile: the new password stays.
      if (now?.passwordHash !== principal.passwordHash) return
      const at = now.passwordChangedAt ?? clock.now()
      await store.write('principal.setPassword', { principalId, passwordHash, at })
    } catch (error) {
      log.warn({ user: principal.address, err: error }, 'password not rehashed')
    }
  }
}

function whyRefused({ signInEnabled, passwordHash }: PrincipalRow): SignInResult {
  if (!signInEnabled) return 'disabled'
  return passwordHash === null ? 'no-password' : 'wrong-password'
}
