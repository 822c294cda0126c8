import { setTimeout as wait } from 'node:timers/promises'
import { orderOf } from '../operations/order.ts'
import { type Request, weightOf } from '../operations/request.ts'
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Channel, Channels } from './channel.ts'
import { codeOf, isOverdue, kindOf, storeError } from './failure.ts'
import { canShare, Groups } from './groups.ts'
import { Lanes } from './lanes.ts'
import { lostDelays, lostMs, maxContentions, maxWaitingBytes } from './limits.ts'
import type { Patience } from './patience.ts'
import { ask } from './session.ts'
import type { SettledIds } from './settled-ids.ts'
import { type Committed, transact, transactTogether } from './transact.ts'

/**
 * Performs operations, each in a transaction of its own or in one with others (see `groups.ts`), as many at once as there are
 * connections. One that others were in the way of, or that lost its connection before it was committed, is done again: nothing
 * of it is there. Of one that lost it while it was committed, the database is asked what became of it.
 */
export class PostgresWriter {
  readonly #channels: Channels
  readonly #settledIds: SettledIds
  readonly #patience: Patience
  readonly #lanes = new Lanes()
  readonly #groups = new Groups(requests => this.#together(requests))
  readonly #running = new Set<Promise<unknown>>()
  #waitingBytes = 0
  /** Since when nothing could be done; null: as far as is known, it can. */
  #goneSince: number | null = null

  constructor(channels: Channels, settledIds: SettledIds, patience: Patience) {
    this.#patience = patience
    this.#channels = channels
    this.#settledIds = settledIds
  }

  async write(request: Request): Promise<unknown> {
    const bytes = weightOf(request)
    if (this.#waitingBytes + bytes > maxWaitingBytes)
      throw new StoreError('unavailable', 'too much waits to be written')
    this.#waitingBytes += bytes
    const askedAt = performance.now()
    const running = this.#lanes.run(lanesOf(request), async () => {
      const shared = canShare(request) ? await this.#groups.run(request) : null
      return shared ? shared.value : this.#untilDone(request, askedAt)
    })
    this.#running.add(running)
    try {
      return await running
    } catch (error) {
      throw storeError(error)
    } finally {
      this.#running.delete(running)
      this.#waitingBytes -= bytes
    }
  }

  async idle(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  async #untilDone(request: Request, askedAt: number): Promise<unknown> {
    for (let contentions = 0, losses = 0, overdue = 0; ; ) {
      try {
        const done = await this.#once(request)
        if (done) return done.value
        losses++
      } catch (error) {
        const kind = kindOf(error)
        if (kind === 'contention' && contentions < maxContentions) {
          // Two that met must not meet again.
          await wait(Math.random() * 2 ** Math.min(++contentions, 7))
          continue
        }
        if (kind !== 'lost' || (isOverdue(error) && overdue++ > 0)) throw error
        this.#goneSince ??= performance.now()
        // Those that waited behind others of their account have waited for the database as well.
        const waited = performance.now() - Math.max(askedAt, this.#goneSince)
        const delay = waited < lostMs && !this.#patience.isOver ? lostDelays[losses++] : undefined
        if (delay === undefined) throw error
        await this.#patience.wait(withJitter(delay))
      }
    }
  }

  /** Null where it was not committed, and the connection lost. */
  async #once(request: Request): Promise<{ value: unknown } | null> {
    return this.#settled(await this.#on(channel => transact(channel, request, this.#settledIds)))
  }

  /** Null of each that was not committed, for whatever reason: by itself it is told. */
  async #together(requests: readonly Request[]): Promise<readonly ({ value: unknown } | null)[]> {
    const none = requests.map(() => null)
    let committed: Committed<({ value: unknown } | null)[]>
    try {
      committed = await this.#on(channel => transactTogether(channel, requests))
    } catch {
      return none
    }
    return (await this.#settled(committed))?.value ?? none
  }

  async #on<T>(action: (channel: Channel) => Promise<Committed<T>>): Promise<Committed<T>> {
    const channel = await this.#channels.take()
    let isBroken = false
    try {
      const committed = await action(channel)
      isBroken = 'unknown' in committed
      return committed
    } catch (error) {
      isBroken = kindOf(error) === 'lost'
      throw error
    } finally {
      this.#channels.give(channel, isBroken)
      // A refusal was answered as well.
      if (!isBroken) this.#goneSince = null
    }
  }

  /** Null where it was not committed. */
  async #settled<T>(committed: Committed<T>): Promise<{ value: T } | null> {
    if (!('unknown' in committed)) return committed
    this.#goneSince ??= performance.now()
    const isThere = await this.#isCommitted(committed.transactionId, committed.server)
    this.#goneSince = null
    return isThere ? { value: committed.value } : null
  }

  /**
   * Rejects where nobody can tell. A server that forgot the transaction may have given its id to another since, so that it
   * stands for something only as long as the server has not started anew.
   */
  async #isCommitted(transactionId: string | null, server: string | null): Promise<boolean> {
    for (const delay of lostDelays) {
      if (transactionId === null || server === null) break
      await this.#patience.wait(withJitter(delay))
      const found = await this.#statusOf(transactionId)
      if (found?.status === 'aborted') return false
      if (found?.status === 'committed') {
        if (found.server === server) return true
        break
      }
      if (this.#patience.isOver) break
    }
    throw new StoreError('unavailable', 'the connection to the database broke while it was committed: it may be there')
  }

  /** Null where the database can't be asked, or does not know yet. */
  async #statusOf(transactionId: string): Promise<{ status: 'committed' | 'aborted'; server: string | null } | null> {
    try {
      const channel = await this.#channels.take()
      let isBroken = true
      try {
        // A standby that is behind knows nothing yet of what the primary has committed.
        const { rows } = await ask(
          channel,
          sql`
          SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_xact_status(CAST(${transactionId} AS xid8)) END`,
        )
        isBroken = false
        const status = rows[0]?.[0]
        return status === 'committed' || status === 'aborted' ? { status, server: await channel.server } : null
      } finally {
        this.#channels.give(channel, isBroken)
      }
    } catch (error) {
      // invalid_parameter_value: an id that is still to be given. The transaction left nothing behind.
      if (codeOf(error) === '22023') return { status: 'aborted', server: null }
      if (kindOf(error) === 'lost') return null
      throw error
    }
  }
}

function lanesOf(request: Request): string[] {
  const { turns, accounts, principals } = orderOf(request)
  return [...turns, ...accounts.map(id => `account ${id}`), ...principals.map(id => `principal ${id}`)]
}

/** Nodes that lost the database at once come back one after the other. */
function withJitter(ms: number): number {
  return ms * (0.5 + Math.random() / 2)
}
