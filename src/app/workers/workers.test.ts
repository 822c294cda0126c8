import { expect, it, vi } from 'vitest'
import { createMetrics } from '../../ops/metrics.ts'
import { Heartbeat } from './heartbeat.ts'
import { Measuring } from './measuring.ts'
import { Restarts } from './restarts.ts'
import { Switchboard } from './switchboard.ts'

it('starts a worker again at once, later where it keeps ending, and at once again when it has lived', () => {
  const restarts = new Restarts()
  const delays = Array.from({ length: 9 }, () => restarts.delayAfter(1_000))
  expect(delays).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  expect(restarts.delayAfter(60_000)).toBe(0)
  expect(restarts.delayAfter(10)).toBe(0)
  expect(restarts.delayAfter(10)).toBe(500)
})

it('takes a worker for dead by questions it left unanswered, sooner once it has answered any', () => {
  let heartbeat = new Heartbeat()
  const state = () => (heartbeat.isDead ? 'dead' : heartbeat.isDoubted ? 'doubted' : 'up')
  const askedTimes = (count: number) =>
    Array.from({ length: count }, () => {
      heartbeat.asked()
      return state()
    })
  // A long start is no death, but one without an end is.
  expect(new Set(askedTimes(24))).toEqual(new Set(['up']))
  expect(askedTimes(1)).toEqual(['dead'])
  heartbeat = new Heartbeat()
  askedTimes(24)
  heartbeat.answered()
  expect(askedTimes(6)).toEqual(['up', 'doubted', 'doubted', 'doubted', 'doubted', 'doubted'])
  heartbeat.answered()
  expect(state()).toBe('up')
  expect(askedTimes(7).at(-1)).toBe('dead')
})

it('carries what one says to the others that listen, until they are gone', () => {
  const board = new Switchboard<string>()
  for (const worker of ['a', 'b', 'c']) board.listen(worker, 'account 1')
  board.listen('b', 'account 2')
  expect(board.othersAt('account 1', 'a')).toEqual(['b', 'c'])
  expect(board.othersAt('account 2', 'b')).toEqual([])
  board.deafen('c', 'account 1')
  expect(board.othersAt('account 1', 'a')).toEqual(['b'])
  board.forget('b')
  expect(board.othersAt('account 1', 'a')).toEqual([])
  expect(board.othersAt('account 2', 'a')).toEqual([])
})

it('puts together what all have measured, without those that are gone or don’t answer', async () => {
  const of = () => createMetrics({ version: '1.2.3' })
  const [own, one, other] = [of(), of(), of()]
  one.signIn('imap', 'ok')
  other.signIn('imap', 'ok')
  own.committed(7)
  const worker = (metrics: ReturnType<typeof of> | null) => ({
    tell: ({ question }: { question: number }): void => {
      if (metrics) void metrics.measured().then(measured => measuring.told(self.get(metrics)!, question, measured))
    },
  })
  const measuring = new Measuring<ReturnType<typeof worker>>(own)
  const [a, b, dead, busy] = [worker(one), worker(other), worker(null), worker(null)]
  const self = new Map([
    [one, a],
    [other, b],
  ])
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const asked = measuring.ask([a, b, dead, busy])
    measuring.forget(dead)
    await vi.advanceTimersByTimeAsync(5_000)
    const text = await asked
    expect(text).toContain('facteur_sign_ins_total{protocol="imap",outcome="ok"} 2')
    expect(text).toContain('facteur_info{version="1.2.3"} 1')
    expect(text).toContain('facteur_store_commit_operations_sum 7')
  } finally {
    vi.useRealTimers()
  }
})
