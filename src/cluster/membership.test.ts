import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../ops/log.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { type Store, StoreError } from '../store/store.ts'
import { BEAT_MS, MISSED_BEATS, SURELY_DEAD_MS, TRUSTED_MS } from './limits.ts'
import { Membership } from './membership.ts'
import { works } from './work.ts'

let now: number
let store: Store
/** Nodes that have the link. */
let linked: Set<string>
/** Nodes that can't write. */
let cutOff: Set<string>
/** What comes about while a node waits. */
let wait: (ms: number) => Promise<void>
/** What is written comes to the store behind it. */
let before: (operation: string) => Promise<void>
/** What nodes were told to end for. */
let problems: string[]

beforeEach(async () => {
  now = 1_000_000
  linked = new Set()
  cutOff = new Set()
  problems = []
  before = async () => {}
  wait = async ms => void (now += ms)
  store = await openSqliteStore({ path: ':memory:', clock: { now: () => now } })
})
afterEach(() => store.close())

function node(nodeId: string, startedAt = 1): Membership {
  const own = {
    read: store.read.bind(store),
    write: ((operation, args) =>
      cutOff.has(nodeId)
        ? Promise.reject(new StoreError('unavailable', 'gone'))
        : before(operation).then(() => store.write(operation, args))) as Store['write'],
  }
  return new Membership({
    store: own,
    self: () => ({
      nodeId,
      hostname: `${nodeId}.example.org`,
      version: '1',
      pid: 1,
      roles: ['queue'],
      state: 'running',
      notices: linked.has(nodeId) ? 'redis' : 'polling',
      keyPrint: 'k',
      startedAt,
    }),
    // Clocks are no part of it: each has its own.
    clock: { now: () => now + (nodeId === 'b' ? 3_600_000 : 0) },
    hasEnded: false,
    onNamesake: problem => problems.push(problem),
    elapsed: () => now,
    wait: ms => wait(ms),
    log: silentLog,
  })
}

async function beats(count: number, ...nodes: Membership[]): Promise<void> {
  for (let beat = 0; beat < count; beat++) {
    now += BEAT_MS
    for (const each of nodes) await each.round()
  }
}

async function queueOne(): Promise<void> {
  await store.write('domain.add', { name: 'one.test', at: 1 })
  const blob = await store.blobs.stage(Buffer.from('x'))
  const recipient = { address: 'x@far.test', destination: 'far.test', notify: null, originalRecipient: null }
  const queued = {
    ...{ reversePath: '', blob, sizeBytes: 1, accountId: null, ret: null, envelopeId: null },
    ...{ smtpUtf8: false, eightBit: false, recipients: [{ ...recipient, nextAttemptAt: 0 }] },
  }
  await store.write('message.accept', { deliveries: [], queue: [queued], at: 1 })
}

const lease = (owner: string) => store.write('queue.lease', { owner, now, leaseMs: 1e9, limit: 5, perDestination: 5 })

it('gives the work of a dead node, and what it had leased, to another', async () => {
  const [a, b] = [node('a'), node('b')]
  await a.round()
  await b.round()
  await queueOne()
  await lease('a')
  let freed = 0
  b.onFreed = () => freed++
  expect([a.isMine('sweeps'), b.isMine('sweeps')]).toEqual([true, false])

  await beats(MISSED_BEATS - 1, b)
  expect(b.dead).toEqual([])
  expect(await store.read('queue.leases', {})).toHaveLength(1)
  expect(freed).toBe(0)
  await beats(1, b)
  expect(b.dead).toEqual(['a'])
  expect(await store.read('queue.leases', {})).toEqual([])
  expect(freed).toBe(1)
  expect([a.isMine('sweeps'), b.isMine('sweeps')]).toEqual([false, true])

  await beats(1, a, b)
  expect([a.dead, b.dead]).toEqual([[], []])
  expect([a.isMine('sweeps'), b.isMine('sweeps')]).toEqual([false, true])
})

