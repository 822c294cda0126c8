/**
 * Counts what each mailbox receives, sends and is refused, by the hour, without a write for each message: what is counted in
 * memory is written every few seconds. A process that is killed loses those seconds; `stop` loses nothing. Bills stand on
 * the ledger, limits on counters of their own: this is what the dashboards plot.
 */
import type { Clock } from '../../ops/clock.ts'
import { HOUR_MS } from '../../ops/durations.ts'
import type { Log } from '../../ops/log.ts'
import type { Store } from '../../store/store.ts'
import type { TrafficCounts, TrafficRow } from '../../store/types/traffic.ts'
import type { AccountId } from '../../store/types.ts'
import * as limits from './limits.ts'

/** What those who take mail in tell. */
export interface TrafficSeen {
  received(accountId: AccountId, bytes: number): void
  /** Bytes of the message, once, however many recipients it has. */
  sent(accountId: AccountId, recipients: number, bytes: number): void
  refused(accountId: AccountId): void
}

export interface TrafficRecorderOptions {
  store: Pick<Store, 'write'>
  clock: Clock
  log: Log
  /** Calls `run` once, `ms` from now; a test's decides when. */
  after?(ms: number, run: () => void): void
}

export class TrafficRecorder implements TrafficSeen {
  readonly #options: TrafficRecorderOptions
  #waiting = new Map<string, TrafficRow>()
  #planned = false
  #writing: Promise<void> = Promise.resolve()

  constructor(options: TrafficRecorderOptions) {
    this.#options = options
  }

  received(accountId: AccountId, bytes: number): void {
    this.#count(accountId, { ...none, received: 1, receivedBytes: bytes })
  }

  sent(accountId: AccountId, recipients: number, bytes: number): void {
    this.#count(accountId, { ...none, sent: recipients, sentBytes: bytes })
  }

  refused(accountId: AccountId): void {
    this.#count(accountId, { ...none, refused: 1 })
  }

  /** Writes what waits. Never rejects: what can't be written now is tried again later. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  /** Nothing may be counted after it. */
  stop(): Promise<void> {
    return this.flush()
  }

  #count(accountId: AccountId, counts: TrafficCounts): void {
    const hour = Math.floor(this.#options.clock.now() / HOUR_MS)
    this.#add({ accountId, hour, ...counts })
    this.#plan()
  }

  #add(row: TrafficRow): void {
    const key = `${row.accountId} ${row.hour}`
    const waiting = this.#waiting.get(key)
    if (waiting) {
      waiting.received += row.received
      waiting.receivedBytes += row.receivedBytes
      waiting.sent += row.sent
      waiting.sentBytes += row.sentBytes
      waiting.refused += row.refused
    } else if (this.#waiting.size < limits.WAITING_ROWS) this.#waiting.set(key, row)
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    const { after = unreferenced } = this.#options
    after(limits.WRITTEN_EVERY_MS, () => {
      this.#planned = false
      void this.flush()
    })
  }

  async #write(): Promise<void> {
    const { store, log } = this.#options
    const rows = [...this.#waiting.values()]
    this.#waiting = new Map()
    for (let from = 0; from < rows.length; from += limits.ROWS_AT_ONCE) {
      try {
        await store.write('traffic.add', { rows: rows.slice(from, from + limits.ROWS_AT_ONCE) })
      } catch (error) {
        log.warn({ err: error, rows: rows.length - from }, 'traffic not written')
        for (const row of rows.slice(from)) this.#add(row)
        return this.#plan()
      }
    }
  }
}

const none: TrafficCounts = { received: 0, receivedBytes: 0, sent: 0, sentBytes: 0, refused: 0 }

function unreferenced(ms: number, run: () => void): void {
  setTimeout(run, ms).unref()
}
