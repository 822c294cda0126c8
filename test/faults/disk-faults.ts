/** Disks that are full, broken, slow, or without power from one moment to the next. */
import { execFileSync, spawnSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type JournalledDisk, mountJournalled, mountSmall, whyNoDisks, whyNoJournalledDisk } from './disks.ts'
import type { Fault } from './fault.ts'
import { signIn } from './loads/imap.ts'
import type { Random } from './random.ts'
import { injectInto, whyNoStrace } from './strace.ts'
import type { World } from './world.ts'

/** Resolves when something is refused, or after `ms` with false. */
async function untilRefused({ ledger }: World, ms: number): Promise<boolean> {
  const before = ledger.refusals
  const until = performance.now() + ms
  while (ledger.refusals === before && performance.now() < until) await sleep(10)
  return ledger.refusals > before
}

/** False where something was written meanwhile: it may not be smaller than what is there. */
function leave(at: string, kib: number): boolean {
  const { bsize, blocks, bfree } = statfsSync(at)
  const size = Math.ceil(((blocks - bfree) * bsize) / 1024) + kib
  return spawnSync('mount', ['-o', `remount,size=${size}k`, at]).status === 0
}

const full: Fault = {
  name: 'disk-full',
  about: 'no room on the disk (a small tmpfs), for a while',
  dies: false,
  whyNot: whyNoDisks,
  disk: at => mountSmall(at, 2_000),
  async strike(world, random) {
    const at = world.service.data
    const left = random.between(0, 3_000)
    for (let tries = 0; !leave(at, left); tries++) if (tries === 50) throw new Error(`${at} can't be made smaller`)
    const met = await untilRefused(world, 8_000)
    const ms = random.between(100, 1_200)
    await sleep(ms)
    execFileSync('mount', ['-o', 'remount,size=2000m', at])
    return { text: `${left} KiB left, full for ${ms} ms`, met }
  },
}

/** Half a write can't be had so: strace gives the answer of one that wrote nothing, and no disk does that to whoever looks at its answers. */
const failing = [
  'fdatasync:error=EIO',
  'fsync:error=EIO',
  'pwrite64:error=EIO',
  'pwrite64:error=ENOSPC',
  'pwrite64:error=EROFS',
  'fdatasync,fsync,pwrite64:error=EIO',
  'mkdir,rename:error=EROFS',
  'utimensat:error=EROFS',
  'pread64:error=EIO',
] as const

const inputOutput: Fault = {
  name: 'input-output-errors',
  about: 'EIO, ENOSPC and EROFS from the system calls of writing, syncing, naming and reading, for a while',
  dies: false,
  whyNot: whyNoStrace,
  async strike(world, random) {
    const call = random.pick(failing)
    // From the nth on, or each nth.
    const from = `:when=${random.between(2, 30)}+`
    const now = `:when=${random.between(1, 6)}+${random.between(2, 9)}`
    // A page that can't be read where the disk answers otherwise is told as damage, as it should be: a disk fails as a whole here.
    const when = random.pick(call.startsWith('pread') ? ['', from] : ['', from, now])
    const tracer = await injectInto(world.service.pid, [`${call}${when}`])
    await untilRefused(world, 3_000)
    const ms = random.between(50, 1_200)
    await sleep(ms)
    const times = await tracer.detach()
    return { text: `${call}${when} for ${ms} ms, ${times} times`, met: times > 0 }
  },
}

/** The grace of whatever is under way, a second try of the queue, and as much for a machine with other work. */
const endMs = 60_000

const disks = new WeakMap<World, JournalledDisk>()

/** The world keeps its disk as any; these faults know which kind they mounted. */
function journalled(world: World): JournalledDisk {
  const disk = disks.get(world) ?? (world.disk as JournalledDisk)
  disks.set(world, disk)
  return disk
}