it('takes nothing from a dead node that begins a new life meanwhile', async () => {
  const [a, b] = [node('a'), node('b')]
  await beats(1, a, b)
  await queueOne()
  let again: Membership | null = null
  before = async operation => {
    // Behind its last look.
    if (operation === 'workLease.take' || operation === 'node.beat' || again) return
    again = node('a', 2)
    await store.write('node.leave', { nodeId: 'a' })
    await again.round()
    await lease('a')
  }
  await beats(MISSED_BEATS, b)
  expect(again).not.toBe(null)
  expect(b.dead).toEqual([])
  expect(await store.read('queue.leases', {})).toEqual([{ owner: 'a', recipients: 1 }])
  await beats(MISSED_BEATS, b)
  expect(b.dead).toEqual([])
  await beats(1, b)
  expect(b.dead).toEqual(['a'])
  expect(await store.read('queue.leases', {})).toEqual([])
})

it('takes nobody for dead by looking often', async () => {
  const [a, b] = [node('a'), node('b')]
  await beats(1, a, b)
  for (let look = 0; look < 50; look++) await b.round()
  expect(b.dead).toEqual([])
})

it('knows how far the clock of another is off, once two of its beats tell', async () => {
  const [a, b] = [node('a'), node('b')]
  await beats(1, b, a)
  expect(a.clockAheadOf('b')).toBe(null)
  await beats(1, b, a)
  expect(a.clockAheadOf('b')).toBe(0)
  await beats(1, b, a)
  expect([a.clockAheadOf('b'), a.clocksBehindMs]).toEqual([3_600_000, 0])
  await beats(1, b, a)
  expect([b.clockAheadOf('a'), b.clocksBehindMs]).toEqual([-3_605_000, 3_605_000])
})

it('takes the age of a beat for no clock that is behind', async () => {
  const [a, c] = [node('a'), node('c')]
  await beats(2, c, a)
  await c.round()
  now += BEAT_MS - 1
  await a.round()
  expect([a.clockAheadOf('c'), a.clocksBehindMs]).toEqual([0, 0])
})

it('knows whether another that lives is without the link', async () => {
  linked = new Set(['a', 'b'])
  const [a, b] = [node('a'), node('b')]
  await beats(2, a, b)
  expect([a.othersPoll, b.othersPoll]).toEqual([false, false])
  linked.delete('b')
  await beats(1, b, a)
  expect([a.othersPoll, b.othersPoll]).toEqual([true, false])
  linked.add('b')
  await beats(1, b, a)
  expect(a.othersPoll).toBe(false)
  linked.delete('b')
  await beats(1, b, a)
  await beats(MISSED_BEATS, a)
  expect(a.dead).toEqual(['b'])
  expect(a.othersPoll).toBe(false)
})

it('does not trust itself before the others give it up', async () => {
  const [a, b] = [node('a'), node('b')]
  await beats(1, a, b)
  cutOff.add('a')
  let untrusted = 0
  for (let beat = 1; b.dead.length === 0; beat++) {
    await beats(1, a, b)
    if (untrusted === 0 && !a.isTrusted) untrusted = beat
  }
  expect(untrusted).toBeGreaterThan(0)
  expect(untrusted * BEAT_MS).toBeLessThanOrEqual(TRUSTED_MS)
  expect(TRUSTED_MS + 2 * BEAT_MS).toBeLessThanOrEqual(MISSED_BEATS * BEAT_MS)
  expect(a.isMine('sweeps')).toBe(false)
  expect(b.isMine('sweeps')).toBe(true)
  expect(a.silence).toEqual({ ms: MISSED_BEATS * BEAT_MS, reason: 'gone' })
  cutOff.clear()
  await beats(1, a, b)
  expect([a.silence, b.silence]).toEqual([null, null])
  now += TRUSTED_MS
  expect(b.silence).toEqual({ ms: TRUSTED_MS, reason: null })
})

it('leaves at once what it leaves in good order, and takes none while it drains', async () => {
  const [a, b] = [node('a'), node('b')]
  await beats(1, a, b)
  await a.letGo()
  await beats(1, b)
  expect([a.isMine('news'), b.isMine('news')]).toEqual([false, true])
  await beats(1, a)
  expect(a.isMine('news')).toBe(false)
  await b.stop()
  expect((await store.read('node.list', {})).map(({ nodeId }) => nodeId)).toEqual(['a'])
  expect(await store.read('workLease.list', {})).toEqual([])
})

