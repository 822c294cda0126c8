/** Whether the service can do its work: the store answers and takes writes, the queue runs. */
import type { Clock } from '../../ops/clock.ts'
import type { Store } from '../../store/store.ts'
import type { NoticesState } from '../../store/types/cluster.ts'

export interface Health {
  ok: boolean
  /** Each part with `ok`, or what is wrong with it. */
  checks: Record<string, string>
  /** How changes of other nodes are heard of, where there may be others. Polling is slower, and no fault of this node's. */
  notices?: NoticesState
  /** Processes of a service of several. One that is down is started again, and the others do its work. */
  workers?: { up: number; of: number }
}

export interface HealthParts {
  store: Pick<Store, 'read' | 'write'>
  queueRuns(): boolean
  /** Asked to leave: nothing new is to be sent here. */
  isLeaving?(): boolean
  notices?(): NoticesState | null
  workers?(): { up: number; of: number }
  clock: Clock
}

/** How old the answer about the store may be: it costs a write to disk, and may be asked for as often as anyone likes. */
const FRESH_MS = 2_000

export function createHealth({
  store,
  queueRuns,
  isLeaving,
  notices,
  workers,
  clock,
}: HealthParts): () => Promise<Health> {
  let answer: Promise<string> | null = null
  let askedAt = 0
  const askStore = async (): Promise<string> => {
    try {
      await store.write('setting.set', { name: 'health', value: String(clock.now()) })
      return (await store.read('setting.get', { name: 'health' })) === null ? 'what was written is not there' : 'ok'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  return async () => {
    if (!answer || Math.abs(clock.now() - askedAt) > FRESH_MS) {
      askedAt = clock.now()
      answer = askStore()
    }
    const checks = {
      store: await answer,
      queue: queueRuns() ? 'ok' : 'not running',
      ...(isLeaving?.() && { service: 'leaving' }),
    }
    const heard = notices?.() ?? null
    return {
      ok: Object.values(checks).every(result => result === 'ok'),
      checks,
      ...(heard !== null && { notices: heard }),
      ...(workers && { workers: workers() }),
    }
  }
}
