/**
 * Sessions of the panel. The cookie holds a random token, the store its hash; a session ends with its time, with a
 * sign-out, and with a change of password for all but the one it was changed in.
 */
import type { Clock } from '../ops/clock.ts'
import { type Store, StoreError, writeAll } from '../store/store.ts'
import type { PrincipalId, PrincipalRow } from '../store/types/principals.ts'
import type { WebSessionRow } from '../store/types/sign-in.ts'
import { AccountError } from './account-error.ts'
import { type Actor, audited } from './actor.ts'
import type { SecondFactorPolicy } from './second-factor/policy.ts'
import { hashToken, newId, newToken } from './secrets.ts'
import * as limits from './session-limits.ts'

export interface NewSession {
  principalId: PrincipalId
  remember: boolean
  /** Whether a second factor was shown. */
  secondFactor: boolean
  remoteAddress: string
  userAgent: string
}

export interface OpenSession {
  session: WebSessionRow
  principal: PrincipalRow
  /** Those the principal manages. */
  domains: string[]
  /** It may add a second factor, and nothing else until it has. */
  mustSetUpSecondFactor: boolean
}

export class Sessions {
  readonly #store: Store
  readonly #clock: Clock
  readonly #policy: Pick<SecondFactorPolicy, 'mustSetUp'>

  constructor(store: Store, clock: Clock, policy: Pick<SecondFactorPolicy, 'mustSetUp'>) {
    this.#store = store
    this.#clock = clock
    this.#policy = policy
  }

  /** The token is for the cookie and nowhere else. */
  async open(wanted: NewSession): Promise<{ token: string; session: WebSessionRow }> {
    const now = this.#clock.now()
    const token = newToken()
    const session: WebSessionRow = {
      sessionId: newId(),
      principalId: wanted.principalId,
      remembered: wanted.remember,
      secondFactorAt: wanted.secondFactor ? now : null,
      confirmedAt: now,
      remoteAddress: wanted.remoteAddress,
      userAgent: wanted.userAgent.slice(0, limits.USER_AGENT_CHARACTERS),
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + lifetime(wanted.remember),
    }
    await this.#store.write('session.add', { ...session, tokenHash: hashToken(token) })
    return { token, session }
  }

  /** null where the token is nobody's, has expired, or its principal may no longer sign in. */
  async find(token: string): Promise<OpenSession | null> {
    const now = this.#clock.now()
    const session = await this.#store.read('session.byToken', { tokenHash: hashToken(token), at: now })
    if (!session) return null
    const { principalId, sessionId } = session
    const principal = await this.#store.read('principal.byId', { principalId })
    if (!principal?.signInEnabled) return null
    // Opened before there was a second factor, by a password that is no longer enough.
    if (principal.hasSecondFactor && session.secondFactorAt === null) return null
    const mustSetUpSecondFactor = await this.#policy.mustSetUp(principal)
    const domains = principal.role === 'manager' ? await this.#store.read('principal.domains', { principalId }) : []
    if (now - session.lastSeenAt < limits.SEEN_EVERY_MS) return { session, principal, domains, mustSetUpSecondFactor }
    const seen = { lastSeenAt: now, expiresAt: now + lifetime(session.remembered) }
    await this.#store.write('session.touch', { sessionId, at: now, expiresAt: seen.expiresAt })
    return { session: { ...session, ...seen }, principal, domains, mustSetUpSecondFactor }
  }

  /** The password, or a second factor, was shown again. */
  async confirm(sessionId: string, { secondFactor }: { secondFactor: boolean }): Promise<void> {
    await this.#store.write('session.confirm', { sessionId, at: this.#clock.now(), secondFactor })
  }

  /** Whether the password was shown lately enough for what is dangerous. */
  isConfirmed({ confirmedAt }: WebSessionRow): boolean {
    return this.#clock.now() - confirmedAt < limits.CONFIRMED_FOR_MS
  }

  /** Latest first. */
  list(principalId: PrincipalId): Promise<WebSessionRow[]> {
    return this.#store.read('session.list', { principalId, at: this.#clock.now() })
  }

  async end(principalId: PrincipalId, sessionId: string): Promise<void> {
    try {
      await this.#store.write('session.remove', { principalId, sessionId })
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not-found')
        throw new AccountError('session-not-found', 'There is no such session')
      throw error
    }
  }

  /** One of the actor's, told of in the audit log. */
  async endOwn(actor: Actor, sessionId: string): Promise<void> {
    const principalId = idOf(actor)
    const session = (await this.list(principalId)).find(one => one.sessionId === sessionId)
    if (!session) throw new AccountError('session-not-found', 'There is no such session')
    const { remoteAddress, userAgent } = session
    await writeAll(this.#store, [
      { operation: 'session.remove', args: { principalId, sessionId } },
      audited(actor, this.#clock.now(), {
        action: 'session.end',
        target: actor.address,
        domain: null,
        before: { remoteAddress, userAgent },
      }),
    ])
  }

  /** All of the actor's but the one it asks in. */
  async endOthers(actor: Actor): Promise<void> {
    const principalId = idOf(actor)
    await writeAll(this.#store, [
      { operation: 'session.removeAll', args: { principalId, except: actor.sessionId } },
      audited(actor, this.#clock.now(), { action: 'sessions.end', target: actor.address, domain: null }),
    ])
  }
}

const lifetime = (remembered: boolean): number => (remembered ? limits.REMEMBERED_MS : limits.UNREMEMBERED_MS)

function idOf({ principalId }: Actor): PrincipalId {
  if (principalId === null) throw new AccountError('session-not-found', 'Only who signs in has sessions')
  return principalId
}
