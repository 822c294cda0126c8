/** What came to one's own mailbox and went from it, by the hour or the day. */
import type { Clock } from '../../ops/clock.ts'
import type { Store } from '../../store/store.ts'
import { AccountError } from '../account-error.ts'
import type { Actor } from '../actor.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { type Period, pointsOf, type Span, spanOf, type TrafficPoint } from './periods.ts'

export interface OwnTrafficOptions {
  store: Pick<Store, 'read'>
  settings: ReadsSettings
  clock: Clock
}

export class OwnTraffic {
  readonly #options: OwnTrafficOptions

  constructor(options: OwnTrafficOptions) {
    this.#options = options
  }

  async series(actor: Actor, period: Period): Promise<{ step: Span['step']; traffic: TrafficPoint[] }> {
    const { store, settings, clock } = this.#options
    const { principalId, hasMailbox, address } = actor
    if (principalId === null || !hasMailbox)
      throw new AccountError('mailbox-not-found', 'There is no mailbox of one’s own', { address })
    const { timeZone } = await settings.current()
    const span = spanOf(period, clock.now(), timeZone)
    // A principal's mailbox has its id.
    const rows = await store.read('traffic.hours', { of: principalId, from: span.from, before: span.before })
    return { step: span.step, traffic: pointsOf(rows, span, timeZone) }
  }
}
