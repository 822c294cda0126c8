/** Forgets what nobody needs any more, a little at a time: settled messages of the queue, blobs that nothing names, and what `others` know to be over. */
import type { Store } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** How long what became of a message can be looked up with `queue show`. */
const SETTLED_KEPT_MS = 7 * 24 * 60 * 60_000
const EVERY_MS = 60 * 60_000
/** Rows of one transaction: some milliseconds of the writer. */
const AT_ONCE = 200
/** Where another node sweeps: by then this one may have to. */
const NOT_MINE_MS = 60_000
/** Between two transactions, so that mail comes first. */
const PAUSE_MS = 100
/** The first time, once the service has come to rest. */
const FIRST_MS = 60_000

/** Forgets what is over at `now`; true where there is more. */
export type Sweep = (now: number) => Promise<boolean>

export interface SweeperOptions {
  store: Store
  /** By a name for the log. */
  others: Readonly<Record<string, Sweep>>
  /** Whether this node does it, of several. */
  isMine?: () => boolean
  clock: Clock
  log: Log
  /** The process's own where none are given: tests let hours pass at once. */
  timers?: { after(ms: number, run: () => void): () => void }
}

const ownTimers: NonNullable<SweeperOptions['timers']> = {
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** Returns the function that ends it; what runs then ends with its transaction. */
export function startSweeper({
  store,
  others,
  isMine = () => true,
  clock,
  log,
  timers = ownTimers,
}: SweeperOptions): () => void {
  /** Of the round of this hour; null where the next sweep begins another. */
  let began: number | null = null
  let goesOn = false
  const sweepStore: Sweep = async now => {
    const swept = await store.write('store.sweep', { before: now - SETTLED_KEPT_MS, limit: AT_ONCE, goesOn })
    if (swept.failures.length > 0) log.error({ sweep: 'store', failures: swept.failures }, 'sweep left something out')
    return swept.more
  }
  const sweeps: [string, Sweep][] = [['store', sweepStore], ...Object.entries(others)]
  let stopped = false
  let cancel = (): void => {}
  const plan = (ms: number): void => {
    if (!stopped) cancel = timers.after(ms, () => void sweep())
  }
  const sweep = async (): Promise<void> => {
    if (!isMine()) return plan(NOT_MINE_MS)
    let more = false
    const now = clock.now()
    // What others have left for long keeps the store's from none of its rounds.
    if (began !== null && Math.abs(now - began) >= EVERY_MS) began = null
    goesOn = began !== null
    began ??= now
    for (const [name, one] of sweeps) {
      if (stopped) return
      try {
        more = (await one(clock.now())) || more
      } catch (error) {
        if (!stopped) log.error({ err: error, sweep: name }, 'sweep failed')
      }
    }
    if (!more) began = null
    plan(more ? PAUSE_MS : EVERY_MS)
  }
  plan(FIRST_MS)
  return () => {
    stopped = true
    cancel()
  }
}
