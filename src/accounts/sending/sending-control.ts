/** What owners, managers and staff see of limits of sending; and what staff do about them, each of it audited. */
import type { Clock } from '../../ops/clock.ts'
import { HOUR_MS } from '../../ops/durations.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import type { SendingGauge, SendingHold, SendingNearest, SendingSubject } from '../../store/types/sending.ts'
import { AccountError } from '../account-error.ts'
import { noMailbox } from '../account-of.ts'
import { type Actor, type AuditedChange, audited, isStaff, mayManage, requireDomain, visibleDomains } from '../actor.ts'
import { parseAddress, parseDomain } from '../addresses.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { CLEARED_MS, HELD_AT_ONCE, HOLDS_LISTED } from './limits.ts'
import { sendingDefaults } from './sending-limits.ts'

export interface SendingControlParts {
  store: Pick<Store, 'read' | 'write'>
  settings: ReadsSettings
  clock: Clock
  /** The scheduler's, where one runs. */
  wakeQueue: () => void
  /** Called where there may be something to tell. */
  onNews: () => void
}

export interface Raise {
  limit: number
  /** From now. */
  hours: number
}

export class SendingControl {
  readonly #parts: SendingControlParts

  constructor(parts: SendingControlParts) {
    this.#parts = parts
  }

  async own({ principalId, hasMailbox, address }: Actor): Promise<SendingGauge> {
    if (principalId === null || !hasMailbox) throw noMailbox(address)
    return this.#gauge({ kind: 'mailbox', accountId: principalId })
  }

  async ofMailbox(actor: Actor, address: string): Promise<SendingGauge> {
    return this.#gauge(await this.#mailbox(actor, address))
  }

  async ofDomain(actor: Actor, domain: string): Promise<SendingGauge> {
    return this.#gauge(await this.#domain(actor, domain))
  }

  /** Those with the least left, blocked ones first. */
  async nearest(actor: Actor, limit: number): Promise<SendingNearest[]> {
    const { store, settings, clock } = this.#parts
    const defaults = await sendingDefaults(settings)
    return store.read('sending.nearest', { domains: visibleDomains(actor), defaults, at: clock.now(), limit })
  }

  /** For some hours, and ends a block; null: the usual limit again. `not-allowed` but for staff: it is what is sold. */
  async raiseMailbox(actor: Actor, address: string, raise: Raise | null): Promise<SendingGauge> {
    return this.#raise(actor, await this.#mailbox(actor, address), raise)
  }

  async raiseDomain(actor: Actor, domain: string, raise: Raise | null): Promise<SendingGauge> {
    return this.#raise(actor, await this.#domain(actor, domain), raise)
  }

  /** What was sent within the hour still counts. */
  async unblockMailbox(actor: Actor, address: string): Promise<SendingGauge> {
    return this.#unblock(actor, await this.#mailbox(actor, address))
  }

  async unblockDomain(actor: Actor, domain: string): Promise<SendingGauge> {
    return this.#unblock(actor, await this.#domain(actor, domain))
  }

  /** Mailboxes whose mail waits for a look by the staff, of one's own domains, the latest first. */
  async holds(actor: Actor): Promise<(SendingHold & { address: string })[]> {
    const domains = visibleDomains(actor)
    const found = await this.#parts.store.read('sending.holds', { domains, limit: HOLDS_LISTED })
    return found.map(({ accountId: _, ...hold }) => hold)
  }

  /** Ends the hold and lets go what waits. `sending-not-held` where there is none. */
  async release(actor: Actor, address: string): Promise<SendingGauge> {
    const { subject, before, held } = await this.#heldMailbox(actor, address)
    const { store, clock, wakeQueue } = this.#parts
    const at = clock.now()
    const { accountId } = subject
    await expectingHeld(
      writeAll(store, [
        { operation: 'sending.release', args: { accountId, clearedUntil: at + CLEARED_MS, at } },
        audited(actor, at, decisionOf(before, held, 'sending.release')),
      ]),
    )
    // What is left by a process that dies here, the sweeper lets go.
    let isMore = true
    while (isMore) isMore = await store.write('queue.letGo', { at: clock.now(), limit: HELD_AT_ONCE })
    wakeQueue()
    this.#parts.onNews()
    return this.#gauge(subject)
  }

