import { afterEach, beforeEach, expect, it } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import { type Store, StoreError } from '../../store/store.ts'
import { TrafficRecorder } from './recorder.ts'

const HOUR = 60 * 60_000
let store: Store
let ann: number
let now: number
let timers: (() => void)[]
let failing: boolean
let writes: number
let recorder: TrafficRecorder

beforeEach(async () => {
  ;[now, timers, failing, writes] = [5 * HOUR, [], false, 0]
  store = await openSqliteStore({ path: ':memory:', clock: { now: () => now } })
  await store.write('domain.add', { name: 'example.org', at: 1 })
  const account = { address: 'ann@example.org', passwordHash: null, quotaBytes: null, mailboxes: [], at: 1 }
  ann = (await store.write('account.add', account)).accountId
  recorder = new TrafficRecorder({
    store: {
      write(operation, args) {
        writes++
        if (failing) return Promise.reject(new StoreError('unavailable', 'the disk is full'))
        return store.write(operation, args)
      },
    },
    clock: { now: () => now },
    log: silentLog,
    after: (_, run) => void timers.push(run),
  })
})
afterEach(() => store.close())

const counted = () => store.read('traffic.hours', { of: ann, from: 0, before: 100 })

it('adds up what comes within an hour into one write', async () => {
  recorder.received(ann, 100)
  recorder.received(ann, 50)
  recorder.sent(ann, 16, 700)
  recorder.refused(ann)
  expect(writes).toBe(0)
  expect(timers).toHaveLength(1)
  timers[0]?.()
  await recorder.flush()
  expect(writes).toBe(1)
  expect(await counted()).toEqual([{ hour: 5, received: 2, receivedBytes: 150, sent: 16, sentBytes: 700, refused: 1 }])
})

it('keeps hours apart, and adds to what is written', async () => {
  recorder.received(ann, 1)
  await recorder.flush()
  recorder.received(ann, 1)
  now += HOUR
  recorder.received(ann, 1)
  await recorder.stop()
  expect((await counted()).map(({ hour, received }) => [hour, received])).toEqual([
    [5, 2],
    [6, 1],
  ])
})

it('keeps what could not be written, and writes it later', async () => {
  failing = true
  recorder.received(ann, 10)
  await recorder.flush()
  recorder.received(ann, 10)
  failing = false
  timers[0]?.()
  await recorder.flush()
  expect(await counted()).toMatchObject([{ received: 2, receivedBytes: 20 }])
})
