import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import type { NoticesState } from '../store/types/cluster.ts'
import { clusterStatus } from './status.ts'

let now: number
let store: Store
const clock = { now: () => now }

beforeEach(async () => {
  now = 1_000_000
  store = await openSqliteStore({ path: ':memory:', clock })
})
afterEach(() => store.close())

function beat(nodeId: string, notices: NoticesState = 'redis', startedAt = 1): Promise<unknown> {
  return store.write('node.beat', {
    ...{ nodeId, hostname: `${nodeId}.example.org`, version: '1', pid: 1, roles: [], state: 'running' as const },
    ...{ notices, keyPrint: 'k', startedAt, writeMs: 1, at: now },
  })
}

const states = async (self: Parameters<typeof clusterStatus>[0]['self']) => {
  const { nodes, problems } = await clusterStatus({ store, isShared: true, redis: 'reached', self, clock })
  return { states: nodes.map(({ nodeId, state }) => `${nodeId} ${state}`), problems }
}

it('shows as dead what was not seen for minutes, also by a node that has just started and counted no beats', async () => {
  await beat('b')
  const justStarted = { nodeId: 'a', isDead: () => false, clockAheadOf: () => null, silence: null }
  now += 100_000
  await beat('a')
  // A clock that is a minute ahead is no death.
  expect(await states(justStarted)).toEqual({ states: ['a running', 'b running'], problems: [] })
  expect((await states(null)).states).toEqual(['a running', 'b dead'])
  now += 100_000
  await beat('a')
  expect(await states(justStarted)).toEqual({
    states: ['a running', 'b dead'],
    problems: ['b.example.org (b) is dead: the others take over its work'],
  })
  expect((await states({ ...justStarted, isDead: id => id === 'a' })).states).toContain('a dead')
})

it('shows one that lives and has another time as living, and says how far its clock is off', async () => {
  const off = { b: -600_000, c: 90_000 } as Record<string, number>
  const self = { nodeId: 'a', isDead: () => false, clockAheadOf: (id: string) => off[id] ?? null, silence: null }
  const time = now
  for (const id of ['a', 'b', 'c']) {
    now = time + (off[id] ?? 0)
    await beat(id, 'redis', now)
  }
  now = time + 3_000
  expect(await states(self)).toEqual({
    states: ['a running', 'b running', 'c running'],
    problems: [
      "the clock of b.example.org (b) is 600 s behind this node's: set both by a time server",
      "the clock of c.example.org (c) is 90 s ahead of this node's: set both by a time server",
    ],
  })
  const { nodes } = await clusterStatus({ store, isShared: true, redis: 'reached', self, clock })
  expect(nodes.map(({ seenMs }) => seenMs)).toEqual([3_000, 3_000, 3_000])
  expect(nodes.map(({ startedAt }) => startedAt)).toEqual([time, time, time])
})

it('says which node makes all of them poll', async () => {
  await beat('a')
  await beat('b', 'polling')
  expect((await states(null)).problems).toEqual(['no Redis on b.example.org: changes are polled on all nodes'])
})

it('says that the node it asks can be read of, but is not heard', async () => {
  await beat('a')
  const self = { nodeId: 'a', isDead: () => false, clockAheadOf: () => null }
  const problemsWith = async (silence: { ms: number; reason: string | null }) =>
    (await states({ ...self, silence })).problems
  expect(await problemsWith({ ms: 12_400, reason: 'it takes no changes' })).toEqual([
    'the store has taken no heartbeat of this node for 12 s: it takes no changes',
  ])
  expect(await problemsWith({ ms: 21_000, reason: null })).toEqual([
    'the store has taken no heartbeat of this node for 21 s',
  ])
})

it('does not wait for a store that does not answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const silent = { read: () => new Promise<never>(() => {}) }
    const asked = clusterStatus({ store: silent, isShared: true, redis: 'none', self: null, clock })
    const refused = expect(asked).rejects.toMatchObject({ code: 'unavailable', message: 'the store does not answer' })
    await vi.advanceTimersByTimeAsync(4_000)
    await refused
  } finally {
    vi.useRealTimers()
  }
})
