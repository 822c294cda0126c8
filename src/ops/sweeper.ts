/** Forgets what nobody needs any more, a little at a time: settled messages of the queue, and blobs that nothing names. */
import type { Store } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** How long what became of a message can be looked up with `queue show`. */
const SETTLED_KEPT_MS = 7 * 24 * 60 * 60_000
const EVERY_MS = 60 * 60_000
/** Rows of one transaction: some milliseconds of the writer. */
const AT_ONCE = 200
/** Between two transactions, so that mail comes first. */
const PAUSE_MS = 100
/** The first time, once the service has come to rest. */
const FIRST_MS = 60_000

/** Returns the function that ends it; what runs then ends with its transaction. */
export function startSweeper({ store, clock, log }: { store: Store; clock: Clock; log: Log }): () => void {
  let stopped = false
  let timer: NodeJS.Timeout
  const plan = (ms: number): void => {
    if (!stopped) timer = setTimeout(() => void sweep(), ms).unref()
  }
  const sweep = async (): Promise<void> => {
    try {
      const { more } = await store.write('store.sweep', { before: clock.now() - SETTLED_KEPT_MS, limit: AT_ONCE })
      plan(more ? PAUSE_MS : EVERY_MS)
    } catch (error) {
      if (!stopped) log.error({ err: error }, 'sweep failed')
      plan(EVERY_MS)
    }
  }
  plan(FIRST_MS)
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