  /**
   * Takes what waits out of the queue. No bounces: they would go to the very mailbox, one a message, while one mail tells its
   * owner of all. The mailbox stays held, since whoever sent this may go on. `sending-not-held` where it is not.
   */
  async drop(actor: Actor, address: string): Promise<SendingGauge> {
    const { subject, before, held } = await this.#heldMailbox(actor, address)
    const { store, clock } = this.#parts
    const { accountId } = subject
    const { messages, recipients } = held
    if (recipients === 0) return before
    const tell = { decision: 'dropped', messages, recipients } as const
    const at = clock.now()
    const [more] = await expectingHeld(
      writeAll(store, [
        { operation: 'sending.drop', args: { accountId, tell, at, limit: HELD_AT_ONCE } },
        audited(actor, at, decisionOf(before, held, 'sending.drop')),
      ]),
    )
    for (let isMore = more; isMore; )
      isMore = await expectingHeld(store.write('sending.drop', { accountId, tell: null, at, limit: HELD_AT_ONCE }))
    this.#parts.onNews()
    return this.#gauge(subject)
  }

  async #heldMailbox(
    actor: Actor,
    address: string,
  ): Promise<{ subject: SendingSubject & { kind: 'mailbox' }; before: SendingGauge; held: SendingHold }> {
    const subject = await this.#mailbox(actor, address)
    if (!isStaff(actor)) throw notForYou()
    const before = await this.#gauge(subject)
    if (before.held === null) throw notHeld()
    return { subject, before, held: before.held }
  }

  async #raise(actor: Actor, subject: SendingSubject, wanted: Raise | null): Promise<SendingGauge> {
    const at = this.#parts.clock.now()
    const raise = wanted && { limit: wanted.limit, until: at + wanted.hours * HOUR_MS, by: actor.address }
    const before = await this.#gauge(subject)
    return this.#change(
      actor,
      before,
      'sending.raise',
      { operation: 'sending.raise', args: { subject, raise, at } },
      raise,
    )
  }

  async #unblock(actor: Actor, subject: SendingSubject): Promise<SendingGauge> {
    const before = await this.#gauge(subject)
    if (before.blockedUntil === null) return before
    return this.#change(actor, before, 'sending.unblock', { operation: 'sending.unblock', args: { subject } }, null)
  }

  async #change(
    actor: Actor,
    before: SendingGauge,
    action: 'sending.raise' | 'sending.unblock',
    operation: Extract<AnyOperation, { operation: 'sending.raise' | 'sending.unblock' }>,
    raise: SendingGauge['raise'],
  ): Promise<SendingGauge> {
    if (!isStaff(actor)) throw notForYou()
    const { store, clock } = this.#parts
    const { name: target, domain, blockedUntil } = before
    const isRaise = action === 'sending.raise'
    await writeAll(store, [
      operation,
      audited(actor, clock.now(), {
        action,
        target,
        domain,
        before: { blockedUntil, ...(isRaise && { raise: before.raise }) },
        after: { blockedUntil: isRaise && raise === null ? blockedUntil : null, ...(isRaise && { raise }) },
      }),
    ])
    return this.#gauge(operation.args.subject)
  }

  async #gauge(subject: SendingSubject): Promise<SendingGauge> {
    const { store, settings, clock } = this.#parts
    const defaults = await sendingDefaults(settings)
    const gauge = await store.read('sending.gauge', { subject, defaults, at: clock.now() })
    if (!gauge) throw new StoreError('not-found', 'It was removed meanwhile')
    return gauge
  }

  async #mailbox(actor: Actor, text: string): Promise<SendingSubject & { kind: 'mailbox' }> {
    const address = parseAddress(text)?.address
    const account = address === undefined ? null : await this.#parts.store.read('account.byAddress', { address })
    if (!account || !mayManage(actor, account.domain)) throw noMailbox(text)
    return { kind: 'mailbox', accountId: account.accountId }
  }

  async #domain(actor: Actor, text: string): Promise<SendingSubject> {
    const domain = parseDomain(text) ?? text
    requireDomain(actor, domain)
    if (!(await this.#parts.store.read('domain.byName', { name: domain })))
      throw new AccountError('domain-not-found', `There is no domain ${domain}`, { domain })
    return { kind: 'domain', domain }
  }
}

/** It may have been released meanwhile. */
async function expectingHeld<T>(written: Promise<T>): Promise<T> {
  try {
    return await written
  } catch (error) {
    throw error instanceof StoreError && error.code === 'not-found' ? notHeld() : error
  }
}

function decisionOf(
  { name: target, domain }: SendingGauge,
  { reason, at, messages, recipients }: SendingHold,
  action: 'sending.release' | 'sending.drop',
): AuditedChange {
  return { action, target, domain, before: { reason, heldSince: at, messages, recipients } }
}

const notForYou = (): AccountError => new AccountError('not-allowed', 'Limits of sending are for staff to change')
const notHeld = (): AccountError => new AccountError('sending-not-held', 'Mail of this mailbox is not held')
