/**
 * Finds accounts that send as they never did, as those do whose password was stolen; what they send from then on is held until
 * staff looked at it. Three signs, each with its threshold among the settings:
 *
 * - recipients within an hour from places the account never signed in from, beyond what it is used to. One mail from a hotel is
 *   not held, nor a newsletter from the office, nor what a new mailbox sends.
 * - many addresses that don't exist, and many that refuse, each address counted once a day, and a fifth of all at least.
 *
 * Counting is the store's, in the transaction that accepts or settles a message. Here is what can be known once for many of
 * them: from where an account signs in.
 */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { AnyOperation, Store } from '../../store/store.ts'
import type { HoldThresholds, WatchedSubmission } from '../../store/types/sending.ts'
import type { AccountId } from '../../store/types.ts'
import { BoundedMap } from '../bounded-map.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import * as limits from './limits.ts'

export interface UnusualSendingParts {
  store: Pick<Store, 'read' | 'write'>
  settings: ReadsSettings
  /** The country of an address, or its network where that is not known. */
  placeOf(address: string): string
  clock: Clock
  log: Log
  /** Called where there may be something to tell. */
  onNews: () => void
  /** Calls `run` once, `ms` from now; a test's decides when. */
  after?(ms: number, run: () => void): void
}

/** Who hands in a message. `remoteAddress`: null where it did not come over the network. */
export interface SendingAccount {
  accountId: AccountId
  remoteAddress: string | null
}

type Failure = { address: string; isUnknown: boolean }

/** `places` null: there is nothing to compare with. */
interface Known {
  until: number
  places: ReadonlySet<string> | null
}

export class UnusualSending {
  readonly #parts: UnusualSendingParts
  readonly #known = new BoundedMap<AccountId, Known>(limits.ACCOUNTS_REMEMBERED)
  #refused = new Map<AccountId, Map<string, Failure>>()
  #waiting = 0
  #planned = false
  #writing: Promise<void> = Promise.resolve()

  constructor(parts: UnusualSendingParts) {
    this.#parts = parts
  }

  /** What the store has to know to charge a message. */
  async watch({ accountId, remoteAddress }: SendingAccount): Promise<WatchedSubmission> {
    const { store } = this.#parts
    const { 'new-place': newPlaceLimit } = await this.#thresholds()
    const held = await store.read('sending.isHeld', { accountId })
    const mayBeNew = !held && newPlaceLimit !== null && remoteAddress !== null
    return { held, newPlaceLimit, isNewPlace: mayBeNew && (await this.#isNew(accountId, remoteAddress)) }
  }

  /** A message was unusual for its place: holds what the account sends. */
  async hold({ accountId, remoteAddress }: SendingAccount, recipients: readonly string[]): Promise<void> {
    const { store, placeOf, clock, log, onNews } = this.#parts
    const { 'new-place': usual } = await this.#thresholds()
    const place = remoteAddress === null ? null : placeOf(remoteAddress)
    const at = clock.now()
    const sample = recipients.slice(0, limits.SAMPLE_RECIPIENTS)
    const facts = { count: recipients.length, usual: usual ?? 0, sample, remoteAddress, place }
    await store.write('sending.hold', { accountId, reason: 'new-place', facts, at })
    log.warn({ accountId, place }, 'mail of the account is held: many recipients from a new place')
    onNews()
  }

  /** For the queue: what was refused for good. To be committed with what settles it. */
  async failed(accountId: AccountId, failures: readonly Failure[], at: number): Promise<AnyOperation[]> {
    const thresholds = await this.#thresholds()
    return [{ operation: 'sending.failed', args: { accountId, failures, wereSent: true, thresholds, at } }]
  }

  told(): void {
    this.#parts.onNews()
  }

  /** A recipient of this service that does not exist was refused while a message was handed in. */
  refused(accountId: AccountId, address: string): void {
    if (this.#waiting >= limits.WAITING_FAILURES) return
    const own = this.#refused.get(accountId) ?? new Map<string, Failure>()
    this.#refused.set(accountId, own)
    const key = address.toLowerCase()
    if (own.has(key)) return
    own.set(key, { address, isUnknown: true })
    this.#waiting++
    if (this.#planned) return
    this.#planned = true
    const { after = unreferenced } = this.#parts
    after(limits.GATHERED_MS, () => {
      this.#planned = false
      void this.flush()
    })
  }

  /** Writes what waits. Never rejects: what can't be written is lost, since it is but a sign. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  /** Nothing may be told it after it. */
  stop(): Promise<void> {
    return this.flush()
  }

  async #write(): Promise<void> {
    const { store, clock, log, onNews } = this.#parts
    const refused = [...this.#refused]
    this.#refused = new Map()
    this.#waiting = 0
    if (refused.length === 0) return
    try {
      const thresholds = await this.#thresholds()
      for (const [accountId, failures] of refused) {
        const args = { accountId, failures: [...failures.values()], wereSent: false, thresholds, at: clock.now() }
        await store.write('sending.failed', args)
      }
      onNews()
    } catch (error) {
      log.warn({ err: error }, 'unknown recipients not counted')
    }
  }

  async #isNew(accountId: AccountId, remoteAddress: string): Promise<boolean> {
    const now = this.#parts.clock.now()
    let known = this.#known.get(accountId)
    if (!known || known.until <= now) {
      known = { until: now + limits.PLACES_REMEMBERED_MS, places: await this.#placesOf(accountId, now) }
      this.#known.set(accountId, known)
    }
    return known.places !== null && !known.places.has(this.#parts.placeOf(remoteAddress))
  }

  async #placesOf(accountId: AccountId, now: number): Promise<ReadonlySet<string> | null> {
    const { store, placeOf } = this.#parts
    const account = await store.read('account.byId', { accountId })
    const { since, seen } = await store.read('signIn.places', { principalId: accountId })
    const young = now - limits.HISTORY_MS
    if (!account || account.createdAt > young || since === null || since > young) return null
    const known = seen.filter(({ firstAt }) => firstAt <= now - limits.KNOWN_AFTER_MS)
    return new Set(known.map(({ remoteAddress }) => placeOf(remoteAddress)))
  }

  async #thresholds(): Promise<HoldThresholds> {
    const { holdNewPlaceRecipients, holdUnknownRecipients, holdBounces } = await this.#parts.settings.current()
    return { 'new-place': holdNewPlaceRecipients, 'unknown-users': holdUnknownRecipients, bounces: holdBounces }
  }
}

function unreferenced(ms: number, run: () => void): void {
  setTimeout(run, ms).unref()
}
