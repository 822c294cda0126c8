/**
 * Keeps the texts of messages as searches look through them, behind what arrives and what is asked for: small steps, once the
 * service has come to rest, or at a fifth of the pace where it does not.
 * What no step has come to, searches read themselves; so one that fails, or never comes, does no harm.
 */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import { type Store, StoreError } from '../../store/store.ts'
import type { TextChange } from '../../store/types/texts.ts'
import type { AccountId, EmailId } from '../../store/types.ts'
import type { AllChanges } from '../changes.ts'
import type { TextRunner } from './jobs.ts'
import * as limits from './limits.ts'

export interface TextKeeperParts {
  store: Store
  runner: TextRunner
  changes: Pick<AllChanges, 'subscribeAll'>
  clock: Clock
  /** Begins to measure which part of the time (0 to 1) the service is at work. */
  load: () => () => number
  log: Log
}

export class TextKeeper {
  readonly #parts: TextKeeperParts
  /** Accounts that may have texts to be packed, and since when. */
  readonly #due = new Map<AccountId, number>()
  #changedAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | null = null
  /** Accounts whose step failed; all of them are due again together. */
  readonly #failed = new Set<AccountId>()
  #retry: NodeJS.Timeout | null = null
  #isRunning = false
  #stopped = false
  /** Segments with texts of an earlier form, as found so far; the last that was looked at, and when it is time to look. */
  #earlier: EmailId[] = []
  #lookedTo: EmailId = 0
  #looksAt = Number.NEGATIVE_INFINITY

  constructor(parts: TextKeeperParts) {
    this.#parts = parts
  }

  /** Returns the function that ends it; what runs then ends with its step. */
  start(): () => void {
    const { changes, clock } = this.#parts
    const unsubscribe = changes.subscribeAll(({ accountId }) => {
      const now = clock.now()
      this.#changedAt = now
      if (!this.#due.has(accountId)) this.#due.set(accountId, now)
      this.#plan(limits.QUIET_MS)
    })
    void this.#findWaiting()
    return () => {
      this.#stopped = true
      unsubscribe()
      if (this.#timer) clearTimeout(this.#timer)
      if (this.#retry) clearTimeout(this.#retry)
    }
  }

  /** Writes one segment again that holds texts of emails that are gone, and one with texts of an earlier form; true where there may be more. */
  async renewNext(): Promise<boolean> {
    const { store, clock } = this.#parts
    const [outdated, next] = await store.read('text.outdated', { limit: 2 })
    if (outdated !== undefined) await this.#renew(outdated)
    const earlier = await this.#nextEarlier()
    // One that fails has its turn again the next day: others are not to wait for it.
    this.#earlier.shift()
    if (earlier !== undefined) await this.#renew(earlier)
    return next !== undefined || this.#earlier.length > 0 || this.#looksAt <= clock.now()
  }

  async #renew(segment: EmailId): Promise<void> {
    const change = await this.#parts.runner.run('renew', { segment })
    if (change) await this.#put(change)
  }

  async #nextEarlier(): Promise<EmailId | undefined> {
    const { runner, clock } = this.#parts
    while (this.#earlier.length === 0 && this.#looksAt <= clock.now()) {
      const { segments, last } = await runner.run('earlier', { after: this.#lookedTo })
      this.#earlier = segments
      this.#lookedTo = last ?? 0
      if (last === null) this.#looksAt = clock.now() + limits.EARLIER_EVERY_MS
    }
    return this.#earlier[0]
  }

  /** One step for an account; true where there may be more. */
  async packNext(accountId: AccountId, atLeast = limits.PACKED_EMAILS): Promise<boolean> {
    const packed = await this.#parts.runner.run('pack', { accountId, atLeast })
    if (!packed) return false
    for (const emailId of packed.unreadable)
      this.#parts.log.error({ accountId, emailId }, 'a message that is damaged can’t be searched')
    await this.#put(packed.change)
    return true
  }

  /** What an earlier life left. */
  async #findWaiting(): Promise<void> {
    const { store, clock, log } = this.#parts
    try {
      for (let after = 0; !this.#stopped; ) {
        const page = await store.read('text.waiting', { after, limit: limits.ACCOUNTS_AT_ONCE })
        for (const { accountId, emails } of page) {
          after = accountId
          if (emails > 0 && !this.#due.has(accountId)) this.#due.set(accountId, clock.now())
        }
        if (page.length < limits.ACCOUNTS_AT_ONCE) break
        await new Promise(resolve => setImmediate(resolve))
      }
      this.#plan(limits.QUIET_MS)
    } catch (error) {
      if (!this.#stopped) log.error({ err: error }, 'texts to be kept for searches can’t be found')
    }
  }

  #plan(ms: number): void {
    if (this.#stopped || this.#isRunning || this.#timer || this.#due.size === 0) return
    const load = this.#parts.load()
    this.#timer = setTimeout(() => void this.#step(load()), ms).unref()
  }

  /** `load`: while the step was waited for. */
  async #step(load: number): Promise<void> {
    this.#timer = null
    const { clock, log } = this.#parts
    const now = clock.now()
    const rest = load > limits.BUSY_LOAD ? limits.QUIET_MS : this.#changedAt + limits.QUIET_MS - now
    const isAtRest = rest <= 0
    const next = isAtRest ? this.#due.entries().next().value : this.#waitingForLong(now)
    if (!next) {
      this.#plan(rest)
      return
    }
    const [accountId, since] = next
    this.#isRunning = true
    const begun = performance.now()
    // What arrives meanwhile makes it due again.
    this.#due.delete(accountId)
    try {
      // To the end of the line: each account has its turn.
      if (await this.packNext(accountId)) this.#due.set(accountId, since)
    } catch (error) {
      if (!this.#stopped) {
        log.error({ err: error, accountId }, 'texts could not be kept for searches')
        this.#tryAgain(accountId)
      }
    }
    this.#isRunning = false
    const took = performance.now() - begun
    this.#plan(Math.max(limits.STEP_PAUSE_MS, isAtRest ? took : limits.BUSY_PAUSE * took))
  }

  #waitingForLong(now: number): [AccountId, number] | undefined {
    return this.#due.entries().find(([, since]) => since + limits.LONGEST_WAIT_MS <= now)
  }

  /** What failed goes on to fail for a while, and others are not to wait for it. */
  #tryAgain(accountId: AccountId): void {
    this.#failed.add(accountId)
    this.#retry ??= setTimeout(() => {
      this.#retry = null
      const now = this.#parts.clock.now()
      for (const accountId of this.#failed) if (!this.#due.has(accountId)) this.#due.set(accountId, now)
      this.#failed.clear()
      this.#plan(limits.STEP_PAUSE_MS)
    }, limits.FAILED_PAUSE_MS).unref()
  }

  async #put(change: TextChange): Promise<void> {
    try {
      await this.#parts.store.write('text.put', change)
    } catch (error) {
      // Someone else was faster; the next step sees what there is now.
      if (!(error instanceof StoreError && error.code === 'conflict')) throw error
    }
  }
}
