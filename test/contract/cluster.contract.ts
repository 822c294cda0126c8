import { expect, it } from 'vitest'
import type { GetStore } from './store.contract.ts'
import { append, newAccount, newQueueMessage, newWebhook, noFlags } from './store-fixtures.ts'

export function clusterContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)
  const node = (nodeId: string) => ({
    nodeId,
    hostname: `${nodeId}.example.org`,
    version: '1.2.3',
    pid: 7,
    roles: ['mail', 'queue'],
    state: 'running' as const,
    notices: 'redis' as const,
    keyPrint: 'ab12',
    startedAt: 5,
    writeMs: 3,
  })

  it('counts how often each node said that it lives, until it leaves', async () => {
    await write('node.beat', { ...node('b'), at: 10 })
    await write('node.beat', { ...node('a'), at: 11 })
    await write('node.beat', { ...node('a'), state: 'draining', notices: 'polling', at: 12 })
    expect(await read('node.list', {})).toEqual([
      { ...node('a'), state: 'draining', notices: 'polling', seenAt: 12, beats: 2 },
      { ...node('b'), seenAt: 10, beats: 1 },
    ])
    await write('node.leave', { nodeId: 'a' })
    expect((await read('node.list', {})).map(({ nodeId }) => nodeId)).toEqual(['b'])
  })

  it('takes no beat, and no leave, of a process whose name another has by now', async () => {
    const [old, young] = [node('a'), { ...node('a'), startedAt: 6 }]
    expect(await write('node.beat', { ...old, at: 10 })).toBe(true)
    expect(await write('node.beat', { ...young, at: 11 })).toBe(false)
    expect(await write('node.beat', { ...old, pid: 8, at: 11 })).toBe(false)
    await write('node.leave', { nodeId: 'a', life: young })
    expect(await write('node.beat', { ...old, at: 12 })).toBe(true)
    await write('workLease.take', { name: 'books', nodeId: 'a', dead: [], at: 12 })
    await write('node.leave', { nodeId: 'a', life: old })
    expect([await read('node.list', {}), await read('workLease.list', {})]).toEqual([[], []])
    expect(await write('node.beat', { ...young, at: 13 })).toBe(true)
    expect(await read('node.list', {})).toEqual([{ ...young, seenAt: 13, beats: 1 }])
  })

  it('leases nothing that another node has, for as long as that is known, whatever its own clock says', async () => {
    await write('node.beat', { ...node('a'), at: 10 })
    const lease = async (owner: string, now: number, perDestination = 2) => {
      const leased = await write('queue.lease', { owner, now, leaseMs: 100, limit: 1, perDestination })
      return leased.map(({ address }) => address)
    }
    const queue = await newQueueMessage(
      get().store,
      ['x@far.test', 'y@far.test', 'z@far.test'].map(address => ({ address, at: 1 })),
    )
    await write('message.accept', { deliveries: [], queue: [queue], at: 1 })
    expect(await lease('a', 10)).toEqual(['x@far.test'])
    // Hours ahead. What that one is sending counts for its destination.
    expect(await lease('b', 9_000, 1)).toEqual([])
    expect(await lease('b', 9_000)).toEqual(['y@far.test'])
    // Its own it may have again, and what is left of one that nobody knows.
    for (const address of ['z@far.test', 'x@far.test', 'y@far.test'])
      expect(await lease('a', 20_000, 3)).toEqual([address])
    expect(await lease('b', 30_000, 9)).toEqual([])
    await write('node.leave', { nodeId: 'a' })
    expect(await lease('b', 30_000)).toEqual(['x@far.test'])
  })

  it('leases what waits behind more of another node than it looks at, whose leases look over', async () => {
    await write('node.beat', { ...node('a'), at: 10 })
    const lease = async (owner: string, now: number, limit: number) => {
      const leased = await write('queue.lease', { owner, now, leaseMs: 100, limit, perDestination: 9 })
      return leased.map(({ address }) => address)
    }
    const queued = async (addresses: string[], at: number) => {
      const queue = await newQueueMessage(
        get().store,
        addresses.map(address => ({ address, at })),
      )
      await write('message.accept', { deliveries: [], queue: [queue], at })
    }
    const others = Array.from({ length: 6 }, (_, i) => `a${i}@far.test`)
    await queued(others, 1)
    expect(await lease('a', 10, 6)).toEqual(others)
    // By a clock that is hours ahead it is due behind them.
    await queued(['b@far.test'], 8_000)
    expect(await lease('b', 9_000, 1)).toEqual(['b@far.test'])
  })

  it('leases no event that another node is telling, whatever its own clock says', async () => {
    await write('node.beat', { ...node('a'), at: 10 })
    await write('webhook.add', newWebhook('w'))
    const event = { event: 'plan.changed', domain: null, payload: '{}', retryUntil: 90_000 }
    for (const eventId of ['e1', 'e2']) await write('webhook.enqueue', { ...event, eventId, at: 1 })
    const lease = async (owner: string, now: number) => {
      const leased = await write('webhook.lease', { owner, now, leaseMs: 100, limit: 1, perWebhook: 9 })
      return leased.map(({ eventId }) => eventId)
    }
    expect(await lease('a', 10)).toEqual(['e1'])
    expect(await lease('b', 9_000)).toEqual(['e2'])
    expect(await lease('b', 9_000)).toEqual([])
    await write('node.bury', { nodeId: 'a', startedAt: 5, beats: 1, at: 20 })
    expect(await lease('b', 9_000)).toEqual(['e1'])
  })

  it('gives back what a dead node had leased, unless it has given a sign since', async () => {
    await write('node.beat', { ...node('a'), at: 10 })
    const lease = () => write('queue.lease', { owner: 'a', now: 100, leaseMs: 1_000, limit: 5, perDestination: 5 })
    const email = await newQueueMessage(get().store, [{ address: 'x@far.test', at: 1 }])
    await write('message.accept', { deliveries: [], queue: [email], at: 1 })
    await lease()
    const dead = { nodeId: 'a', startedAt: 5, beats: 1, at: 20 }
    expect(await write('node.bury', { ...dead, beats: 2 })).toBe(null)
    expect(await write('node.bury', { ...dead, startedAt: 6 })).toBe(null)
    expect(await write('node.bury', { ...dead, nodeId: 'b' })).toBe(null)
    expect(await read('queue.leases', {})).toEqual([{ owner: 'a', recipients: 1 }])
    expect(await write('node.bury', dead)).toEqual({ recipients: 1 })
    expect(await read('queue.leases', {})).toEqual([])
  })

  it('gives work to one node until it lets go of it, leaves or is dead', async () => {
    const take = (name: string, nodeId: string, at: number, dead: string[] = []) =>
      write('workLease.take', { name, nodeId, dead, at })
    expect(await take('sweeps', 'a', 1)).toBe(true)
    expect(await take('sweeps', 'b', 2)).toBe(false)
    expect(await take('books', 'b', 2)).toBe(true)
    expect(await take('sweeps', 'a', 3)).toBe(true)
    expect(await read('workLease.list', {})).toEqual([
      { name: 'books', nodeId: 'b', since: 2 },
      { name: 'sweeps', nodeId: 'a', since: 1 },
    ])
    expect(await take('sweeps', 'b', 4, ['a'])).toBe(true)
    expect(await take('sweeps', 'a', 5)).toBe(false)
    await write('workLease.release', { name: 'sweeps', nodeId: 'a' })
    expect(await take('sweeps', 'a', 6)).toBe(false)
    await write('workLease.release', { name: 'sweeps', nodeId: 'b' })
    expect(await take('sweeps', 'a', 7)).toBe(true)
    await write('node.leave', { nodeId: 'a' })
    expect((await read('workLease.list', {})).map(({ name }) => name)).toEqual(['books'])
  })

  it('gives work that all ask for at once to one of them', async () => {
    const nodes = ['a', 'b', 'c', 'd', 'e', 'f']
    const taken = await Promise.all(
      nodes.map(nodeId => write('workLease.take', { name: 'one', nodeId, dead: [], at: 1 })),
    )
    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  it('tells of each topic once, by its last stamp, and forgets what is old', async () => {
    await write('notice.put', { topics: ['settings', 'credentials 7'], stamp: 's1', at: 10 })
    await write('notice.put', { topics: ['settings'], stamp: 's2', at: 20 })
    const byTopic = async (since: number) =>
      (await read('notice.since', { since })).toSorted((a, b) => a.topic.localeCompare(b.topic))
    expect(await byTopic(0)).toEqual([
      { topic: 'credentials 7', stamp: 's1' },
      { topic: 'settings', stamp: 's2' },
    ])
    expect(await byTopic(20)).toEqual([{ topic: 'settings', stamp: 's2' }])
    expect(await write('notice.sweep', { before: 20, limit: 10 })).toEqual({ removed: 1 })
    expect(await byTopic(0)).toEqual([{ topic: 'settings', stamp: 's2' }])
  })

  it('says of several accounts how far each is', async () => {
    const ann = await newAccount(get().store)
    const bob = await newAccount(get().store, 'bob@one.test')
    await append(get().store, { accountId: bob.accountId, mailboxId: bob.inbox }, [noFlags])
    const found = await read('account.modseqs', { accountIds: [ann.accountId, bob.accountId, 9_999] })
    const expected = await Promise.all(
      [ann, bob].map(async ({ accountId }) => {
        const { modseq } = (await read('account.byId', { accountId }))!
        return { accountId, modseq }
      }),
    )
    expect(found.toSorted((a, b) => a.accountId - b.accountId)).toEqual(expected)
    expect(await read('account.modseqs', { accountIds: [] })).toEqual([])
  })

  it('says how much of the queue each owner has leased', async () => {
    const email = await newQueueMessage(get().store, [{ address: 'x@far.test' }, { address: 'y@far.test' }])
    await write('message.accept', { deliveries: [], queue: [email], at: 1 })
    expect(await read('queue.leases', {})).toEqual([])
    await write('queue.lease', { owner: 'n1', now: Date.now() + 1e9, leaseMs: 10, limit: 1, perDestination: 5 })
    expect(await read('queue.leases', {})).toEqual([{ owner: 'n1', recipients: 1 }])
  })
}