it('lets one node at a time hold something, also where it could not be let go of at first', async () => {
  const [a, b] = [node('a'), node('b')]
  await beats(1, a, b)
  expect([await a.hold('maildrop 7'), await b.hold('maildrop 7'), await b.hold('maildrop 8')]).toEqual([
    true,
    false,
    true,
  ])
  cutOff.add('a')
  a.release('maildrop 7')
  await beats(1, a, b)
  expect(await b.hold('maildrop 7')).toBe(false)
  cutOff.clear()
  await beats(1, a)
  expect(await b.hold('maildrop 7')).toBe(true)
  const again = node('b', 2)
  await again.start()
  await again.stop()
  expect(await a.hold('maildrop 8')).toBe(true)
})

it('takes nothing from who holds it again, where a beat comes while it is let go of', async () => {
  const [a, b] = [node('a'), node('b')]
  await beats(1, a, b)
  await a.hold('maildrop 7')
  const releases: (() => void)[] = []
  let taken = 0
  before = async operation => {
    if (operation === 'workLease.take') taken++
    if (operation === 'workLease.release') await new Promise<void>(resolve => releases.push(resolve))
  }
  a.release('maildrop 7')
  const beat = a.round()
  await expect.poll(() => taken).toBe(works.length)
  // The beat goes on, as far as it goes by itself.
  await new Promise(setImmediate)
  releases[0]!()
  expect(await a.hold('maildrop 7')).toBe(true)
  for (const release of releases) release()
  await beat
  expect(await b.hold('maildrop 7')).toBe(false)
})

describe('a node that finds its own name', () => {
  it('takes nothing from who lives under it', async () => {
    const [first, second] = [node('a', 1), node('a', 2)]
    await first.start()
    await first.hold('maildrop 7')
    wait = async ms => {
      now += ms
      if (now >= 1_000_000 + BEAT_MS) await first.round()
    }
    await expect(second.start()).rejects.toMatchObject({ code: 'unavailable' })
    await second.stop()
    expect((await store.read('node.list', {})).map(({ startedAt }) => startedAt)).toEqual([1])
    expect((await store.read('workLease.list', {})).map(({ name }) => name)).toContain('maildrop 7')
    await first.stop()
  })

  it('is it once nothing is heard of it for longer than a beat', async () => {
    await node('a', 1).round()
    const again = node('a', 2)
    const begun = now
    await again.start()
    expect(now - begun).toBeGreaterThan(BEAT_MS)
    expect((await store.read('node.list', {})).map(({ startedAt }) => startedAt)).toEqual([2])
    await again.stop()
  })

  it('gives way to one that was started at the same moment, and takes nothing from it', async () => {
    const [first, second] = [node('a', 1), node('a', 2)]
    let isBetween = false
    before = async operation => {
      // Behind the other's look.
      if (isBetween || operation !== 'node.leave') return
      isBetween = true
      await first.start()
      await first.hold('maildrop 7')
    }
    await expect(second.start()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('a node named a runs already, at a.example.org as process 1: '),
    })
    await second.stop()
    expect((await store.read('node.list', {})).map(({ startedAt }) => startedAt)).toEqual([1])
    expect((await store.read('workLease.list', {})).map(({ name }) => name)).toContain('maildrop 7')
    await first.stop()
    expect([await store.read('node.list', {}), problems]).toEqual([[], []])
  })

  it('gives way to one that was started while it stood still, and takes nothing from it', async () => {
    const [first, second] = [node('a', 1), node('a', 2)]
    await first.start()
    await first.hold('maildrop 7')
    now += SURELY_DEAD_MS + 1
    await second.start()
    await second.hold('maildrop 8')
    first.release('maildrop 8')
    await first.round()
    await first.round()
    expect(problems).toEqual([expect.stringContaining('a node named a runs already, at a.example.org as process 1: ')])
    expect([first.isTrusted, first.isMine('sweeps'), second.isMine('sweeps')]).toEqual([false, false, true])
    await first.stop()
    expect((await store.read('node.list', {})).map(({ startedAt }) => startedAt)).toEqual([2])
    await second.stop()
    expect(await store.read('workLease.list', {})).toEqual([])
  })

  it('is it at once where nothing was heard of it for long', async () => {
    await node('a', 1).round()
    now += SURELY_DEAD_MS + 1
    const begun = now
    const again = node('a', 2)
    await again.start()
    expect(now).toBe(begun)
    await again.stop()
  })
})
