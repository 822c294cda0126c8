/** What else a machine does to a process: its clock jumps, its file descriptors run out. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'

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
    return steps.join(' ')
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
    await sleep(ms)
    for (const socket of sockets) socket.destroy()
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${before}:`])
    return `${limit} descriptors where ${open} were open, for ${ms} ms`
  },
}

export const otherFaults: readonly Fault[] = [clock, descriptors]
