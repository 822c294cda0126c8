/** Whether the service can do its work: the store answers and takes writes, its disks have room for messages, the queue runs. */
import type { Clock } from '../../ops/clock.ts'
import type { FreeSpace } from '../../ops/disk-space.ts'
import { inTime } from '../../ops/in-time.ts'
import type { Store } from '../../store/store.ts'
import type { NoticesState } from '../../store/types/cluster.ts'
import { FREE_DISK_BYTES, HEALTH_FRESH_MS, HEALTH_STORE_MS } from './limits.ts'

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
  /** Where messages are stored on disks of this machine. */
  freeSpace?(): Promise<FreeSpace[]>
  /** Asked to leave: nothing new is to be sent here. */
  isLeaving?(): boolean
  notices?(): NoticesState | null
  workers?(): { up: number; of: number }
  clock: Clock
}

export function createHealth({
  store,
  queueRuns,
  freeSpace,
  isLeaving,
  notices,
  workers,
  clock,
}: HealthParts): () => Promise<Health> {
  let answer: Promise<string> | null = null
  let askedAt = 0
  let isAsking = false
  const askStore = async (): Promise<string> => {
    try {
      await store.write('setting.set', { name: 'health', value: String(clock.now()) })
      if ((await store.read('setting.get', { name: 'health' })) === null) return 'what was written is not there'
      const full = (await freeSpace?.())?.find(({ bytes }) => bytes < FREE_DISK_BYTES)
      return full ? `${full.folder} has ${Math.floor(full.bytes / 1024 / 1024)} MiB of room left on its disk` : 'ok'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  return async () => {
    // A store that does not answer is not asked once more.
    if (!answer || (!isAsking && Math.abs(clock.now() - askedAt) > HEALTH_FRESH_MS)) {
      askedAt = clock.now()
      isAsking = true
      answer = askStore().finally(() => (isAsking = false))
    }
    const checks = {
      store: await inTime(HEALTH_STORE_MS, answer, () => 'does not answer'),
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
