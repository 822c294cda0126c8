/**
 * The nodes that share a store. Each says by a heartbeat that it lives, and watches the others': a node whose beats did not go
 * up through so many looks is dead. No clocks are compared. What it had leased is free then, and its work goes to another.
 *
 * A node that can't say that it lives does not know what the others think of it. It trusts itself for a while that ends before
 * they take it for dead, and begins nothing after it that must not be done twice.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { NodeBeat, NodeLife, NodeRow, NoticesState } from '../store/types/cluster.ts'
import {
  BEAT_MS,
  CLOCKS_MS,
  DEAD_KEPT_MS,
  MISSED_BEATS,
  NAMESAKE_LOOK_MS,
  NAMESAKE_MS,
  SURELY_DEAD_MS,
  TRUSTED_MS,
} from './limits.ts'
import { type Work, type WorkName, works } from './work.ts'

export interface MembershipParts {
  store: Pick<Store, 'read' | 'write'>
  /** What it is and how it is, now. */
  self: () => Omit<NodeBeat, 'writeMs'>
  /** Whatever bore its name before. Else it is watched for some seconds where it did not leave. */
  hasEnded: boolean
  /** Another lives under its name, and has what was its own. Told once. */
  onNamesake: (problem: string) => void
  clock: Clock
  log: Log
  wait?: (ms: number) => Promise<unknown>
  /** Milliseconds of a clock that nobody sets. */
  elapsed?: () => number
}

interface Watched {
  startedAt: number
  beats: number
  missed: number
  notices: NoticesState
  /** When it was looked at last: looks in between are none. */
  lookedAt: number
  /** Dead, and what it had leased was given back. */
  isBuried: boolean
  clock: WatchedClock
}

interface WatchedClock {
  /** Of this node's, at its last beat that was counted; null: none was yet. */
  aheadMs: number | null
  /** Beats in a row that came too far from this node's time. One alone may be of a node that stood still between two looks at its clock. */
  off: number
}

const noClock: WatchedClock = { aheadMs: null, off: 0 }

export type Liveness = 'alive' | 'dead'

export class Membership implements Work {
  readonly #parts: MembershipParts
  readonly #elapsed: () => number
  readonly #watched = new Map<string, Watched>()
  readonly #mine = new Set<WorkName>()
  /** What could not be let go of yet. */
  readonly #unreleased = new Set<string>()
  #releasing: Promise<void> = Promise.resolve()
  /** The others may have heard of it. */
  #hasJoined = false
  #isLeaving = false
  #beatAt = Number.NEGATIVE_INFINITY
  #writeMs = 0
  #beating: Promise<void> = Promise.resolve()
  /** Why the last beat could not be given. */
  #failure: string | null = null
  /**
   * What is wrong, once another is found to live under its name: a copy of its data folder that was started while it stood still, or at
   * the same moment. What is leased under the name is that one's.
   */
  #namesake: string | null = null
  #stopped = false
  #timer: NodeJS.Timeout | null = null
  /** Told after each beat that could be given. */
  onBeat: () => void = () => {}
  /** Told where there is something to deliver that a dead node had leased. */
  onFreed: () => void = () => {}

  constructor(parts: MembershipParts) {
    this.#parts = parts
    this.#elapsed = parts.elapsed ?? (() => performance.now())
  }

