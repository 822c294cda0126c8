/** What is written down by the clock: the space of each domain for the plots, and who manages which domain this month. */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { Store } from '../../store/store.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { dayOf, monthOf } from './calendar.ts'

export interface BookkeeperOptions {
  store: Pick<Store, 'write'>
  settings: ReadsSettings
  /** Whether this node does it, of several. */
  isMine?: () => boolean
  clock: Clock
  log: Log
}

/** Often enough that the last note of a day is close to its end, whatever the hour the service was started. */
const EVERY_MS = 60 * 60_000

export async function keepBooks({
  store,
  settings,
  isMine = () => true,
  clock,
  log,
}: BookkeeperOptions): Promise<void> {
  if (!isMine()) return
  try {
    const { timeZone } = await settings.current()
    const day = dayOf(clock.now(), timeZone)
    await store.write('ledger.noteManagers', { month: monthOf(day) })
    await store.write('space.sample', { day })
  } catch (err) {
    log.error({ err }, 'books not kept')
  }
}

/** Begins at once. Returns the function that ends it, which waits for what is being written. */
export function startBookkeeper(options: BookkeeperOptions): () => Promise<void> {
  let writing = keepBooks(options)
  const timer = setInterval(() => (writing = keepBooks(options)), EVERY_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    return writing
  }
}
