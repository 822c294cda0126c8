import { expect, it } from 'vitest'
import type { Delivery } from '../../src/store/types.ts'
import type { GetStore } from './store.contract.ts'
import { append, damagesOf, delivery, newAccount, newEmail, noFlags } from './store-fixtures.ts'

export function spaceContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)

  it('notes a mark once as use rises over it, and again after it was well below', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const email = await newEmail(get().store, 'x'.repeat(100))
    const size = email.sizeBytes
    await write('account.setQuota', { accountId, quotaBytes: size * 20 })
    const deliver = async (count: number): Promise<number[]> => {
      for (let i = 0; i < count; i++)
        await write('message.accept', { deliveries: [delivery(accountId, email)], queue: [], at: 1 })
      const news = await read('space.news', { after: 0, limit: 10 })
      for (const { percent } of news) await write('space.told', { accountId, percent, who: 'all' })
      return news.map(({ percent }) => percent)
    }
    const remove = (from: number, to: number) =>
      write('message.expunge', { accountId, mailboxId: inbox, uids: [{ from, to }], onlyDeleted: false, at: 2 })
    expect(await deliver(15)).toEqual([])
    expect(await deliver(1)).toEqual([80])
    expect(await deliver(2)).toEqual([])
    expect(await deliver(1)).toEqual([95])
    await remove(1, 1)
    expect(await deliver(1)).toEqual([])
    await remove(2, 10)
    expect(await deliver(5)).toEqual([])
    expect(await deliver(1)).toEqual([80])
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('notes a quota that sinks below what is used', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    await append(get().store, { accountId, mailboxId: inbox }, [noFlags])
    const { usedBytes } = (await read('account.byId', { accountId }))!
    await write('account.setQuota', { accountId, quotaBytes: usedBytes * 2 })
    expect(await read('space.news', { after: 0, limit: 10 })).toEqual([])
    await write('account.setQuota', { accountId, quotaBytes: usedBytes })
    expect(await read('space.news', { after: 0, limit: 10 })).toMatchObject([
      { percent: 95, usedBytes, quotaBytes: usedBytes },
    ])
  })

  it('lets in just what fits of two thousand deliveries at once', async () => {
    const email = await newEmail(get().store, 'y'.repeat(100))
    const { accountId } = await newAccount(get().store, 'ann@one.test', email.sizeBytes * 700 + 50)
    const outcomes = await Promise.all(
      Array.from({ length: 2_000 }, () =>
        write('message.accept', { deliveries: [delivery(accountId, email)], queue: [], at: 1 }),
      ),
    )
    expect(outcomes.filter(({ overQuota }) => overQuota.length === 0)).toHaveLength(700)
    expect((await read('account.byId', { accountId }))!.usedBytes).toBe(email.sizeBytes * 700)
    expect(await read('space.news', { after: 0, limit: 10 })).toHaveLength(1)
  })

  it('lets notices in above the quota until their margin is used, and counts anew once there was room', async () => {
    const email = await newEmail(get().store, 'z'.repeat(100))
    const size = email.sizeBytes
    const { accountId, inbox } = await newAccount(get().store, 'ann@one.test', size * 2 + 10)
    const other = await newAccount(get().store, 'bob@one.test', size)
    const accept = async (...deliveries: Delivery[]) =>
      (await write('message.accept', { deliveries, queue: [], at: 1 })).overQuota
    const plain = delivery(accountId, email)
    const notice = { ...plain, margin: size * 3 }
    for (const each of [plain, plain]) expect(await accept(each)).toEqual([])
    expect(await accept(plain)).toEqual([accountId])
    for (const each of [notice, notice]) expect(await accept(each)).toEqual([])
    // With another account, where room is looked at before.
    expect(await accept(notice, delivery(other.accountId, email))).toEqual([])
    expect(await accept(notice)).toEqual([accountId])
    expect(await accept(notice, notice)).toEqual([accountId])
    expect(await accept(plain)).toEqual([accountId])
    expect((await read('account.byId', { accountId }))!.usedBytes).toBe(size * 5)
    // One less is still no room; its margin stays used.
    const remove = (from: number, to: number) =>
      write('message.expunge', { accountId, mailboxId: inbox, uids: [{ from, to }], onlyDeleted: false, at: 2 })
    await remove(1, 1)
    expect(await accept(notice)).toEqual([accountId])
    await remove(2, 4)
    expect(await accept(notice)).toEqual([])
    expect(await accept(notice, notice, notice)).toEqual([])
    expect(await accept(notice)).toEqual([accountId])
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('lets a notice in where the quota sank far below what is used', async () => {
    const { accountId } = await newAccount(get().store)
    const email = await newEmail(get().store, 'w'.repeat(100))
    const { sizeBytes } = email
    const plain = delivery(accountId, email)
    for (let i = 0; i < 10; i++) await write('message.accept', { deliveries: [plain], queue: [], at: 1 })
    await write('account.setQuota', { accountId, quotaBytes: sizeBytes })
    const notice = { ...plain, margin: sizeBytes }
    const overQuota = async () =>
      (await write('message.accept', { deliveries: [notice], queue: [], at: 1 })).overQuota.length
    expect([await overQuota(), await overQuota()]).toEqual([0, 1])
  })

  it('keeps a warning until its owner is told', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    await append(get().store, { accountId, mailboxId: inbox }, [noFlags])
    const { usedBytes } = (await read('account.byId', { accountId }))!
    await write('account.setQuota', { accountId, quotaBytes: usedBytes })
    await write('space.told', { accountId, percent: 95, who: 'managers' })
    expect(await read('space.news', { after: 0, limit: 10 })).toMatchObject([{ accountId, managersTold: true }])
    expect(await read('space.news', { after: accountId, limit: 10 })).toEqual([])
    await write('space.told', { accountId, percent: 95, who: 'all' })
    expect(await read('space.news', { after: 0, limit: 10 })).toEqual([])
  })
}
