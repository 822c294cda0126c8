import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import { silentLog } from './log.ts'
import { startSweeper } from './sweeper.ts'

const clock = { now: () => Date.now() }
/** Its own sweep is in the store's contract; here it is over at once, as timers are. */
let store: Store
beforeEach(async () => {
  vi.useFakeTimers()
  store = await openSqliteStore({ path: ':memory:', clock })
  vi.spyOn(store, 'write').mockResolvedValue({ removedBlobs: [], removedLarge: [], failures: [], more: false })
})
afterEach(async () => {
  vi.useRealTimers()
  await store.close()
})

it('sweeps once the service has come to rest, then every hour, and at once while there is more', async () => {
  const swept: number[] = []
  const others = { test: async (now: number) => swept.push(now) === 1 }
  const stop = startSweeper({ store, others, clock, log: silentLog })
  await vi.advanceTimersByTimeAsync(59_000)
  expect(swept).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(swept).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(swept).toHaveLength(3)
  stop()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(swept).toHaveLength(3)
})

it('says which sweep begins a round of the store, and which goes on with it', async () => {
  let left = 3
  const others = { test: async () => --left > 0 }
  const stop = startSweeper({ store, others, clock, log: silentLog })
  await vi.advanceTimersByTimeAsync(3_665_000)
  stop()
  const rounds = vi.mocked(store.write).mock.calls.map(([, args]) => (args as { goesOn: boolean }).goesOn)
  expect(rounds).toEqual([false, true, true, false])
})

it('begins another round of the store each hour, however long others have more', async () => {
  let now = 0
  let left = 6
  const others = {
    test: async () => {
      now += 20 * 60_000
      return --left > 0
    },
  }
  const stop = startSweeper({ store, others, clock: { now: () => now }, log: silentLog })
  await vi.advanceTimersByTimeAsync(62_000)
  stop()
  const rounds = vi.mocked(store.write).mock.calls.map(([, args]) => (args as { goesOn: boolean }).goesOn)
  expect(rounds).toEqual([false, true, true, false, true, true])
})

it('logs what the store could not sweep, and goes on', async () => {
  const one = { removedBlobs: [], removedLarge: [], failures: ['EIO'], more: true }
  vi.mocked(store.write).mockResolvedValueOnce(one)
  const errors: object[] = []
  const log = { ...silentLog, error: (told: object) => void errors.push(told) }
  const stop = startSweeper({ store, others: {}, clock, log })
  await vi.advanceTimersByTimeAsync(61_000)
  stop()
  expect(errors).toEqual([{ sweep: 'store', failures: ['EIO'] }])
  expect(store.write).toHaveBeenCalledTimes(2)
})

it('goes on with the others when one fails', async () => {
  const swept: string[] = []
  const errors: string[] = []
  const log = { ...silentLog, error: (_: object, message: string) => void errors.push(message) }
  const others = {
    broken: () => Promise.reject(new Error('disk')),
    whole: async () => {
      swept.push('whole')
      return false
    },
  }
  const stop = startSweeper({ store, others, clock, log })
  await vi.advanceTimersByTimeAsync(61_000)
  stop()
  expect(swept).toEqual(['whole'])
  expect(errors).toEqual(['sweep failed'])
})