const powerCut: Fault = {
  name: 'power-cut',
  about: 'the power goes: whatever was not synced is gone (ext4 shut down without its journal)',
  dies: true,
  whyNot: whyNoJournalledDisk,
  disk: mountJournalled,
  async strike(world, random) {
    const before = random.between(0, 600)
    await sleep(before)
    journalled(world).cutPower()
    // The process lives on over a dead disk: it must not say that anything is done.
    const ms = random.between(0, 300)
    await sleep(ms)
    await world.service.kill('SIGKILL')
    journalled(world).remount()
    await world.restart(null)
    return { text: `cut after ${before} ms, killed ${ms} ms later`, met: true }
  },
}

/** A sync that is under way ends in it; and a file system that was taken away says so from then on. */
const stillMs = 100

const readOnly: Fault = {
  name: 'read-only',
  about: 'the file system takes itself away from writers (ext4 with errors=remount-ro), until it is mounted again',
  dies: true,
  whyNot: whyNoJournalledDisk,
  disk: mountJournalled,
  async strike(world, random, { isShort }) {
    await sleep(random.between(0, 300))
    // Between giving up its journal and saying so (eight milliseconds, measured) the kernel answers a sync of what it has dropped
    // with success, which nobody can tell from a sync: the service stands still for it, wherever it is.
    process.kill(world.service.pid, 'SIGSTOP')
    await sleep(stillMs)
    journalled(world).makeReadOnly()
    await sleep(stillMs)
    process.kill(world.service.pid, 'SIGCONT')
    const met = await untilRefused(world, 3_000)
    const ms = random.between(0, 500)
    await sleep(ms)
    const startedAt = performance.now()
    // For what was sent and can't be noted it waits as long as it may.
    await world.service.kill(isShort ? 'SIGKILL' : 'SIGTERM')
    const ended = Math.round(performance.now() - startedAt)
    if (ended > endMs) world.ledger.problem(`with a disk that can't be written it took ${ended} ms to end`)
    journalled(world).remount()
    await world.restart(null)
    return { text: `read-only for ${ms} ms, then ended in ${ended} ms`, met }
  },
}

/** Reading must go on as before, below the longest sync; a machine with other work has its own delays, which are seen before. */
const readingMs = 2_500

const slow: Fault = {
  name: 'slow-disk',
  about: 'every sync takes long, some of them very long; whoever reads does not wait for it',
  dies: false,
  whyNot: whyNoStrace,
  async strike(world, random) {
    const client = await signIn(world, 'ada')
    const usual = await readFor(world, client, random)
    const delay = random.pick([30, 100, 300, 4_000])
    const calls = random.pick(['fdatasync', 'fsync', 'fdatasync,fsync', 'pwrite64'])
    const delayMs = calls === 'pwrite64' ? Math.min(delay, 30) : delay
    const tracer = await injectInto(world.service.pid, [`${calls}:delay_exit=${delayMs * 1000}`])
    const slowest = await readFor(world, client, random)
    const times = await tracer.detach()
    client.close()
    if (slowest > readingMs + 4 * usual)
      world.ledger.problem(`reading took ${slowest} ms instead of ${usual} ms while ${calls} took ${delayMs} ms`)
    return { text: `${calls} took ${delayMs} ms ${times} times, reading ${slowest} ms at the most`, met: times > 0 }
  },
}

async function readFor(world: World, client: Awaited<ReturnType<typeof signIn>>, random: Random): Promise<number> {
  let slowest = 0
  const until = performance.now() + random.between(500, 1_500)
  while (performance.now() < until) {
    const startedAt = performance.now()
    client.send('n STATUS INBOX (MESSAGES UNSEEN)\r\n')
    const { line } = await client.completion('n')
    if (!line.startsWith('OK')) world.ledger.problem(`STATUS was answered ${line} on a slow disk`)
    slowest = Math.max(slowest, Math.round(performance.now() - startedAt))
    await sleep(20)
  }
  return slowest
}

export const diskFaults: readonly Fault[] = [full, inputOutput, powerCut, readOnly, slow]
