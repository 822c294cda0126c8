import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { probeAgainMs, silentMs } from './limits.ts'
import { ServerWatch } from './server-watch.ts'

let lives: boolean
let probes: number
let deaths: number
let watch: ServerWatch

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  lives = true
  probes = deaths = 0
  watch = new ServerWatch({
    answers: async () => {
      probes++
      return lives
    },
    gone: () => deaths++,
  })
})
afterEach(() => {
  watch.close()
  vi.useRealTimers()
})

it('asks nothing where answers come, and where none is waited for', async () => {
  watch.begun()
  for (let answer = 0; answer < 20; answer++) {
    await vi.advanceTimersByTimeAsync(silentMs - 1)
    watch.begun()
    watch.ended()
  }
  watch.ended()
  await vi.advanceTimersByTimeAsync(silentMs * 10)
  expect({ probes, deaths, timers: vi.getTimerCount() }).toEqual({ probes: 0, deaths: 0, timers: 0 })
})

it('lets what a living server is still at go on', async () => {
  watch.begun()
  await vi.advanceTimersByTimeAsync(silentMs * 3)
  expect({ probes, isGone: watch.isGone }).toEqual({ probes: 3, isGone: false })
})

it('takes a server for gone once, however its connections end, until it answers again', async () => {
  lives = false
  watch.begun()
  await vi.advanceTimersByTimeAsync(silentMs)
  expect({ deaths, isGone: watch.isGone }).toEqual({ deaths: 1, isGone: true })
  watch.ended()
  await vi.advanceTimersByTimeAsync(probeAgainMs * 4)
  expect({ probes, deaths, isGone: watch.isGone }).toEqual({ probes: 5, deaths: 1, isGone: true })
  lives = true
  await vi.advanceTimersByTimeAsync(probeAgainMs)
  expect(watch.isGone).toBe(false)
})
