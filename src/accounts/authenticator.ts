/**
 * Sign-in with user name and password, the same for every protocol: slowed down where someone guesses, and noted for
 * whoever is known. Mail programs may show an app password instead of the password, and have to where there is a second
 * factor. Nobody learns who is known: see `password-check.ts`.
 */
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import type { Store } from '../store/store.ts'
import type { PrincipalId, PrincipalRow } from '../store/types/principals.ts'
import type { SignInCredential, SignInProtocol, SignInResult } from '../store/types/sign-in.ts'
import type { AccountId } from '../store/types.ts'
import { parseAddress } from './addresses.ts'
import { refusalOf } from './app-passwords/permission.ts'
import type {
  Authenticator,
  MailSignIn,
  OpenSignIn,
  PanelAuthenticator,
  PrincipalOutcome,
  SignIn,
  SignInOutcome,
  SignInRefusal,
} from './authentication.ts'
import { BoundedMap } from './bounded-map.ts'
import { PasswordCheck } from './password-check.ts'
import type { SecondFactorPolicy } from './second-factor/policy.ts'
import { hashToken } from './secrets.ts'
import { NOTED_REFUSALS, REFUSALS_NOTED_EVERY_MS } from './sign-ins/limits.ts'
import type { OpenSignIns } from './sign-ins/open-sign-ins.ts'
import type { SignInsSeen } from './sign-ins/recorder.ts'
import type { Throttle } from './throttle.ts'
import { readTypedSecret } from './typed-secrets.ts'
import { QueueFull } from './verification-queue.ts'

export interface AuthenticatorOptions {
  store: Store
  clock: Clock
  throttle: Throttle
  /** Completes a user name without "@"; null: such a name is nobody's. */
  defaultDomain: string | null
  policy: Pick<SecondFactorPolicy, 'needsAppPasswords'>
  /** Waits; a test's clock decides how long. */
  sleep(ms: number): Promise<void>
  /** Is told of every attempt on someone who is known, but for what went well in the panel. */
  seen: SignInsSeen
  /** Ends the sessions of mail programs whose credential is no longer good. */
  open: Pick<OpenSignIns, 'follow'>
  log: Log
}

interface AppPasswordUsed {
  appPasswordId: string
  /** Whose it is. */
  principalId: PrincipalId
  label: string
  secretHash: string
}

type Verdict =
  | { kind: 'right'; principal: PrincipalRow; appPassword?: AppPasswordUsed }
  /** `known`: whose name was given, where it is someone's. */
  | { kind: 'wrong' | 'wrong-again'; known: PrincipalRow | null }
  /** What was shown is right, but does not open this. */
  | { kind: 'refused'; known: PrincipalRow; result: keyof typeof refusals; appPassword?: AppPasswordUsed }

const refusals = {
  'app-password-needed': 'app-password-needed',
  'protocol-not-allowed': 'not-allowed',
  'network-not-allowed': 'not-allowed',
  expired: 'expired',
} as const satisfies Partial<Record<SignInResult, SignInRefusal['reason']>>

type Judge = (user: string | null, known: PrincipalRow | null) => Promise<Verdict>
type Attempt = Pick<SignIn, 'user' | 'remoteAddress' | 'client'> & { protocol: SignInProtocol }

export function createAuthenticator(options: AuthenticatorOptions): Authenticator & PanelAuthenticator {
  return new PasswordAuthenticator(options)
}

class PasswordAuthenticator implements Authenticator, PanelAuthenticator {
  readonly #options: AuthenticatorOptions
  readonly #passwords: PasswordCheck
  readonly #notedRefusals = new BoundedMap<string, number>(NOTED_REFUSALS)

  constructor(options: AuthenticatorOptions) {
    this.#options = options
    this.#passwords = new PasswordCheck(options)
  }

  async signIn(attempt: MailSignIn): Promise<SignInOutcome> {
    const verdict = await this.#judged(attempt, (user, known) => this.#judgeMail(user, known, attempt))
    if ('reason' in verdict) return verdict
    const { principal, appPassword } = verdict
    try {
      const account = await this.#options.store.read('account.byId', { accountId: principal.principalId })
      if (!account) return { ok: false, reason: 'credentials' }
      this.#record(principal, attempt, 'ok', appPassword)
      const { principalId, appPasswordId } = appPassword ?? { principalId: principal.principalId, appPasswordId: null }
      const { protocol, remoteAddress } = attempt
      const credential = {
        accountId: account.accountId,
        principalId,
        protocol,
        remoteAddress,
        shown: appPassword
          ? ({ kind: 'app-password', secretHash: appPassword.secretHash } as const)
          : ({ kind: 'password', changedAt: principal.passwordChangedAt } as const),
      }
      const follow = (onOver: () => void): OpenSignIn => this.#options.open.follow(credential, onOver)
      const maySend = (): Promise<boolean> => this.#maySend(account.accountId, remoteAddress, appPassword)
      return { ok: true, account, principalId, appPasswordId, maySend, follow }
    } catch (error) {
      this.#options.log.error({ user: principal.address, err: error }, 'sign-in not verified')
      return { ok: false, reason: 'unavailable' }
    }
  }

