/** How somebody else signs in, seen and reset by whoever may administer it. */
import type { Clock } from '../../ops/clock.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { PrincipalId, PrincipalRow } from '../../store/types/principals.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, mayAdminister } from '../actor.ts'
import { mailboxDomain } from '../links/credential-links.ts'
import type { SecurityNotices } from '../security-notices.ts'

export interface SecurityAdministrationOptions {
  store: Store
  clock: Clock
  notices: SecurityNotices
}

export class SecurityAdministration {
  readonly #options: SecurityAdministrationOptions

  constructor(options: SecurityAdministrationOptions) {
    this.#options = options
  }

  /** Throws `principal-not-found` also where it is not the actor's to administer. */
  async principal(actor: Actor, principalId: PrincipalId): Promise<PrincipalRow> {
    const principal = await this.#options.store.read('principal.byId', { principalId })
    if (!principal || !mayAdminister(actor, principal))
      throw new AccountError('principal-not-found', 'There is no such principal')
    return principal
  }

  async find(actor: Actor, address: string): Promise<PrincipalRow> {
    const principal = await this.#options.store.read('principal.byAddress', { address: address.trim().toLowerCase() })
    if (!principal || !mayAdminister(actor, principal))
      throw new AccountError('principal-not-found', `Nobody signs in as ${address}`)
    return principal
  }

  /** Codes, passkeys and recovery codes end, and all sessions. The password stays, and the app passwords do. */
  async resetSecondFactor(actor: Actor, principal: PrincipalRow): Promise<void> {
    const { store, clock, notices } = this.#options
    const { principalId, address, hasSecondFactor } = principal
    if (!hasSecondFactor) throw new AccountError('no-second-factor', `${address} has no second factor`)
    await writeAll(store, [
      { operation: 'secondFactor.reset', args: { principalId } },
      { operation: 'session.removeAll', args: { principalId, except: null } },
      audited(actor, clock.now(), {
        action: 'second-factor.reset',
        target: address,
        domain: mailboxDomain(principal),
      }),
    ])
    await notices.tell(principal, { kind: 'second-factor-reset' }, actor.remoteAddress)
  }

  async endSessions(actor: Actor, principal: PrincipalRow): Promise<void> {
    const { store, clock } = this.#options
    const { principalId, address } = principal
    await writeAll(store, [
      { operation: 'session.removeAll', args: { principalId, except: null } },
      audited(actor, clock.now(), { action: 'sessions.end', target: address, domain: mailboxDomain(principal) }),
    ])
  }
}
