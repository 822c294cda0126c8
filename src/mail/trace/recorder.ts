/**
 * Keeps what no transaction of its own tells of: refusals, and what was read by POP3. Both are strangers' or programs' to
 * repeat as often as they like, so they are kept in memory for some seconds, bounded, and what goes beyond is counted: a
 * flood ends as one row for each address and hour. A process that dies loses those seconds; `stop` loses nothing.
 *
 * It also sees to the index: when enough traces were written that are not in it, they are taken in, a
 * few at a time.
 */
import { BoundedMap } from '../../accounts/bounded-map.ts'
import type { Clock } from '../../ops/clock.ts'
import { HOUR_MS } from '../../ops/durations.ts'
import type { Log } from '../../ops/log.ts'
import { addressGroup } from '../../ops/network-address.ts'
import type { Store } from '../../store/store.ts'
import type { NewTrace, TraceOrigin } from '../../store/types/trace.ts'
import type { AccountId } from '../../store/types.ts'
import { type ReceivedOnTop, receivedOnTop } from '../../wire/smtp/received.ts'
import * as limits from './limits.ts'

export interface SeenRefusal {
  /** Of the message; empty where it was refused before there was one. */
  id: string
  accountId: AccountId | null
  reversePath: string
  /** None where it was refused before any was named. */
  recipients: readonly string[]
  sizeBytes: number
  /** Why, as the rule calls it. */
  reason: string
  /** The whole answer: code, status, text. */
  answer: string
  origin: TraceOrigin
}

export interface SeenRead {
  accountId: AccountId
  address: string
  /** The message: which trace it is of stands in the field that this service wrote on top of it. */
  bytes: Uint8Array
}

export interface SeenRemoval {
  accountId: AccountId
  address: string
  /** The field that this service wrote on top of the message. */
  received: ReceivedOnTop
}

interface WaitingRead {
  kind: 'read' | 'removed'
  accountId: AccountId
  address: string
  id: string
  receivedAt: number
  at: number
}

/** What those tell who take mail in and give it out. */
export interface TraceSeen {
  /** A trace was written with its message. */
  written(): void
  refused(refusal: SeenRefusal): void
  read(seen: SeenRead): void
  /** From the mailbox, since POP3 fetched it so many days ago. */
  removed(seen: SeenRemoval): void
}

export interface TraceRecorderOptions {
  store: Pick<Store, 'read' | 'write'>
  clock: Clock
  log: Log
  /** Calls `run` once, `ms` from now; a test's decides when. */
  after?(ms: number, run: () => void): void
}

/** Refusals that are counted, not kept one by one: the last of them stands for all. */
interface Overflow {
  last: NewTrace
  count: number
}

export class TraceRecorder implements TraceSeen {
  readonly #options: TraceRecorderOptions
  #traces: NewTrace[] = []
  #reads: WaitingRead[] = []
  readonly #known = new BoundedMap<string, number>(limits.REMEMBERED_READS)
  #hour = -1
  #perSource = new Map<string, number>()
  #strangers = 0
  #overflow = new Map<string, Overflow>()
  #planned = false
  #writing: Promise<void> = Promise.resolve()
  /** Traces that are not in the index; unknown at first, so that the first one written asks. */
  #unindexed: number = limits.INDEXED_AT_ONCE
  /** Or pausing before the next step. */
  #indexing = false
  #stopped = false

  constructor(options: TraceRecorderOptions) {
    this.#options = options
  }

  written(): void {
    this.#unindexed++
    this.#indexWhereDue()
  }

