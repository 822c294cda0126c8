/**
 * Writes what became of deliveries: rows settled or set back, the reports and the events it gives rise to, in one transaction.
 *
 * What a remote server has taken must not be sent again, and nobody else knows of it: a store that is out of order (disk full) is
 * waited for as long as this process lives, for all else as long as the lease holds; and where a report can't be composed, what
 * needs none is written all the same.
 * One log line per recipient and attempt.
 */
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { type AnyOperation, type Operations, type Store, StoreError, writeAll } from '../store/store.ts'
import type { AccountId, NewQueueMessage } from '../store/types.ts'
import { classify } from '../wire/report/explanation/explain.ts'
import { type BouncedRecipient, bounceEvents } from './bounce-events.ts'
import { type Decision, decide, queuedSince } from './decision.ts'
import type { Batch, RecipientOutcome } from './delivery.ts'
import { LONGEST_STORE_RETRY_MS, STORE_RETRY_MS } from './limits.ts'
import type { ReportedRecipient, Reporter } from './report.ts'
import { toldToSender } from './sent-on.ts'
import type { QueueSettings } from './settings.ts'
import { type Timers, wait } from './timers.ts'

export interface SettlerOptions {
  store: Store
  reporter: Reporter
  settings: QueueSettings
  clock: Clock
  timers: Timers
  log: Log
  random: () => number
  /** Who leased what is settled. */
  owner: string
  /** Looks at what accounts send in vain; null: nobody does. */
  watch: WatchesFailures | null
}

/** What the settler asks of whoever looks for unusual sending; see `accounts/sending`. */
export interface WatchesFailures {
  /** `isUnknown`: there is no such address. To be committed with what settles them. */
  failed(
    accountId: AccountId,
    failures: readonly { address: string; isUnknown: boolean }[],
    at: number,
  ): Promise<AnyOperation[]>
  /** It is committed: there may be something to tell. */
  told(): void
}

export interface Attempted {
  batch: Batch
  outcomes: RecipientOutcome[]
  /** The message, asked for only where something is reported; empty where it can't be read. */
  body: () => Promise<Uint8Array>
  /** How long the attempt took. */
  ms: number
}

interface Decided {
  attempt: Attempted
  decisions: { outcome: RecipientOutcome; decision: Decision }[]
}

/** There is no such address, or nobody there takes mail: who writes to many of them got them from a list. */
const unknownAddress: ReadonlySet<string> = new Set(['unknown-user', 'bad-address', 'unknown-domain', 'no-mail-server'])

export class Settler {
  readonly #options: SettlerOptions
  #isOver = false
  #end = (): void => {}
  readonly #over = new Promise<void>(resolve => (this.#end = resolve))

  constructor(options: SettlerOptions) {
    this.#options = options
  }

  /** Waits no longer for a store that is out of order: what it can't write now is done again after the lease. */
  giveUp(): void {
    this.#isOver = true
    this.#end()
  }