  /** Rejects where the store can't be had, or where another runs under its name. */
  async start(): Promise<void> {
    const { store, self, hasEnded } = this.#parts
    const { nodeId, ...own } = self()
    const former = hasEnded ? null : await this.#refuseNamesake()
    // What a former life had leased; not what one has that began since.
    await store.write('node.leave', { nodeId, ...(!hasEnded && { life: former ?? own }) })
    await this.#beat()
    if (this.#namesake !== null) throw new StoreError('unavailable', this.#namesake)
    this.#plan()
  }

  /** Gives back what is leased and leaves, so that nobody waits for it. */
  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#beating
    // What is another's under its name stays.
    if (!this.#hasJoined || this.#namesake !== null) return
    const { store, self, log } = this.#parts
    const { nodeId, ...life } = self()
    await store
      .write('node.leave', { nodeId, life })
      .catch(err => log.warn({ err }, 'the other nodes could not be told that this one leaves'))
  }

  /** One look at the others, and a sign to them. Never rejects. */
  round(): Promise<void> {
    this.#beating = this.#beating.then(async () => {
      if (this.#namesake !== null) return
      try {
        await this.#beat()
        if (this.#namesake !== null) return this.#parts.onNamesake(this.#namesake)
        if (this.#failure !== null) this.#parts.log.info({}, 'the other nodes hear of this one again')
        this.#failure = null
      } catch (error) {
        if (this.#failure === null && !this.#stopped)
          this.#parts.log.warn({ err: error }, 'the other nodes can’t be told that this one lives')
        this.#failure = error instanceof Error ? error.message : String(error)
      }
    })
    return this.#beating
  }

  /** Whether the others can't have taken this node for dead. */
  get isTrusted(): boolean {
    return this.#namesake === null && this.#elapsed() - this.#beatAt < TRUSTED_MS
  }

  /** For how long it could not say that it lives, where that is too long or the last time failed; the reason where it is known. */
  get silence(): { ms: number; reason: string | null } | null {
    if (this.#failure === null && this.isTrusted) return null
    return { ms: this.#elapsed() - this.#beatAt, reason: this.#failure }
  }

  isMine(name: WorkName): boolean {
    return this.#mine.has(name) && this.isTrusted
  }

  /** Something of its own that one node at a time may have, such as a maildrop. False where another has it. */
  async hold(name: string): Promise<boolean> {
    const { store, self, clock } = this.#parts
    this.#unreleased.delete(name)
    // One that is being let go of would be gone right behind this.
    await this.#releasing
    return store.write('workLease.take', { name, nodeId: self().nodeId, dead: this.dead, at: clock.now() })
  }

  /** Returns at once; where the store can't be had, with a later beat. */
  release(name: string): void {
    this.#unreleased.add(name)
    void this.#letGoOfAll()
  }

  /** Work goes to others from now on. */
  async letGo(): Promise<void> {
    this.#isLeaving = true
    await this.round()
  }

  /** As far as this node can tell. */
  livenessOf(nodeId: string): Liveness {
    return (this.#watched.get(nodeId)?.missed ?? 0) >= MISSED_BEATS ? 'dead' : 'alive'
  }

  /** By how much its clock is ahead of this node's, below 0 behind, where that is too much, else 0; null where no beat of it was counted yet. */
  clockAheadOf(nodeId: string): number | null {
    const clock = this.#watched.get(nodeId)?.clock
    if (!clock || clock.aheadMs === null) return null
    return clock.off > 1 ? clock.aheadMs : 0
  }

  /** By how much the clock of one that lives is behind this node's at most, where that is too much: else it is the age of a beat. */
  get clocksBehindMs(): number {
    const off = [...this.#watched.values()].filter(({ missed, clock }) => missed < MISSED_BEATS && clock.off > 0)
    return Math.max(0, ...off.map(({ clock }) => -(clock.aheadMs ?? 0)))
  }

  get dead(): string[] {
    return [...this.#watched].filter(([, { missed }]) => missed >= MISSED_BEATS).map(([nodeId]) => nodeId)
  }

  /** Whether one that lives is without the link, so that nobody hears at once what it changes. */
  get othersPoll(): boolean {
    return [...this.#watched.values()].some(({ notices, missed }) => notices === 'polling' && missed < MISSED_BEATS)
  }

  /** Who bears its name and did not leave has died, or lives in a copy of the data folder: its beats tell. */
  async #refuseNamesake(): Promise<NodeRow | null> {
    const { store, self, clock, log, wait = sleep } = this.#parts
    const { nodeId } = self()
    const look = async () => (await store.read('node.list', {})).find(row => row.nodeId === nodeId)
    const before = await look()
    if (!before || clock.now() - before.seenAt > SURELY_DEAD_MS) return before ?? null
    log.info(
      { node: nodeId, hostname: before.hostname },
      'this node did not leave when it ran last: whether it still runs is looked at',
    )
    for (let waited = 0; waited < NAMESAKE_MS; waited += NAMESAKE_LOOK_MS) {
      await wait(NAMESAKE_LOOK_MS)
      const now = await look()
      if (!now) return null
      if (now.beats === before.beats && now.startedAt === before.startedAt) continue
      throw new StoreError('unavailable', namesakeOf(now))
    }
    return before
  }

  async #beat(): Promise<void> {
    const { store, self, clock } = this.#parts
    const began = this.#elapsed()
    const beat = self()
    const { nodeId } = beat
    this.#hasJoined = true
    const isOwn = await store.write('node.beat', { ...beat, writeMs: this.#writeMs, at: clock.now() })
    this.#writeMs = Math.round(this.#elapsed() - began)
    const nodes = await store.read('node.list', {})
    if (!isOwn) {
      this.#namesake = namesakeOf(nodes.find(row => row.nodeId === nodeId) ?? beat)
      return
    }
    this.#watch(nodes, nodeId)
    // From the beginning: the others may have seen it as early as that.
    this.#beatAt = began
    await this.#bury()
    await this.#takeWork(nodeId)
    await this.#letGoOfAll()
    this.onBeat()
  }

  #watch(nodes: readonly NodeRow[], own: string): void {
    const { log, clock } = this.#parts
    const others = nodes.filter(({ nodeId }) => nodeId !== own)
    for (const known of [...this.#watched.keys()])
      if (!others.some(({ nodeId }) => nodeId === known)) this.#watched.delete(known)
    for (const { nodeId, hostname, startedAt, seenAt, beats, notices } of others) {
      const before = this.#watched.get(nodeId)
      if (before && before.beats === beats && before.startedAt === startedAt) {
        const now = this.#elapsed()
        if (now - before.lookedAt < BEAT_MS) continue
        before.lookedAt = now
        before.missed++
        if (before.missed === MISSED_BEATS)
          log.warn({ node: nodeId, hostname }, 'a node is dead: its work is taken over')
        continue
      }
      if (before?.isBuried) log.info({ node: nodeId, hostname }, 'a node that was taken for dead lives')
      const seen = before ? this.#clockAt(nodeId, hostname, seenAt - clock.now(), before.clock) : noClock
      const lookedAt = this.#elapsed()
      this.#watched.set(nodeId, { startedAt, beats, missed: 0, notices, lookedAt, isBuried: false, clock: seen })
    }
  }

  /** Of a beat that came since the last look. */
  #clockAt(nodeId: string, hostname: string, aheadMs: number, before: WatchedClock): WatchedClock {
    // It was told some seconds ago.
    const isOff = aheadMs > CLOCKS_MS || aheadMs < -CLOCKS_MS - 2 * BEAT_MS
    const off = isOff ? before.off + 1 : 0
    const clocks = { node: nodeId, hostname, aheadSeconds: Math.round(aheadMs / 1000) }
    const { log } = this.#parts
    if (off === 2)
      log.warn(clocks, 'the clocks of this node and another differ by more than a minute: set both by a time server')
    if (!isOff && before.off > 1) log.info(clocks, 'the clocks of this node and another agree again')
    return { aheadMs, off }
  }

  /** Gives back what dead nodes had leased, and forgets them after a day. */
  async #bury(): Promise<void> {
    const { store, clock, log } = this.#parts
    for (const nodeId of this.dead) {
      const watched = this.#watched.get(nodeId)
      if (!watched) continue
      if (!watched.isBuried) {
        const { startedAt, beats } = watched
        const freed = await store.write('node.bury', { nodeId, startedAt, beats, at: clock.now() })
        if (!freed) {
          // What it leased since is its own.
          watched.missed = 0
          continue
        }
        const { recipients } = freed
        watched.isBuried = true
        if (recipients > 0) this.onFreed()
        log.info({ node: nodeId, recipients }, 'what a dead node was to deliver is free')
      }
      if (watched.missed * BEAT_MS > DEAD_KEPT_MS) await store.write('node.leave', { nodeId })
    }
  }

  /** One time behind the other, so that who waits for the last knows of all. Never rejects: the rest stays for a later beat. */
  #letGoOfAll(): Promise<void> {
    this.#releasing = this.#releasing.then(() => this.#releaseAll()).catch(() => {})
    return this.#releasing
  }

  async #releaseAll(): Promise<void> {
    const { store, self } = this.#parts
    if (this.#namesake !== null) return
    for (const name of this.#unreleased) {
      await store.write('workLease.release', { name, nodeId: self().nodeId })
      this.#unreleased.delete(name)
    }
  }

  async #takeWork(nodeId: string): Promise<void> {
    const { store, clock } = this.#parts
    for (const name of works) {
      if (this.#isLeaving) {
        if (this.#mine.delete(name)) await store.write('workLease.release', { name, nodeId })
        continue
      }
      if (await store.write('workLease.take', { name, nodeId, dead: this.dead, at: clock.now() })) this.#mine.add(name)
      else this.#mine.delete(name)
    }
  }

  #plan(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.round().finally(() => this.#plan()), BEAT_MS).unref()
  }
}

function namesakeOf({ nodeId, hostname, pid }: NodeLife & { nodeId: string; hostname: string }): string {
  return `a node named ${nodeId} runs already, at ${hostname} as process ${pid}: where this data folder is a copy of its, remove node.id from this one, and start again`
}