  async signInPrincipal(attempt: Omit<SignIn, 'protocol'>): Promise<PrincipalOutcome> {
    const verdict = await this.#judged({ ...attempt, protocol: 'panel' }, (user, known) =>
      this.#judgePassword(user, known, attempt),
    )
    if (!('reason' in verdict)) return { ok: true, principal: verdict.principal }
    const { reason } = verdict
    return { ok: false, reason: reason === 'throttled' || reason === 'unavailable' ? reason : 'credentials' }
  }

  /** Slowed down, judged, and, where it was refused, noted. */
  async #judged(attempt: Attempt, judge: Judge): Promise<SignInRefusal | (Verdict & { kind: 'right' })> {
    const { store, throttle, sleep, log } = this.#options
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
      const known = user === null ? null : await store.read('principal.byAddress', { address: user })
      const verdict = await judge(user, known)
      const { kind } = verdict
      admission.settle(kind === 'right' || kind === 'wrong' ? kind : 'no-verdict')
      if (kind === 'right') return verdict
      if (kind === 'refused') {
        const { result } = verdict
        log.info({ ...fields, why: result }, 'sign-in refused')
        this.#record(verdict.known, attempt, result, verdict.appPassword)
        return { ok: false, reason: refusals[result] }
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

  async #judgeMail(user: string | null, known: PrincipalRow | null, attempt: MailSignIn): Promise<Verdict> {
    const { store, policy } = this.#options
    const secret = readTypedSecret(attempt.password)
    if (secret !== null) {
      // Also for nobody, so that it takes as long.
      const accountId = known?.principalId ?? 0
      const secretHash = hashToken(secret)
      const found = await store.read('appPassword.bySecret', { accountId, secretHash })
      if (found && known?.signInEnabled) {
        const { appPasswordId, principalId, label } = found
        const appPassword = { appPasswordId, principalId, label, secretHash }
        const result = refusalOf(found, attempt, this.#options.clock.now())
        return result === null
          ? { kind: 'right', principal: known, appPassword }
          : { kind: 'refused', known, result, appPassword }
      }
    }
    const verdict = await this.#judgePassword(user, known, attempt)
    if (verdict.kind !== 'right' || !(await policy.needsAppPasswords(verdict.principal))) return verdict
    return { kind: 'refused', known: verdict.principal, result: 'app-password-needed' }
  }

  async #judgePassword(
    user: string | null,
    known: PrincipalRow | null,
    { password, remoteAddress }: Pick<SignIn, 'password' | 'remoteAddress'>,
  ): Promise<Verdict> {
    const principal = known?.signInEnabled ? known : null
    const kind = await this.#passwords.judge(user ?? '', principal, password, remoteAddress)
    // A password that is right is somebody's.
    return kind === 'right' && principal ? { kind, principal } : { kind: kind === 'right' ? 'wrong' : kind, known }
  }

  async #maySend(accountId: AccountId, remoteAddress: string, appPassword?: AppPasswordUsed): Promise<boolean> {
    if (!appPassword) return true
    const { store, clock } = this.#options
    const found = await store.read('appPassword.bySecret', { accountId, secretHash: appPassword.secretHash })
    return found !== null && refusalOf(found, { protocol: 'submission', remoteAddress }, clock.now()) === null
  }

  #record(
    { principalId }: PrincipalRow,
    { protocol, remoteAddress, client = '' }: Attempt,
    outcome: SignInResult,
    appPassword?: AppPasswordUsed,
  ): void {
    const credential: SignInCredential = appPassword ? 'app-password' : 'password'
    const used = appPassword && { label: appPassword.label, appPasswordId: appPassword.appPasswordId }
    this.#options.seen.record({ principalId, protocol, remoteAddress, outcome, credential, client, ...used })
  }

  /** The owner may wonder why his programs are refused. Whose name it is has to be looked up, so not each time. */
  async #noteRefusal(user: string, attempt: Attempt): Promise<void> {
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

  /** The full address in its kept form; null where the name can be no account's. */
  #normalise(user: string): string | null {
    const { defaultDomain } = this.#options
    const name = user.trim()
    const full = name.includes('@') || defaultDomain === null ? name : `${name}@${defaultDomain}`
    return parseAddress(full)?.address ?? null
  }
}

function whyRefused({ signInEnabled, passwordHash }: PrincipalRow): SignInResult {
  if (!signInEnabled) return 'disabled'
  return passwordHash === null ? 'no-password' : 'wrong-password'
}