  /**
   * Resolves when it is durable, with the time when some of it is due again, or null; also when the leases are over, nothing of it
   * was delivered, and the work is anyone's again.
   */
  async settle(attempted: Attempted[]): Promise<number | null> {
    const { store, settings, clock, random, timers, log, owner } = this.#options
    const now = clock.now()
    let decided: Decided[] = attempted.map(attempt => ({
      attempt,
      decisions: attempt.outcomes.map(outcome => ({ outcome, decision: decide(outcome, now, settings, random) })),
    }))
    for (const { attempt, decisions } of decided)
      for (const { outcome, decision } of decisions) this.#logAttempt(attempt, outcome, decision)

    const leaseUntil = Math.min(...attempted.map(({ batch }) => batch.leaseUntil))
    let results = resultsOf(decided)
    let reports: NewQueueMessage[] | null = null
    let also: AnyOperation[] | null = null
    let tells = true
    let pause = STORE_RETRY_MS
    for (;;) {
      try {
        reports ??= tells ? await this.#reports(decided) : []
        also ??= tells ? await this.#events(decided, now) : []
        const args = { owner, results, reports, at: now }
        if (also.length > 0) await writeAll(store, [{ operation: 'queue.settle', args }, ...also])
        else if (results.length + reports.length > 0) await store.write('queue.settle', args)
        if (also.some(({ operation }) => operation === 'sending.failed')) this.#options.watch?.told()
        const due = results.filter(({ status }) => status === 'queued').map(({ nextAttemptAt }) => nextAttemptAt)
        if (reports.length > 0) due.push(now)
        return due.length > 0 ? Math.min(...due) : null
      } catch (err) {
        if (
          err instanceof StoreError &&
          err.code === 'conflict' &&
          results.some(({ status }) => status !== 'delivered')
        ) {
          log.warn(
            { recipients: results.map(({ recipientId }) => recipientId) },
            'another node has taken over what was to be delivered here',
          )
          decided = delivered(decided)
          results = resultsOf(decided)
          reports = also = null
          continue
        }
        const passing = err instanceof StoreError && err.code === 'unavailable'
        log.error({ err, recipients: results.map(({ recipientId }) => recipientId) }, 'delivery could not be settled')
        if (!passing && tells) {
          tells = false
          decided = untold(decided)
          results = resultsOf(decided)
          reports = also = null
          continue
        }
        if (this.#isOver) return null
        if (!passing || clock.now() + STORE_RETRY_MS >= leaseUntil) {
          decided = delivered(decided)
          results = resultsOf(decided)
          reports = also = null
          if (results.length === 0) return null
          pause = Math.min(pause * 2, LONGEST_STORE_RETRY_MS)
        }
        await Promise.race([wait(timers, pause), this.#over])
      }
    }
  }

  async #reports(decided: Decided[]): Promise<NewQueueMessage[]> {
    const { store, settings, reporter } = this.#options
    const reports: NewQueueMessage[] = []
    // One by one: each may hold a whole message.
    for (const { attempt, decisions } of decided) {
      const { message } = attempt.batch
      const reported: ReportedRecipient[] = []
      for (const { outcome, decision } of decisions) {
        const { action, nextAttemptAt } = decision
        if (action === null) continue
        const { recipient } = outcome
        const told = await toldToSender(store, message.accountId, recipient, decision.result)
        const retryUntil = action === 'delayed' ? queuedSince(recipient) + settings.lifetime : null
        const nextAttempt = action === 'delayed' ? nextAttemptAt : null
        const { originalRecipient } = recipient
        reported.push({ ...told, originalRecipient, action, nextAttempt, retryUntil })
      }
      if (reported.length > 0)
        reports.push(...(await reporter.compose({ ...message, ...(await this.#traced(attempt)) }, reported)))
    }
    return reports
  }

  async #traced({ batch, body }: Attempted): Promise<{ bytes: Uint8Array; traceId: string | null }> {
    const { queueId } = batch.message
    return { bytes: await body(), traceId: await this.#options.store.read('trace.idOfQueued', { queueId }) }
  }

  /** What webhooks are told: each recipient that is given up, whatever reports its sender wants; and what was refused for good. */
  async #events(decided: Decided[], at: number): Promise<AnyOperation[]> {
    const { store } = this.#options
    const events: AnyOperation[] = []
    for (const { attempt, decisions } of decided) {
      const { message } = attempt.batch
      if (message.accountId === null) continue
      const bounced: BouncedRecipient[] = []
      for (const { outcome, decision } of decisions)
        if (decision.status === 'failed' || decision.status === 'expired')
          bounced.push(await toldToSender(store, message.accountId, outcome.recipient, decision.result))
      if (bounced.length > 0)
        events.push(...(await bounceEvents(store, { ...message, ...(await this.#traced(attempt)) }, bounced, at)))
      const failures = decisions.flatMap(({ outcome, decision: { status, result } }) => {
        const isUnknown = unknownAddress.has(classify({ ...result, isRemote: result.remoteHost !== null }))
        return status === 'failed' ? [{ address: outcome.recipient.address, isUnknown }] : []
      })
      if (failures.length > 0)
        events.push(...((await this.#options.watch?.failed(message.accountId, failures, at)) ?? []))
    }
    return events
  }

  #logAttempt({ batch, ms }: Attempted, outcome: RecipientOutcome, decision: Decision): void {
    const { recipient, result, tls } = outcome
    this.#options.log.info(
      {
        queueId: batch.message.queueId,
        recipient: recipient.address,
        destination: batch.destination,
        host: result.remoteHost,
        address: result.remoteAddress,
        tls,
        outcome: decision.status,
        status: result.status,
        answer: result.text.replaceAll('\n', ' '),
        attempt: recipient.attempts + (decision.countAttempt ? 1 : 0),
        report: decision.action,
        ms: Math.round(ms),
      },
      'delivery attempt',
    )
  }
}

function resultsOf(decided: readonly Decided[]): Operations['queue.settle']['args']['results'] {
  return decided.flatMap(({ decisions }) =>
    decisions.flatMap(({ outcome, decision }) =>
      outcome.settled
        ? []
        : {
            recipientId: outcome.recipient.recipientId,
            status: decision.status,
            nextAttemptAt: decision.nextAttemptAt,
            result: decision.result,
            delayNotified: decision.delayNotified,
            countAttempt: decision.countAttempt,
            tls: outcome.tls,
          },
    ),
  )
}

/** What happened, whoever has the rest by now. */
function delivered(decided: readonly Decided[]): Decided[] {
  return decided.map(({ attempt, decisions }) => ({
    attempt,
    decisions: decisions.filter(({ decision }) => decision.status === 'delivered'),
  }))
}

/**
 * What can be written where nothing can be told of it: what was delivered must not be sent again, and what comes back
 * is told of another time. What is given up waits for its report, as long as that takes.
 */
function untold(decided: readonly Decided[]): Decided[] {
  return decided.map(({ attempt, decisions }) => ({
    attempt,
    decisions: decisions
      .filter(({ decision: { status } }) => status === 'delivered' || status === 'queued')
      .map(({ outcome, decision }) => ({ outcome, decision: { ...decision, delayNotified: false } })),
  }))
}
