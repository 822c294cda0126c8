/** A password changed by whose it is, who knows the one before. */
import type { Clock } from '../ops/clock.ts'
import { type AnyOperation, type Store, writeAll } from '../store/store.ts'
import { AccountError } from './account-error.ts'
import { type Actor, audited } from './actor.ts'
import type { PanelAuthenticator, PanelRefusal } from './authentication.ts'
import { webhookEvent } from './billing/events.ts'
import { mailboxDomain } from './links/credential-links.ts'
import type { NewPasswords } from './new-passwords.ts'
import type { Principals } from './principals.ts'
import type { SecurityNotices } from './security-notices.ts'

export interface PasswordChange {
  current: string
  next: string
  /** Whether the app passwords end too. */
  endAppPasswords: boolean
}

export interface OwnPasswordOptions {
  store: Store
  principals: Pick<Principals, 'own'>
  clock: Clock
  authenticator: PanelAuthenticator
  newPasswords: NewPasswords
  notices: SecurityNotices
}

export class OwnPassword {
  readonly #options: OwnPasswordOptions

  constructor(options: OwnPasswordOptions) {
    this.#options = options
  }

  /**
   * Ends all sessions but the one it is changed in. Throws `wrong-password`, `same-password`, or what `NewPasswords` finds
   * wrong; answers with a refusal where the present one can't be looked at now.
   */
  async change(
    actor: Actor,
    { current, next, endAppPasswords }: PasswordChange,
    client: string,
  ): Promise<Exclude<PanelRefusal, 'credentials'> | null> {
    const { store, clock, authenticator, newPasswords, notices } = this.#options
    const { remoteAddress, sessionId } = actor
    const principal = await this.#options.principals.own(actor)
    const { address } = principal
    const outcome = await authenticator.signInPrincipal({ user: address, password: current, remoteAddress, client })
    if (!outcome.ok) {
      if (outcome.reason !== 'credentials') return outcome.reason
      throw new AccountError('wrong-password', 'The present password is wrong', { field: 'current' })
    }
    if (next === current)
      throw new AccountError('same-password', 'The new password is the present one', { field: 'next' })
    const passwordHash = await newPasswords.hash(next, address)
    const at = clock.now()
    const domain = mailboxDomain(principal)
    const ofPrincipal = { principalId: principal.principalId }
    await writeAll(store, [
      { operation: 'principal.setPassword', args: { ...ofPrincipal, passwordHash, at, exceptSession: sessionId } },
      ...(endAppPasswords ? [{ operation: 'appPassword.removeAll', args: ofPrincipal } satisfies AnyOperation] : []),
      audited(actor, at, {
        action: 'password.change',
        target: address,
        domain,
        after: { appPasswordsEnded: endAppPasswords },
      }),
      ...(domain === null
        ? []
        : [webhookEvent('password.changed', { at, domain, data: { address, by: 'owner' as const } })]),
    ])
    await notices.tell(principal, { kind: 'password-changed' }, remoteAddress)
    return null
  }
}
