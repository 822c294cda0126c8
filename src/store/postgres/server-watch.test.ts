import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { probeAgainMs, silentMs } from './limits.ts'
import type { Finding } from './probe.ts'
import { ServerWatch } from './server-watch.ts'

let finding: Finding
let probes: number
let deaths: number
let watch: ServerWatch

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  finding = 'lives'
  probes = deaths = 0
  watch = new ServerWatch({
    probe: async () => {
      probes++
      return finding
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
  finding = 'gone'
  watch.begun()
  await vi.advanceTimersByTimeAsync(silentMs)
  expect({ deaths, isGone: watch.isGone }).toEqual({ deaths: 1, isGone: true })
  watch.ended()
  await vi.advanceTimersByTimeAsync(probeAgainMs * 4)
  expect({ probes, deaths, isGone: watch.isGone }).toEqual({ probes: 5, deaths: 1, isGone: true })
  finding = 'lives'
  await vi.advanceTimersByTimeAsync(probeAgainMs)
  expect(watch.isGone).toBe(false)
})

it('leaves a server that can’t be asked what it was, and asks again', async () => {
  finding = 'unknown'
  watch.begun()
  await vi.advanceTimersByTimeAsync(silentMs + probeAgainMs * 4)
  expect({ probes, deaths, isGone: watch.isGone }).toEqual({ probes: 5, deaths: 0, isGone: false })
  finding = 'gone'
  await vi.advanceTimersByTimeAsync(probeAgainMs)
  finding = 'unknown'
  await vi.advanceTimersByTimeAsync(probeAgainMs * 4)
  expect({ probes, deaths, isGone: watch.isGone }).toEqual({ probes: 10, deaths: 1, isGone: true })
})
