/** The end of the process, at any moment. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { injectInto, whyNoStrace } from './strace.ts'
import { isAlive } from './world.ts'

const kill: Fault = {
  name: 'kill',
  about: 'SIGKILL at a random moment',
  dies: true,
  async strike(world, random) {
    const ms = random.between(0, 600)
    await sleep(ms)
    const met = isAlive(world.service.pid)
    await world.restart('SIGKILL')
    return { text: `killed after ${ms} ms`, met }
  },
}

/** Where a write stands when its process ends: the calls in the order they are made, and about how many of each a second brings. */
const moments: readonly (readonly [calls: string, most: number])[] = [
  // A large message's file: its folders, its name, its bytes; and small ones, one behind the other.
  ['mkdir', 3],
  ['openat', 40],
  ['fsync', 12],
  ['rename', 3],
  ['utimensat', 4],
  // The log of the database.
  ['pwrite64', 80],
  ['fdatasync', 12],
  // Word from the writer's thread, and the answers.
  ['write', 60],
  ['writev', 20],
]

const killAtCall: Fault = {
  name: 'kill-at-call',
  about: 'SIGKILL at a system call: between the message’s file, the log’s pages, the sync and the answer',
  dies: true,
  whyNot: whyNoStrace,
  async strike(world, random) {
    const [calls, most] = random.pick(moments)
    const when = random.between(1, most)
    const { pid } = world.service
    const tracer = await injectInto(pid, [`${calls}:signal=KILL:when=${when}`])
    const until = performance.now() + 3_000
    while (isAlive(pid) && performance.now() < until) await sleep(5)
    const met = !isAlive(pid)
    // A zombie is alive to kill(2): only who waits for it knows.
    await world.service.kill('SIGKILL')
    await tracer.detach()
    await world.restart(null)
    return { text: met ? `killed at ${calls} ${when}` : `killed, ${calls} ${when} was not reached`, met }
  },
}

/** What the sessions and deliveries under way may take, and as much for a machine with other work. */
const endMs = 60_000

const terminate: Fault = {
  name: 'terminate',
  about: 'SIGTERM under load, and every other time SIGKILL while it drains',
  dies: true,
  async strike(world, random) {
    await sleep(random.between(0, 400))
    if (random.below(2) === 0) {
      const startedAt = performance.now()
      const code = await world.service.end()
      const ms = performance.now() - startedAt
      if (code !== 0) world.ledger.problem(`SIGTERM ended it with ${code}`)
      if (ms > endMs) world.ledger.problem(`SIGTERM took ${Math.round(ms)} ms`)
      await world.restart(null)
      return { text: `ended in ${Math.round(ms)} ms`, met: true }
    }
    process.kill(world.service.pid, 'SIGTERM')
    const ms = random.between(0, 150)
    await sleep(ms)
    await world.restart('SIGKILL')
    return { text: `SIGTERM, killed ${ms} ms later`, met: true }
  },
}

export const processFaults: readonly Fault[] = [kill, killAtCall, terminate]