  refused({ reason, answer, recipients, reversePath, accountId, origin, ...facts }: SeenRefusal): void {
    const at = this.#options.clock.now()
    this.#turnHour(at)
    const first = {
      kind: 'refused' as const,
      reason,
      answer: answer.slice(0, limits.ANSWER_CHARACTERS),
      count: 1,
      rules: [],
    }
    const named = recipients.length > 0 ? recipients.slice(0, limits.SHOWN_RECIPIENTS) : ['']
    const trace: NewTrace = {
      ...facts,
      at,
      direction: accountId === null ? 'in' : 'out',
      accountId,
      reversePath: reversePath.toLowerCase(),
      messageId: '',
      subject: '',
      origin,
      recipients: named.map(address => ({ address: address.toLowerCase(), via: null, accountId: null, first })),
    }
    const source = accountId === null ? addressGroup(origin.remoteAddress ?? '') : `#${accountId}`
    const count = (this.#perSource.get(source) ?? 0) + 1
    if (this.#perSource.size < limits.REMEMBERED_READS || this.#perSource.has(source))
      this.#perSource.set(source, count)
    const isStranger = accountId === null
    if (count <= limits.REFUSALS_AN_HOUR && (!isStranger || this.#strangers < limits.ALL_REFUSALS_AN_HOUR)) {
      if (isStranger) this.#strangers++
      this.#traces.push(trace)
    } else this.#count(source, trace)
    this.#plan()
  }

  read({ accountId, address, bytes }: SeenRead): void {
    const received = receivedOnTop(bytes)
    if (!received) return
    const at = this.#options.clock.now()
    const key = `${accountId} ${received.id}`
    const before = this.#known.get(key)
    if (before !== undefined && at < before + limits.READ_AGAIN_MS) return
    if (this.#reads.length >= limits.WAITING_READS) return
    this.#known.set(key, at)
    this.#note('read', { accountId, address, received })
  }

  removed(seen: SeenRemoval): void {
    if (this.#reads.length < limits.WAITING_READS) this.#note('removed', seen)
  }

  #note(kind: WaitingRead['kind'], { accountId, address, received: { id, at: receivedAt } }: SeenRemoval): void {
    this.#reads.push({ kind, accountId, address, id, receivedAt, at: this.#options.clock.now() })
    this.#plan()
  }

  /** Writes what waits. Never rejects: what can't be written now is tried again later. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  /** Nothing may be told after it. */
  stop(): Promise<void> {
    this.#stopped = true
    this.#closeHour()
    return this.flush()
  }

  #count(source: string, last: NewTrace): void {
    const others = 'others'
    const key = this.#overflow.has(source) || this.#overflow.size < limits.COUNTED_ADDRESSES ? source : others
    const recipients = last.recipients.slice(0, 1)
    this.#overflow.set(key, { last: { ...last, recipients }, count: (this.#overflow.get(key)?.count ?? 0) + 1 })
  }

  #turnHour(at: number): void {
    const hour = Math.floor(at / HOUR_MS)
    if (hour === this.#hour) return
    this.#closeHour()
    this.#hour = hour
  }

  #closeHour(): void {
    for (const { last, count } of this.#overflow.values())
      this.#traces.push({
        ...last,
        recipients: last.recipients.map(each => ({
          ...each,
          first: each.first.kind === 'refused' ? { ...each.first, count } : each.first,
        })),
      })
    this.#overflow = new Map()
    this.#perSource = new Map()
    this.#strangers = 0
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    const { after = unreferenced } = this.#options
    after(limits.WRITTEN_EVERY_MS, () => {
      this.#planned = false
      this.#turnHour(this.#options.clock.now())
      void this.flush()
      if (this.#overflow.size > 0) this.#plan()
    })
  }

  async #write(): Promise<void> {
    const { store, log } = this.#options
    const traces = this.#traces
    const reads = this.#reads
    this.#traces = []
    this.#reads = []
    try {
      while (traces.length > 0) {
        const some = traces.slice(0, limits.ROWS_AT_ONCE)
        await store.write('trace.record', { traces: some, events: [] })
        traces.splice(0, some.length)
        for (const _ of some) this.written()
      }
      while (reads.length > 0) {
        const some = reads.slice(0, limits.ROWS_AT_ONCE)
        const events = await this.#eventsOf(some)
        if (events.length > 0) await store.write('trace.record', { traces: [], events })
        reads.splice(0, some.length)
      }
    } catch (error) {
      log.warn({ err: error, rows: traces.length + reads.length }, 'trace not written')
      this.#traces.unshift(...traces.slice(0, limits.ALL_REFUSALS_AN_HOUR - this.#traces.length))
      this.#reads.unshift(...reads.slice(0, limits.WAITING_READS - this.#reads.length))
      this.#plan()
    }
  }

  async #eventsOf(reads: readonly WaitingRead[]) {
    const events = []
    for (const { kind, accountId, address, id, receivedAt, at } of reads) {
      // Each is a question to the loop that serves everyone.
      await new Promise(resolve => setImmediate(resolve))
      const around = { from: receivedAt - limits.RECEIVED_MARGIN_MS, before: receivedAt + limits.RECEIVED_MARGIN_MS }
      const found = await this.#options.store.read('trace.ofMessage', { id, accountId, ...around })
      if (found) events.push({ traceId: found.traceId, at, recipient: address, kind, detail: {} })
    }
    return events
  }

  #indexWhereDue(): void {
    if (this.#unindexed >= limits.INDEXED_AT_ONCE && !this.#indexing && !this.#stopped) void this.#index()
  }

  async #index(): Promise<void> {
    const { store, log, after = unreferenced } = this.#options
    this.#indexing = true
    try {
      await store.write('trace.index', { ...limits.INDEX_STEP, before: 0 })
      this.#unindexed = await store.read('trace.unindexed', { limit: limits.INDEXED_AT_ONCE })
    } catch (error) {
      this.#unindexed = 0
      log.warn({ err: error }, 'traces not indexed')
    }
    after(limits.INDEX_PAUSE_MS, () => {
      this.#indexing = false
      this.#indexWhereDue()
    })
  }
}

function unreferenced(ms: number, run: () => void): void {
  setTimeout(run, ms).unref()
}
