import { describe, expect, it } from 'vitest'
import type { AttemptResult, LeasedRecipient, RecipientStatus } from '../../src/store/types.ts'
import type { GetStore } from './store.contract.ts'
import { newQueueMessage } from './store-fixtures.ts'

const answer: AttemptResult = {
  at: 60,
  status: '4.2.0',
  text: '450 4.2.0 try later',
  remoteHost: 'mx.far.test',
  remoteAddress: '192.0.2.1',
}

export function queueContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)

  async function submit(
    ...recipients: { address: string; destination?: string; at?: number }[]
  ): Promise<{ queueId: number; ids: number[] }> {
    const queue = await newQueueMessage(get().store, recipients)
    const { queueIds } = await write('message.accept', { deliveries: [], queue: [queue], at: 10 })
    const queueId = queueIds[0]!
    const shown = await read('queue.show', { queueId: queueId })
    return { queueId: queueId, ids: shown!.recipients.map(({ recipientId }) => recipientId) }
  }
  const lease = (
    now: number,
    over: { limit?: number; perDestination?: number; owner?: string; except?: number[] } = {},
  ) => write('queue.lease', { owner: 'me', now, leaseMs: 100, limit: 50, perDestination: 20, ...over })
  const addresses = (leased: LeasedRecipient[]): string[] => leased.map(({ address }) => address)
  const settle = (
    recipientId: number,
    status: RecipientStatus,
    nextAttemptAt: number,
    over: { delayNotified?: boolean; countAttempt?: boolean } = {},
  ) =>
    write('queue.settle', {
      results: [
        { recipientId, status, nextAttemptAt, result: answer, delayNotified: false, countAttempt: true, ...over },
      ],
      reports: [],
      at: 70,
    })
  const statusOf = async (recipientId: number, queueId: number) =>
    (await read('queue.show', { queueId }))!.recipients.find(row => row.recipientId === recipientId)!

  it('leases nothing of what it is told to leave, whose lease is over', async () => {
    const { ids } = await submit({ address: 'a@far.test' }, { address: 'b@far.test' }, { address: 'c@far.test' })
    expect(addresses(await lease(50))).toHaveLength(3)
    expect(addresses(await lease(5000, { except: [ids[0]!, ids[2]!], limit: 2 }))).toEqual(['b@far.test'])
    expect(addresses(await lease(5050, { limit: 1, except: [ids[0]!] }))).toEqual(['c@far.test'])
    expect(addresses(await lease(5050))).toEqual(['a@far.test'])
  })

  it('takes from who lost the lease only that it was delivered', async () => {
    const { queueId, ids } = await submit({ address: 'a@far.test' }, { address: 'b@far.test' })
    const [a, b] = ids as [number, number]
    const by = (owner: string, recipientId: number, status: RecipientStatus) =>
      write('queue.settle', {
        owner,
        results: [{ recipientId, status, nextAttemptAt: 90, result: answer, delayNotified: false, countAttempt: true }],
        reports: [],
        at: 70,
      })
    await lease(50, { owner: 'one' })
    expect(await write('queue.release', { owner: 'one' })).toEqual({ recipients: 2 })
    await lease(51, { owner: 'other' })
    for (const status of ['queued', 'failed', 'expired'] as const)
      await expect(by('one', a, status)).rejects.toMatchObject({ code: 'conflict' })
    expect(await statusOf(a, queueId)).toMatchObject({ status: 'queued', leaseOwner: 'other', attempts: 0 })
    await by('one', a, 'delivered')
    expect(await statusOf(a, queueId)).toMatchObject({ status: 'delivered', leaseOwner: null, attempts: 1 })
    // Sent twice; or refused the second time, which is no reason for a bounce.
    await by('other', a, 'delivered')
    await expect(by('other', a, 'failed')).rejects.toMatchObject({ code: 'conflict' })
    expect(await statusOf(a, queueId)).toMatchObject({ status: 'delivered', attempts: 1 })
    await by('other', b, 'failed')
    expect(await statusOf(b, queueId)).toMatchObject({ status: 'failed' })
  })

  it('keeps a message and its recipients as they were given', async () => {
    const queue = {
      ...(await newQueueMessage(get().store, [])),
      reversePath: '',
      accountId: 4,
      ret: 'HDRS' as const,
      envelopeId: 'QQ+31',
      smtpUtf8: true,
      recipients: [
        {
          address: 'c@far.test',
          destination: 'far.test',
          notify: ['SUCCESS' as const, 'DELAY' as const],
          originalRecipient: 'rfc822;c@far.test',
          nextAttemptAt: 30,
        },
        { address: 'd@far.test', destination: 'far.test', notify: null, originalRecipient: null, nextAttemptAt: 20 },
      ],
    }
    const { queueIds } = await write('message.accept', { deliveries: [], queue: [queue], at: 10 })
    const queueId = queueIds[0]!
    const { recipients, blob, ...message } = queue
    const shown = await read('queue.show', { queueId: queueId })
    expect(shown!.message).toEqual({ ...message, queueId, blobHash: blob.hash, createdAt: 10 })
    expect(shown!.recipients).toMatchObject(
      recipients.map(recipient => ({
        ...recipient,
        queueId,
        status: 'queued',
        attempts: 0,
        delayNotifiedAt: null,
        leaseOwner: null,
        leaseUntil: null,
        last: null,
        heldFor: null,
        releasedAt: null,
      })),
    )
    expect(Buffer.from(await get().store.blobs.read(blob.hash)).toString()).toBe('queued')
    expect(await read('queue.show', { queueId: 99 })).toBeNull()
  })

  it('leases what is due, oldest first, once', async () => {
    await submit({ address: 'b@x.test', at: 40 }, { address: 'a@y.test', at: 20 })
    await submit({ address: 'c@z.test', at: 30 }, { address: 'late@z.test', at: 51 })
    expect(await read('queue.nextDue', { now: 0 })).toBe(20)
    expect(addresses(await lease(19))).toEqual([])
    const leased = await lease(50)
    expect(addresses(leased)).toEqual(['a@y.test', 'c@z.test', 'b@x.test'])
    expect(leased[0]).toMatchObject({ leaseOwner: 'me', leaseUntil: 150, message: { reversePath: 'ann@one.test' } })
    expect(addresses(await lease(50))).toEqual([])
    expect(await read('queue.nextDue', { now: 50 })).toBe(51)
    expect(addresses(await lease(149))).toEqual(['late@z.test'])
  })

  it('leases again what a lease that ran out left, and at once what is released', async () => {
    await submit({ address: 'a@x.test', at: 1 }, { address: 'b@x.test', at: 1 })
    await lease(10, { owner: 'gone', limit: 1 })
    await lease(20, { owner: 'other' })
    expect(addresses(await lease(109))).toEqual([])
    expect(addresses(await lease(110))).toEqual(['a@x.test'])
    await write('queue.release', { owner: 'other' })
    expect(addresses(await lease(111))).toEqual(['b@x.test'])
    expect(await read('queue.nextDue', { now: 111 })).toBe(210)
  })

  it('keeps to the limit of a destination, those already leased counted', async () => {
    await submit(...['1', '2', '3', '4', '5'].map(local => ({ address: `${local}@busy.test` })))
    await submit({ address: 'a@free.test' })
    expect(addresses(await lease(1, { perDestination: 2, limit: 2 }))).toEqual(['1@busy.test', '2@busy.test'])
    expect(addresses(await lease(2, { perDestination: 2 }))).toEqual(['a@free.test'])
    const third = await lease(3, { perDestination: 3 })
    expect(addresses(third)).toEqual(['3@busy.test'])
    await settle(third[0]!.recipientId, 'delivered', 0)
    expect(addresses(await lease(4, { perDestination: 3 }))).toEqual(['4@busy.test'])
  })

  it('finds what is due behind thousands that wait for a busy destination', async () => {
    await submit(...Array.from({ length: 3000 }, (_, index) => ({ address: `${index}@busy.test`, at: index % 7 })))
    await submit({ address: 'z@b.test', at: 30 }, { address: 'y@c.test', at: 20 }, { address: 'later@d.test', at: 500 })
    expect(await lease(40, { limit: 5, perDestination: 5 })).toHaveLength(5)
    expect(addresses(await lease(41, { limit: 5, perDestination: 5 }))).toEqual(['y@c.test', 'z@b.test'])
    expect(addresses(await lease(42, { limit: 5, perDestination: 5 }))).toEqual([])
  })

  it('finds what is due behind busy destinations where hundreds of others wait', async () => {
    await submit(...Array.from({ length: 100 }, (_, index) => ({ address: `${index}@${index % 2}.busy.test`, at: 1 })))
    await submit(...Array.from({ length: 300 }, (_, index) => ({ address: `x@${index}.test`, at: 10 + (index % 9) })))
    expect(await lease(40, { limit: 4, perDestination: 2 })).toHaveLength(4)
    const leased = await lease(41, { limit: 40, perDestination: 2 })
    expect(leased.map(row => row.nextAttemptAt)).toEqual([...Array(34).fill(10), ...Array(6).fill(11)])
    expect(new Set(addresses(leased)).size).toBe(40)
  })

  describe('leases of no sender more than his share', () => {
    const shares = { leased: [], ofSender: 4, ofNobody: 2, perDestination: 3, apart: ['local'] }
    /** Of an account, or of the null reverse-path. */
    async function send(from: number | null, at: number, ...to: string[]): Promise<void> {
      const recipients = to.map(address => ({ address, at }))
      const queued = await newQueueMessage(get().store, recipients)
      const message = { ...queued, accountId: from, ...(from === null && { reversePath: '' }) }
      await write('message.accept', { deliveries: [], queue: [message], at: 10 })
    }
    const many = (count: number, domain: (index: number) => string): string[] =>
      Array.from({ length: count }, (_, index) => `${index}@${domain(index)}`)
    const leaseShared = async (now: number, leased: readonly (readonly [number, string, number])[] = []) =>
      addresses(
        await write('queue.lease', {
          owner: 'me',
          now,
          leaseMs: 100,
          limit: 10,
          perDestination: 9,
          shares: { ...shares, leased },
        }),
      )

    it('to one destination, and finds another’s behind thousands of his', async () => {
      await send(1, 10, ...many(3000, () => 'x.test'))
      await send(3, 30, 'three@x.test')
      expect(await leaseShared(40)).toEqual(['0@x.test', '1@x.test', '2@x.test', 'three@x.test'])
      await send(4, 41, 'four@x.test')
      expect(await leaseShared(42, [[1, 'x.test', 3]])).toEqual(['four@x.test'])
      expect(await leaseShared(43, [[1, 'x.test', 2]])).toEqual(['3@x.test'])
    })

    it('to all, less of what nobody sent, here none', async () => {
      await send(null, 10, ...many(30, index => `${index}.test`))
      await send(1, 20, ...many(500, index => `${index}.test`))
      await send(3, 30, 'three@x.test')
      expect(await leaseShared(40)).toEqual([
        ...many(2, index => `${index}.test`),
        ...many(4, index => `${index}.test`),
        'three@x.test',
      ])
      const before = [
        [-1, 'z.test', 2],
        [1, 'z.test', 4],
      ] as const
      expect(await leaseShared(41, before)).toEqual([])
      const bounces = Array.from({ length: 5 }, (_, index) => ({ address: `${index}@here.test`, destination: 'local' }))
      const queued = await newQueueMessage(get().store, bounces)
      await write('message.accept', { deliveries: [], queue: [{ ...queued, reversePath: '' }], at: 10 })
      expect(await leaseShared(42, before)).toHaveLength(5)
    })
  })

  it('makes due what a clock that was ahead put off, but nothing that is held or leased', async () => {
    await submit({ address: 'soon@x.test', at: 400 }, { address: 'late@x.test', at: 9000 })
    const held = await submit({ address: 'held@x.test', at: 9000 })
    await write('queue.control', { queueId: held.queueId, recipientIds: null, action: 'hold', at: 20 })
    await submit({ address: 'leased@x.test', at: 15 })
    await write('queue.lease', { owner: 'me', now: 16, leaseMs: 9000, limit: 1, perDestination: 9 })
    expect(await write('queue.recall', { now: 50, after: 500 })).toEqual({ recipients: 1 })
    expect(addresses(await lease(50))).toEqual(['late@x.test'])
    expect(await write('queue.recall', { now: 50, after: 500 })).toEqual({ recipients: 0 })
  })

  it('writes what became of an attempt, and queues the reports of it', async () => {
    const { queueId, ids } = await submit({ address: 'a@x.test' }, { address: 'b@x.test' })
    const [a, b] = await lease(50)
    const report = await newQueueMessage(get().store, [{ address: 'ann@one.test', destination: 'local' }], 'a report')
    await write('queue.settle', {
      results: [
        {
          recipientId: a!.recipientId,
          status: 'queued',
          nextAttemptAt: 400,
          result: answer,
          delayNotified: true,
          countAttempt: true,
        },
        {
          recipientId: b!.recipientId,
          status: 'failed',
          nextAttemptAt: 0,
          result: answer,
          delayNotified: false,
          countAttempt: true,
        },
      ],
      reports: [report],
      at: 70,
    })
    expect(await statusOf(ids[0]!, queueId)).toMatchObject({
      status: 'queued',
      attempts: 1,
      nextAttemptAt: 400,
      delayNotifiedAt: 70,
      leaseOwner: null,
      last: answer,
    })
    expect(await statusOf(ids[1]!, queueId)).toMatchObject({ status: 'failed', attempts: 1, last: answer })
    expect(addresses(await lease(80))).toEqual(['ann@one.test'])
    expect(await read('queue.counts', {})).toEqual([
      { status: 'failed', recipients: 1 },
      { status: 'queued', recipients: 2 },
    ])
  })

  it('does not count an attempt that was none, and tells of a delay once', async () => {
    const { queueId, ids } = await submit({ address: 'a@x.test' })
    await lease(50)
    await settle(ids[0]!, 'queued', 60, { countAttempt: false, delayNotified: true })
    await write('queue.settle', {
      results: [
        {
          recipientId: ids[0]!,
          status: 'queued',
          nextAttemptAt: 61,
          result: answer,
          delayNotified: true,
          countAttempt: false,
        },
      ],
      reports: [],
      at: 90,
    })
    expect(await statusOf(ids[0]!, queueId)).toMatchObject({ attempts: 0, delayNotifiedAt: 70 })
  })

  it('is controlled by recipient or by message', async () => {
    const { queueId, ids } = await submit({ address: 'a@x.test', at: 900 }, { address: 'b@x.test', at: 900 })
    const control = (action: 'retry' | 'hold' | 'unhold' | 'remove', ...recipientIds: number[]) =>
      write('queue.control', {
        queueId,
        recipientIds: recipientIds.length > 0 ? recipientIds : null,
        action,
        at: 100,
      })
    expect(await control('hold', ids[0]!)).toEqual({ recipients: 1 })
    expect(addresses(await lease(1000))).toEqual(['b@x.test'])
    await write('queue.release', { owner: 'me' })
    expect(await control('unhold')).toEqual({ recipients: 1 })
    expect(await control('unhold')).toEqual({ recipients: 0 })
    expect(addresses(await lease(100))).toEqual([])
    expect(await control('retry')).toEqual({ recipients: 2 })
    expect(addresses(await lease(100))).toEqual(['a@x.test', 'b@x.test'])
    expect(await control('remove')).toEqual({ recipients: 2 })
    expect(await control('retry')).toEqual({ recipients: 0 })
    expect(await write('queue.control', { queueId: 99, recipientIds: null, action: 'hold', at: 1 })).toEqual({
      recipients: 0,
    })
  })

  it('lets an operator’s word stand over an attempt that was under way, unless that ended it', async () => {
    const { queueId, ids } = await submit({ address: 'a@x.test' }, { address: 'b@x.test' })
    await lease(1)
    await write('queue.control', { queueId, recipientIds: null, action: 'remove', at: 2 })
    await settle(ids[0]!, 'queued', 500)
    await settle(ids[1]!, 'delivered', 0)
    expect(await statusOf(ids[0]!, queueId)).toMatchObject({ status: 'removed' })
    expect(await statusOf(ids[1]!, queueId)).toMatchObject({ status: 'delivered' })
    expect(addresses(await lease(1000))).toEqual([])
  })

  it('lists messages by page and by status', async () => {
    const first = await submit({ address: 'a@x.test' }, { address: 'b@x.test' })
    const second = await submit({ address: 'c@x.test' })
    const third = await submit({ address: 'd@x.test' })
    await settle(first.ids[0]!, 'delivered', 0)
    await settle(second.ids[0]!, 'delivered', 0)
    const ids = async (after: number | null, limit: number, statuses: RecipientStatus[] | null): Promise<number[]> =>
      (await read('queue.list', { after, limit, statuses })).map(({ message }) => message.queueId)
    expect(await ids(null, 2, null)).toEqual([first.queueId, second.queueId])
    expect(await ids(second.queueId, 2, null)).toEqual([third.queueId])
    expect(await ids(null, 9, ['queued'])).toEqual([first.queueId, third.queueId])
    expect(await ids(null, 1, ['delivered'])).toEqual([first.queueId])
    expect(await ids(first.queueId, 9, ['delivered'])).toEqual([second.queueId])
    expect(await ids(null, 2, ['queued', 'delivered'])).toEqual([first.queueId, second.queueId])
    expect(await ids(second.queueId, 2, ['queued', 'delivered'])).toEqual([third.queueId])
    expect(await ids(null, 9, ['held'])).toEqual([])
    const [shown] = await read('queue.list', { after: null, limit: 1, statuses: ['queued'] })
    expect(shown!.recipients.map(({ address }) => address)).toEqual(['a@x.test', 'b@x.test'])
  })

  it('forgets settled messages older than asked, in bounded steps, and lets go of their blobs', async () => {
    const first = await submit({ address: 'a@x.test' }, { address: 'b@x.test' })
    const second = await submit({ address: 'c@x.test' })
    await settle(first.ids[0]!, 'delivered', 0)
    await settle(second.ids[0]!, 'failed', 0)
    expect(await write('store.sweep', { before: 70, limit: 10 })).toMatchObject({ removedBlobs: [], more: false })
    await write('store.sweep', { before: 71, limit: 10 })
    expect(await read('queue.show', { queueId: second.queueId })).toBeNull()
    expect(await read('queue.show', { queueId: first.queueId })).not.toBeNull()
    await write('queue.control', { queueId: first.queueId, recipientIds: null, action: 'remove', at: 80 })
    const swept = await write('store.sweep', { before: 81, limit: 1 })
    expect(swept.more).toBe(true)
    expect(swept.removedBlobs).toHaveLength(1)
    expect(await read('queue.counts', {})).toEqual([])
    expect(await read('queue.nextDue', { now: 0 })).toBeNull()
    // Ids tell messages apart in logs for good.
    expect((await submit({ address: 'd@x.test' })).queueId).toBeGreaterThan(second.queueId)
  })
}
