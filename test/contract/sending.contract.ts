import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SendingDefaults } from '../../src/store/types/sending.ts'
import type { GetStore } from './store.contract.ts'
import { damagesOf, newAccount, newQueueMessage } from './store-fixtures.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
// Of `newAccount`.
const address = 'ann@one.test'
const domain = 'one.test'

export function sendingContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)

  const of = (mailbox: number | null, domain: number | null = null): SendingDefaults => ({ mailbox, domain })
  const charge = (accountId: number, recipients: number, at: number, defaults = of(10)) =>
    write('sending.charge', { accountId, recipients, defaults, at })
  const block = (accountId: number, recipients: number, at: number, defaults = of(10)) =>
    write('sending.block', { accountId, recipients, sample: ['x@far.test'], blockedMs: HOUR, defaults, at })
  const gauge = async (accountId: number, at: number, defaults = of(10)) =>
    (await read('sending.gauge', { subject: { kind: 'mailbox', accountId }, defaults, at }))!
  const overLimit = expect.objectContaining({ code: 'over-limit' })

  it('counts recipients for just an hour', async () => {
    const { accountId } = await newAccount(get().store)
    await charge(accountId, 4, 0)
    await charge(accountId, 6, 10)
    await expect(charge(accountId, 1, HOUR - 1)).rejects.toEqual(overLimit)
    await charge(accountId, 4, HOUR)
    await expect(charge(accountId, 1, HOUR + 9)).rejects.toEqual(overLimit)
    expect(await gauge(accountId, HOUR + 10)).toMatchObject({ used: 4, limit: 10 })
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('counts nothing of a clock that was ahead once it is right again', async () => {
    const { accountId } = await newAccount(get().store)
    const [now, year] = [10 * HOUR, 365 * 24 * HOUR]
    await charge(accountId, 3, now - 10)
    await charge(accountId, 9, now + year)
    await expect(charge(accountId, 2, now + year)).rejects.toEqual(overLimit)
    expect(await block(accountId, 2, now + year)).toBe(now + year + HOUR)
    expect(await gauge(accountId, now)).toMatchObject({ used: 0, blockedUntil: null })
    await charge(accountId, 4, now)
    // That of another node, whose clock is a little ahead.
    await charge(accountId, 5, now + MINUTE)
    expect(await gauge(accountId, now)).toMatchObject({ used: 9, blockedUntil: null })
    await expect(charge(accountId, 2, now)).rejects.toEqual(overLimit)
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('agrees with a model that keeps every message', async () => {
    const { accountId } = await newAccount(get().store)
    let start = 10 * HOUR
    const steps = fc.array(
      fc.record({ wait: fc.nat({ max: 25 * MINUTE }), recipients: fc.integer({ min: 1, max: 7 }) }),
      { minLength: 20, maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 5, max: 20 }), async (all, limit) => {
        let now = start
        const sent: { at: number; recipients: number }[] = []
        for (const { wait, recipients } of all) {
          now += wait
          const used = sent.filter(({ at }) => now - at < HOUR).reduce((sum, each) => sum + each.recipients, 0)
          const fits = used + recipients <= limit
          const passed = await charge(accountId, recipients, now, of(limit)).then(
            () => true,
            () => false,
          )
          expect(passed).toBe(fits)
          if (fits) sent.push({ at: now, recipients })
          expect((await gauge(accountId, now, of(limit))).used).toBe(fits ? used + recipients : used)
        }
        start = now + HOUR
      }),
      { numRuns: 10 },
    )
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('lets just as many through as there is room for, however many come at once', async () => {
    const { accountId } = await newAccount(get().store)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 2_000 }, (_, index) => charge(accountId, (index % 3) + 1, index, of(1_000, 900))),
    )
    const passed = outcomes.reduce((sum, { status }, index) => sum + (status === 'fulfilled' ? (index % 3) + 1 : 0), 0)
    expect(passed).toBe(900)
    expect((await gauge(accountId, 2_000, of(1_000))).used).toBe(900)
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('takes the nearest limit that is set, and that of the domain besides', async () => {
    const { accountId } = await newAccount(get().store)
    expect((await gauge(accountId, 0, of(300))).limit).toBe(300)
    const { address } = (await read('account.byId', { accountId }))!
    const plan = { planId: 'p', planName: 'P', storageBytes: 1e9, monthlyPrice: 0, currency: 'EUR' }
    const agree = (hourlyLimit: number | null) =>
      write('plan.assign', {
        ...{ address, kind: 'changed', at: 1, day: '2026-01-01', madeBy: 'x' },
        terms: hourlyLimit === null ? null : { ...plan, hourlyLimit },
      })
    await agree(70)
    expect((await gauge(accountId, 0, of(300))).limit).toBe(70)
    await write('domain.update', { name: domain, mailboxHourlyLimit: 20, domainHourlyLimit: 12 })
    expect((await gauge(accountId, 0, of(300))).limit).toBe(20)
    await write('account.update', { accountId, hourlyLimit: 50 })
    await agree(90)
    expect((await gauge(accountId, 0, of(300))).limit).toBe(50)
    await charge(accountId, 12, 0, of(300))
    await expect(charge(accountId, 1, 0, of(300))).rejects.toEqual(overLimit)
    await write('account.update', { accountId, hourlyLimit: 0 })
    await write('domain.update', { name: domain, domainHourlyLimit: null })
    await expect(charge(accountId, 1, 0, of(300))).rejects.toEqual(overLimit)
    await write('account.update', { accountId, hourlyLimit: null })
    await write('domain.update', { name: domain, mailboxHourlyLimit: null })
    const [nearest] = await read('sending.nearest', { domains: null, defaults: of(300), at: 1, limit: 9 })
    expect(nearest).toMatchObject({ address, limit: 90 })
    await agree(null)
    expect((await gauge(accountId, 0, of(300))).limit).toBe(300)
  })

  it('undoes the message that is over', async () => {
    const { accountId } = await newAccount(get().store)
    const queue = [await newQueueMessage(get().store, [{ address: 'b@far.test' }])]
    const also = [
      { operation: 'sending.charge', args: { accountId, recipients: 11, defaults: of(10), at: 0 } },
    ] as const
    await expect(write('message.accept', { deliveries: [], queue, also, at: 0 })).rejects.toEqual(overLimit)
    expect(await read('queue.list', { after: null, limit: 10, statuses: null })).toEqual([])
    expect((await gauge(accountId, 0)).used).toBe(0)
  })

  it('blocks once for an incident, and tells of it once', async () => {
    const { accountId } = await newAccount(get().store)
    const subject = { kind: 'mailbox', accountId } as const
    await charge(accountId, 7, 0)
    expect(await block(accountId, 3, 0)).toBeNull()
    expect(await block(accountId, 4, 5)).toBe(HOUR + 5)
    expect(await block(accountId, 9, 6)).toBe(HOUR + 5)
    await expect(charge(accountId, 1, 7)).rejects.toEqual(overLimit)
    await expect(charge(accountId, 1, HOUR + 4)).rejects.toEqual(overLimit)
    const facts = { limit: 10, used: 7, recipients: 4, sample: ['x@far.test'], blockedUntil: HOUR + 5 }
    expect(await read('sending.news', { limit: 10 })).toEqual([
      {
        subject,
        kind: 'blocked',
        name: address,
        domain,
        at: 5,
        facts: { ...facts, sender: address, senderId: accountId },
      },
    ])
    await write('sending.told', { subject, kind: 'blocked' })
    expect(await read('sending.news', { limit: 10 })).toEqual([])
    await charge(accountId, 1, HOUR + 5)
  })

  it('is raised for a while, and unblocked', async () => {
    const { accountId } = await newAccount(get().store)
    const subject = { kind: 'mailbox', accountId } as const
    await charge(accountId, 10, 0)
    await block(accountId, 1, 0)
    await write('sending.raise', { subject, raise: { limit: 15, until: 100, by: 'staff@example.net' }, at: 1 })
    expect(await gauge(accountId, 1)).toMatchObject({
      limit: 15,
      usualLimit: 10,
      blockedUntil: null,
      raise: { limit: 15, until: 100, by: 'staff@example.net' },
    })
    await charge(accountId, 5, 99)
    expect(await gauge(accountId, 100)).toMatchObject({ used: 15, limit: 10, raise: null })
    await expect(charge(accountId, 1, 100)).rejects.toEqual(overLimit)
    await block(accountId, 1, 101)
    await write('sending.unblock', { subject })
    expect((await gauge(accountId, 102)).blockedUntil).toBeNull()
    const nobody = { kind: 'mailbox', accountId: 999 } as const
    await expect(write('sending.raise', { subject: nobody, raise: null, at: 0 })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('warns once as it rises over four fifths, and again only after it was well below', async () => {
    const { accountId } = await newAccount(get().store)
    const subject = { kind: 'mailbox', accountId } as const
    const warnings = async (): Promise<number> => {
      const news = await read('sending.news', { limit: 10 })
      await write('sending.told', { subject, kind: 'warning' })
      return news.length
    }
    await charge(accountId, 7, 0)
    expect(await warnings()).toBe(0)
    await charge(accountId, 1, 1)
    expect(await warnings()).toBe(1)
    await charge(accountId, 1, 2)
    expect(await warnings()).toBe(0)
    // 2 left, then 8 again
    await charge(accountId, 6, HOUR)
    expect(await warnings()).toBe(1)
  })

  it('lists who has least left, and forgets who sends no more', async () => {
    const { accountId } = await newAccount(get().store)
    const nearest = (at: number, domains: string[] | null = [domain]) =>
      read('sending.nearest', { domains, defaults: of(10), at, limit: 5 })
    await charge(accountId, 4, 0)
    await charge(accountId, 2, 10)
    expect(await nearest(10)).toEqual([{ address, used: 6, limit: 10, blockedUntil: null }])
    expect(await nearest(HOUR)).toEqual([{ address, used: 2, limit: 10, blockedUntil: null }])
    expect(await nearest(10, ['other.test'])).toEqual([])
    expect(await nearest(HOUR + 10)).toEqual([])
    expect(await write('sending.sweep', { at: HOUR + 9, limit: 100 })).toBe(false)
    expect((await gauge(accountId, HOUR + 9)).used).toBe(2)
    await write('sending.sweep', { at: HOUR + 10, limit: 100 })
    await write('account.remove', { accountId, at: 9 })
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('counts a domain over all its mailboxes, exactly, however many send at once', async () => {
    const accounts: number[] = []
    for (let i = 0; i < 20; i++) accounts.push((await newAccount(get().store, `ann${i}@one.test`)).accountId)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 2_000 }, (_, index) =>
        charge(accounts[index % 20]!, (index % 3) + 1, index, of(1_000, 1_500)),
      ),
    )
    const passed = outcomes.reduce((sum, { status }, index) => sum + (status === 'fulfilled' ? (index % 3) + 1 : 0), 0)
    expect(passed).toBe(1_500)
    const subject = { kind: 'domain', domain } as const
    expect((await read('sending.gauge', { subject, defaults: of(1_000, 1_500), at: 2_000 }))?.used).toBe(1_500)
    expect(await damagesOf(get().store)).toEqual([])
  })
}
