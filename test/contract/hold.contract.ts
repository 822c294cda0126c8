/** Mail of an account that is held since it was unusual: what is counted, what waits, what staff decide, what is given up. */
import { expect, it } from 'vitest'
import { writeAll } from '../../src/store/store.ts'
import type { HoldReason, HoldThresholds } from '../../src/store/types/sending.ts'
import type { GetStore } from './store.contract.ts'
import { damagesOf, newAccount, newQueueMessage } from './store-fixtures.ts'
import { everything, newTrace, to as recipientOf } from './trace-fixtures.ts'

const HOUR = 60 * 60_000
const DAY = 24 * HOUR
const address = 'ann@one.test'
const thresholds: HoldThresholds = { 'new-place': 50, 'unknown-users': 5, bounces: 8 }

export function holdContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)
  const defaults = { mailbox: null, domain: null }
  const watched = (isNewPlace: boolean, held = false) => ({ held, isNewPlace, newPlaceLimit: 50 })
  const charge = (
    accountId: number,
    recipients: number,
    at: number,
    from: { held: boolean; isNewPlace: boolean; newPlaceLimit: number | null },
  ) => write('sending.charge', { accountId, recipients, defaults, watched: from, at })
  const unusual = { code: 'unusual' }
  const facts = { count: 60, usual: 50, sample: ['x@far.test'], remoteAddress: '203.0.113.9', place: 'JP' }
  const hold = (accountId: number, at: number, reason: HoldReason = 'new-place') =>
    write('sending.hold', { accountId, reason, facts, at })
  const failed = (accountId: number, addresses: string[], at: number, isUnknown = true, wereSent = true) =>
    write('sending.failed', {
      accountId,
      failures: addresses.map(each => ({ address: each, isUnknown })),
      wereSent,
      thresholds,
      at,
    })
  const heldOf = async (accountId: number, at = 0) =>
    (await read('sending.gauge', { subject: { kind: 'mailbox', accountId }, defaults, at }))!.held
  const queue = async (accountId: number | null, to: string[], at: number) => {
    const message = await newQueueMessage(
      get().store,
      to.map(each => ({ address: each, at })),
    )
    const { queueIds } = await write('message.accept', {
      deliveries: [],
      queue: [{ ...message, accountId, trace: newTrace({ at, recipients: to.map(each => recipientOf(each)) }) }],
      at,
    })
    return queueIds[0]!
  }
  const statuses = async () =>
    (await read('queue.list', { after: null, limit: 100, statuses: null })).flatMap(({ recipients }) =>
      recipients.map(({ address: to, status }) => `${to} ${status}`),
    )
  const lease = (now: number) =>
    write('queue.lease', { owner: 'me', now, leaseMs: HOUR, limit: 100, perDestination: 100 })
  const eventsOf = async () => {
    const { rows } = await read('trace.search', everything)
    const traceIds = rows.map(({ traceId }) => traceId)
    const events = await read('trace.events', { traceIds, recipients: null, limit: 100 })
    return events.map(({ kind, recipient, detail }) => ({ kind, recipient, detail }))
  }

  it('is asked for by a message that goes beyond the usual from a new place, and by no other', async () => {
    const { accountId } = await newAccount(get().store)
    await charge(accountId, 50, 0, watched(true))
    await expect(charge(accountId, 1, 1, watched(true))).rejects.toMatchObject(unusual)
    // Undone: it counts for nothing. From a known place it goes, and what is usual there is usual elsewhere.
    await charge(accountId, 200, 2, watched(false))
    await charge(accountId, 150, 3, watched(true))
    await expect(charge(accountId, 1, 4, watched(true))).rejects.toMatchObject(unusual)
    await charge(accountId, 200, HOUR + 3, watched(true))
    await expect(charge(accountId, 1, HOUR + 4, watched(true))).rejects.toMatchObject(unusual)
    await charge(accountId, 1, HOUR + 4, { ...watched(true), newPlaceLimit: null })
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('takes no habit from what comes from a new place, and forgets one after two seasons', async () => {
    const { accountId } = await newAccount(get().store)
    await charge(accountId, 50, 0, watched(true))
    await charge(accountId, 50, 2 * HOUR, watched(true))
    await expect(charge(accountId, 1, 2 * HOUR, watched(true))).rejects.toMatchObject(unusual)
    await charge(accountId, 80, 4 * HOUR, watched(false))
    await charge(accountId, 80, 100 * DAY, watched(true))
    await expect(charge(accountId, 60, 200 * DAY, watched(true))).rejects.toMatchObject(unusual)
  })

  it('holds what the account queues from then on, of this account alone', async () => {
    const { accountId } = await newAccount(get().store)
    const other = await newAccount(get().store, 'bob@one.test')
    await hold(accountId, 5)
    await hold(accountId, 6)
    await queue(accountId, ['x@far.test', 'y@far.test'], 10)
    await queue(other.accountId, ['z@far.test'], 10)
    await queue(null, ['mail@far.test'], 10)
    expect(await statuses()).toEqual([
      'x@far.test held',
      'y@far.test held',
      'z@far.test queued',
      'mail@far.test queued',
    ])
    expect((await lease(10)).map(each => each.address)).toEqual(['z@far.test', 'mail@far.test'])
    expect(await heldOf(accountId)).toEqual({ reason: 'new-place', at: 5, facts, messages: 1, recipients: 2 })
    expect(await read('sending.isHeld', { accountId })).toBe(true)
    expect(await read('sending.isHeld', other)).toBe(false)
    expect(await read('sending.holds', { domains: ['one.test'], limit: 10 })).toMatchObject([
      { address, recipients: 2 },
    ])
    expect(await read('sending.holds', { domains: ['two.test'], limit: 10 })).toEqual([])
    expect(await read('sending.news', { limit: 10 })).toMatchObject([
      { kind: 'held', name: address, at: 5, facts: { ...facts, reason: 'new-place' } },
    ])
    expect(await eventsOf()).toEqual([
      { kind: 'held', recipient: 'x@far.test', detail: { hold: 'new-place' } },
      { kind: 'held', recipient: 'y@far.test', detail: { hold: 'new-place' } },
    ])
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('is seen by a message that was prepared before it began, and by one from before it ended', async () => {
    const { accountId } = await newAccount(get().store)
    await hold(accountId, 5)
    await expect(charge(accountId, 1, 6, watched(false))).rejects.toMatchObject({ code: 'conflict' })
    await charge(accountId, 1, 6, watched(false, true))
    await write('sending.release', { accountId, clearedUntil: 7, at: 6 })
    await expect(charge(accountId, 1, 6, watched(false, true))).rejects.toMatchObject({ code: 'conflict' })
  })

  it('holds back what was leased before', async () => {
    const { accountId } = await newAccount(get().store)
    await queue(accountId, ['x@far.test'], 1)
    const leased = await lease(1)
    await hold(accountId, 2)
    const recipientIds = leased.map(({ recipientId }) => recipientId)
    await write('queue.holdBack', { recipientIds, accountId, at: 3 })
    expect(await statuses()).toEqual(['x@far.test held'])
    expect(await lease(4)).toEqual([])
    expect(await damagesOf(get().store)).toEqual([])
    await write('sending.release', { accountId, clearedUntil: 10, at: 5 })
    // Not before it is let go of.
    expect(await lease(5)).toEqual([])
    expect(await write('queue.letGo', { at: 6, limit: 10 })).toBe(false)
    const again = await lease(6)
    expect(again).toMatchObject([{ address: 'x@far.test', status: 'queued', releasedAt: 6, heldFor: null }])
    // The hold is over: nothing to hold back, so that it is due at once.
    await write('queue.holdBack', { recipientIds, accountId, at: 7 })
    expect(await lease(7)).toHaveLength(1)
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('lets go of all that waits, a piece at a time, and not of what others wait for', async () => {
    const { accountId } = await newAccount(get().store)
    const other = await newAccount(get().store, 'bob@one.test')
    await hold(accountId, 1)
    await hold(other.accountId, 1)
    await queue(accountId, ['a@far.test', 'b@far.test', 'c@far.test'], 2)
    await queue(other.accountId, ['z@far.test'], 2)
    await write('sending.release', { accountId, clearedUntil: DAY, at: 3 })
    expect(await write('queue.letGo', { at: 4, limit: 2 })).toBe(true)
    expect(await write('queue.letGo', { at: 4, limit: 2 })).toBe(false)
    expect((await lease(4)).map(each => each.address)).toEqual(['a@far.test', 'b@far.test', 'c@far.test'])
    expect(await heldOf(accountId)).toBeNull()
    expect(await heldOf(other.accountId)).toMatchObject({ recipients: 1 })
    expect((await eventsOf()).filter(({ kind }) => kind === 'released')).toHaveLength(3)
    const decided = (await read('sending.news', { limit: 10 })).filter(({ kind }) => kind === 'hold-decided')
    expect(decided).toMatchObject([{ name: address, facts: { decision: 'released', messages: 1, recipients: 3 } }])
    await expect(write('sending.release', { accountId, clearedUntil: 9, at: 5 })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('is not held again for what staff found in order, for a while', async () => {
    const { accountId } = await newAccount(get().store)
    await hold(accountId, 0)
    await write('sending.release', { accountId, clearedUntil: DAY, at: 1 })
    await charge(accountId, 90, 2, watched(true))
    await hold(accountId, 3)
    expect(await heldOf(accountId)).toBeNull()
    await hold(accountId, 3, 'bounces')
    expect(await heldOf(accountId)).toMatchObject({ reason: 'bounces' })
    await write('sending.release', { accountId, clearedUntil: DAY, at: 4 })
    await hold(accountId, DAY)
    expect(await heldOf(accountId)).toMatchObject({ reason: 'new-place' })
  })

  it('drops what waits without a word to its senders, and goes on', async () => {
    const { accountId } = await newAccount(get().store)
    await hold(accountId, 1)
    await queue(accountId, ['a@far.test', 'b@far.test', 'c@far.test'], 2)
    const tell = { decision: 'dropped', messages: 1, recipients: 3 } as const
    expect(await write('sending.drop', { accountId, tell, at: 3, limit: 2 })).toBe(true)
    expect(await damagesOf(get().store)).toEqual([])
    expect(await write('sending.drop', { accountId, tell: null, at: 3, limit: 2 })).toBe(false)
    expect(await statuses()).toEqual(['a@far.test removed', 'b@far.test removed', 'c@far.test removed'])
    expect((await eventsOf()).filter(({ kind }) => kind === 'dropped')).toHaveLength(3)
    await queue(accountId, ['d@far.test'], 4)
    expect(await heldOf(accountId)).toMatchObject({ at: 1, messages: 1, recipients: 1 })
    expect((await read('sending.news', { limit: 10 })).at(-1)).toMatchObject({ kind: 'hold-decided', facts: tell })
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('gives up what nobody decided on: it is leased then, as held, and settled for good', async () => {
    const { accountId } = await newAccount(get().store)
    await hold(accountId, 1)
    await queue(accountId, ['a@far.test'], 2)
    expect(await read('queue.nextDue', { now: 2 })).toBe(2 + 5 * DAY)
    const [leased] = await lease(2 + 5 * DAY)
    expect(leased).toMatchObject({ status: 'held', heldFor: accountId })
    const { recipientId } = leased!
    const at = 3 + 5 * DAY
    const result = { at, status: '5.7.0', text: 'too long', remoteHost: null, remoteAddress: null }
    const again = { recipientId, status: 'queued', nextAttemptAt: at, result, delayNotified: false } as const
    // A pause of this side: it is given up at the next turn.
    await write('queue.settle', { results: [{ ...again, countAttempt: false }], reports: [], at })
    expect(await damagesOf(get().store)).toEqual([])
    expect(await lease(at)).toMatchObject([{ status: 'held' }])
    await write('queue.settle', { results: [{ ...again, status: 'expired', countAttempt: true }], reports: [], at })
    expect(await statuses()).toEqual(['a@far.test expired'])
    expect(await heldOf(accountId)).toMatchObject({ recipients: 0 })
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('lets an operator act on one message', async () => {
    const { accountId } = await newAccount(get().store)
    await hold(accountId, 1)
    const first = await queue(accountId, ['a@far.test'], 2)
    const second = await queue(accountId, ['b@far.test'], 2)
    await write('queue.control', { queueId: first, recipientIds: null, action: 'unhold', at: 3 })
    await write('queue.control', { queueId: second, recipientIds: null, action: 'remove', at: 3 })
    expect(await lease(3)).toMatchObject([{ address: 'a@far.test', releasedAt: 3 }])
    expect(await statuses()).toEqual(['a@far.test queued', 'b@far.test removed'])
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('comes of many addresses that do not exist, each counted once', async () => {
    const { accountId } = await newAccount(get().store)
    await charge(accountId, 10, 0, watched(false))
    for (let i = 0; i < 20; i++) await failed(accountId, ['same@far.test'], i)
    await failed(accountId, ['b@far.test', 'c@far.test', 'D@far.test'], 30)
    expect(await heldOf(accountId)).toBeNull()
    await failed(accountId, ['e@far.test'], 40)
    const unknown = ['e@far.test', 'b@far.test', 'c@far.test', 'd@far.test', 'same@far.test']
    expect(await heldOf(accountId)).toMatchObject({
      reason: 'unknown-users',
      at: 40,
      facts: { count: 5, usual: 5, sample: unknown, remoteAddress: null, place: null },
    })
    // Held: nothing more to find.
    await failed(accountId, ['f@far.test'], 50)
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('comes of many refusals of any kind, not where they are few among many, nor over days', async () => {
    const { accountId } = await newAccount(get().store)
    const some = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name}${i}@far.test`)
    await charge(accountId, 100, 0, watched(false))
    await failed(accountId, some(19, 'a'), 1, false)
    expect(await heldOf(accountId)).toBeNull()
    await failed(accountId, some(1, 'b'), 2, false)
    expect(await heldOf(accountId)).toMatchObject({ reason: 'bounces', facts: { count: 20 } })
    const other = await newAccount(get().store, 'bob@one.test')
    for (let day = 0; day < 5; day++) await failed(other.accountId, some(4, `day${day}`), day * DAY, false)
    expect(await heldOf(other.accountId)).toBeNull()
    await write('sending.sweep', { at: 10 * DAY, limit: 100 })
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('counts what was refused while it was handed in, as sent too', async () => {
    const { accountId } = await newAccount(get().store)
    await charge(accountId, 24, 0, watched(false))
    await failed(accountId, ['a', 'b', 'c', 'd', 'e'], 1, true, false)
    expect(await heldOf(accountId)).toBeNull()
    await failed(accountId, ['f', 'g'], 2, true, false)
    expect(await heldOf(accountId)).toMatchObject({ reason: 'unknown-users', facts: { count: 7 } })
  })

  it('goes with the account, and what waits with it', async () => {
    const { accountId } = await newAccount(get().store)
    await charge(accountId, 1, 0, watched(false))
    await failed(accountId, ['a@far.test'], 0)
    await hold(accountId, 1)
    await queue(accountId, ['a@far.test'], 2)
    await writeAll(get().store, [{ operation: 'account.remove', args: { accountId, at: 9 } }])
    expect(await write('queue.letGo', { at: 3, limit: 10 })).toBe(false)
    expect(await statuses()).toEqual(['a@far.test removed'])
    expect((await eventsOf()).map(({ kind }) => kind)).toEqual(['held', 'gone'])
    expect(await lease(10 * DAY)).toEqual([])
    await failed(accountId, ['b@far.test'], 4)
    await hold(accountId, 4)
    expect(await damagesOf(get().store)).toEqual([])
  })
}
