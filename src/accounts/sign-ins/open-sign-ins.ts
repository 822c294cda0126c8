/**
 * The sign-ins of mail programs whose sessions are open, each followed until its credential is no longer good: then the
 * session is told, and ends. A session asks for nothing meanwhile; only a notice has its credential looked at again.
 */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { Store } from '../../store/store.ts'
import type { PrincipalId } from '../../store/types/principals.ts'
import type { MailProtocol } from '../../store/types/sign-in.ts'
import type { AccountId } from '../../store/types.ts'
import { refusalOf } from '../app-passwords/permission.ts'
import type { OpenSignIn, SignInOver } from '../authentication.ts'
import type { SecondFactorPolicy } from '../second-factor/policy.ts'
import type { CredentialNotices } from './credential-notices.ts'
import { OPEN_SIGN_INS_CHECKED_EVERY_MS } from './limits.ts'

/** What was shown when it was let in. */
export interface ShownCredential {
  accountId: AccountId
  /** Whose it is: of a shared mailbox the member. */
  principalId: PrincipalId
  protocol: MailProtocol
  remoteAddress: string
  shown: { kind: 'password'; changedAt: number | null } | { kind: 'app-password'; secretHash: string }
}

export interface OpenSignInsOptions {
  store: Pick<Store, 'read'>
  notices: Pick<CredentialNotices, 'subscribe'>
  policy: Pick<SecondFactorPolicy, 'needsAppPasswords'>
  clock: Clock
  log: Log
}

class Followed implements OpenSignIn {
  over: SignInOver | null = null
  /** Of its app password, as it was when last looked at. */
  expiresAt: number | null = null
  readonly credential: ShownCredential
  /** null once the session is gone. */
  onOver: (() => void) | null
  readonly #forget: (followed: Followed) => void

  constructor(credential: ShownCredential, onOver: () => void, forget: (followed: Followed) => void) {
    this.credential = credential
    this.onOver = onOver
    this.#forget = forget
  }

  end(): void {
    this.onOver = null
    this.#forget(this)
  }
}

export class OpenSignIns {
  readonly #options: OpenSignInsOptions
  readonly #ofPrincipal = new Map<PrincipalId, Set<Followed>>()
  readonly #expiring = new Set<Followed>()
  /** Those that could not be looked at. */
  readonly #unread = new Set<Followed>()
  readonly #unsubscribe: () => void
  readonly #timer: NodeJS.Timeout

  constructor(options: OpenSignInsOptions) {
    this.#options = options
    this.#unsubscribe = options.notices.subscribe(principalId => void this.#lookAt(this.#concerned(principalId)))
    this.#timer = setInterval(() => void this.checkDue(), OPEN_SIGN_INS_CHECKED_EVERY_MS).unref()
  }

  /** `onOver` is called once at most, and not before this returns. */
  follow(credential: ShownCredential, onOver: () => void): OpenSignIn {
    const followed = new Followed(credential, onOver, each => this.#forget(each))
    for (const id of new Set([credential.accountId, credential.principalId])) {
      const others = this.#ofPrincipal.get(id)
      if (others) others.add(followed)
      else this.#ofPrincipal.set(id, new Set([followed]))
    }
    // What changed since it was verified was announced before anybody listened.
    void this.#lookAt([followed])
    return followed
  }

  /** Those that have expired, and those that could not be read before. */
  checkDue(): Promise<void> {
    const now = this.#options.clock.now()
    const due = [...this.#expiring].filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now)
    return this.#lookAt([...due, ...this.#unread])
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#unsubscribe()
  }

  #concerned(principalId: PrincipalId | null): Followed[] {
    if (principalId !== null) return [...(this.#ofPrincipal.get(principalId) ?? [])]
    return [...new Set([...this.#ofPrincipal.values()].flatMap(each => [...each]))]
  }

  async #lookAt(followed: readonly Followed[]): Promise<void> {
    for (const each of followed) {
      if (each.onOver === null) continue
      try {
        const over = await this.#whyOver(each)
        this.#unread.delete(each)
        // It may have gone meanwhile, or been told by another notice.
        if (over === null || each.onOver === null) continue
        each.over = over
        const { onOver } = each
        each.end()
        onOver()
      } catch (error) {
        if (each.onOver !== null) this.#unread.add(each)
        this.#options.log.warn({ account: each.credential.accountId, err: error }, 'open sign-in not verified')
      }
    }
  }

  #forget(followed: Followed): void {
    this.#expiring.delete(followed)
    this.#unread.delete(followed)
    const { accountId, principalId } = followed.credential
    for (const id of [accountId, principalId]) {
      const others = this.#ofPrincipal.get(id)
      others?.delete(followed)
      if (others?.size === 0) this.#ofPrincipal.delete(id)
    }
  }

  async #whyOver(followed: Followed): Promise<SignInOver | null> {
    const { store, policy, clock } = this.#options
    const { credential } = followed
    const { accountId, shown } = credential
    const principal = await store.read('principal.byId', { principalId: accountId })
    if (!principal || !(await store.read('account.byId', { accountId }))) return 'mailbox-removed'
    if (!principal.signInEnabled) return 'sign-in-off'
    if (shown.kind === 'password') {
      if (principal.passwordChangedAt !== shown.changedAt) return 'password-changed'
      return (await policy.needsAppPasswords(principal)) ? 'app-password-needed' : null
    }
    const found = await store.read('appPassword.bySecret', { accountId, secretHash: shown.secretHash })
    if (!found) return 'app-password-removed'
    followed.expiresAt = found.expiresAt
    if (found.expiresAt !== null && followed.onOver !== null) this.#expiring.add(followed)
    const refusal = refusalOf(found, credential, clock.now())
    return refusal === null ? null : refusal === 'expired' ? 'app-password-expired' : 'app-password-not-allowed'
  }
}
