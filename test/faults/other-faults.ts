/** What else a machine does to a process: its clock jumps, its file descriptors run out. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import type { World } from './world.ts'

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map(machine => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  .find(file => existsSync(file))

const offsetFile = (data: string): string => path.join(data, 'offset')

/** Read by the library at each look at the clock, so it is never half there. */
function setClock(data: string, offset: string): void {
  const file = offsetFile(data)
  writeFileSync(`${file}.new`, `${offset}\n`)
  renameSync(`${file}.new`, file)
}

/** Below the five days after which the queue gives up. */
const offsets = ['+2d', '-2d', '+1h', '-1h', '+1d', '-1d', '+10m', '-10m', '+5s', '-5s']

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Whether the service's own time, as HTTP tells it within a second or two, is off by the offset. */
async function hasClock({ ports }: World, offset: string): Promise<boolean> {
  const wanted = Number(offset.slice(0, -1)) * (unitMs[offset.slice(-1)] ?? 0)
  for (const until = performance.now() + 5_000; performance.now() < until; await sleep(100)) {
    const { headers } = await fetch(`http://127.0.0.1:${ports.http}/healthz`, { signal: AbortSignal.timeout(10_000) })
    if (Math.abs(Date.parse(headers.get('date') ?? '') - Date.now() - wanted) < 2_500) return true
  }
  return false
}

const clock: Fault = {
  name: 'clock',
  about: 'the clock jumps forwards and backwards, by seconds up to days',
  dies: false,
  whyNot: () => (library ? null : 'the Debian package libfaketime is not installed'),
  settings: data => {
    setClock(data, '+0')
    return {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: offsetFile(data),
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    }
  },
  async strike(world, random) {
    const steps = Array.from({ length: random.between(2, 5) }, () => random.pick(offsets))
    for (const offset of steps) {
      setClock(world.service.data, offset)
      await sleep(random.between(50, 500))
    }
    // Where it ends is the time from now on: the last step is one more.
    const last = steps.at(-1) ?? ''
    return { text: steps.join(' '), met: await hasClock(world, last) }
  },
}

const descriptors: Fault = {
  name: 'file-descriptors',
  about: 'no file descriptor is left, for a while',
  dies: false,
  whyNot: () => (spawnSync('prlimit', ['--version']).error ? 'prlimit (util-linux) is not installed' : null),
  async strike(world, random) {
    const { pid } = world.service
    const soft = (): string =>
      execFileSync('prlimit', ['--pid', String(pid), '--nofile', '--noheadings', '--raw', '-o', 'SOFT'], {
        encoding: 'utf8',
      }).trim()
    const before = soft()
    const open = readdirSync(`/proc/${pid}/fd`).length
    const limit = Math.max(open + random.between(-6, 8), 10)
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${limit}:`])
    // Whoever else knocks.
    const sockets: Socket[] = []
    const ports = Object.values(world.ports).filter(port => port > 0)
    for (let n = 0; n < 20; n++) {
      const socket = connect({ port: random.pick(ports), host: '127.0.0.1' })
      socket.on('error', () => {})
      sockets.push(socket)
    }
    const ms = random.between(200, 1_500)
    let met = false
    for (const until = performance.now() + ms; performance.now() < until; await sleep(5))
      met ||= readdirSync(`/proc/${pid}/fd`).length >= limit
    for (const socket of sockets) socket.destroy()
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${before}:`])
    return { text: `${limit} descriptors where ${open} were open, for ${ms} ms`, met }
  },
}

export const otherFaults: readonly Fault[] = [clock, descriptors]
