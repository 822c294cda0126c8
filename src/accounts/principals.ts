/** Whoever signs in, as they see and change themselves. */
import type { Clock } from '../ops/clock.ts'
import { type Store, writeAll } from '../store/store.ts'
import type { Language, PrincipalRow } from '../store/types/principals.ts'
import { domainOf } from '../wire/mime/domain-of.ts'
import { AccountError } from './account-error.ts'
import { type Actor, audited } from './actor.ts'

export interface ProfileChange {
  name?: string
  language?: Language | null
  timeZone?: string | null
}

export class Principals {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** The actor's own row. */
  async own({ principalId }: Actor): Promise<PrincipalRow> {
    const principal = principalId === null ? null : await this.#store.read('principal.byId', { principalId })
    if (!principal) throw new AccountError('session-not-found', 'Who signed in is gone')
    return principal
  }

  /** `timeZone`: an IANA name that this machine knows. */
  async changeOwnProfile(actor: Actor, change: ProfileChange): Promise<PrincipalRow> {
    const before = await this.own(actor)
    const { principalId, address, hasMailbox } = before
    const names = Object.keys(change) as (keyof ProfileChange)[]
    const picked = (row: Required<ProfileChange>): ProfileChange =>
      Object.fromEntries(names.map(name => [name, row[name]]))
    await writeAll(this.#store, [
      { operation: 'principal.update', args: { principalId, ...change } },
      audited(actor, this.#clock.now(), {
        action: 'profile.update',
        target: address,
        domain: hasMailbox ? domainOf(address) : null,
        before: picked(before),
        after: picked({ ...before, ...change }),
      }),
    ])
    return this.own(actor)
  }
}
