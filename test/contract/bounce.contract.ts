/** Where bounces go as well: kept once a mailbox, and gone with it. */
import { beforeEach, expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import type { GetStore } from './store.contract.ts'

const at = 1_000_000

export function bounceContract(get: GetStore): void {
  let store: Store
  let accountId: number
  const current = () => store.read('bounceCopy.get', { accountId })
  beforeEach(async () => {
    store = get().store
    await store.write('domain.add', { name: 'one.test', at })
    const account = { address: 'erp@one.test', passwordHash: null, quotaBytes: null, mailboxes: [], at }
    accountId = (await store.write('account.add', account)).accountId
  })

  it('keeps one address, which replaces the one before', async () => {
    expect(await current()).toBeNull()
    for (const address of ['a@two.test', 'b@two.test']) {
      await store.write('bounceCopy.set', { accountId, address, updatedAt: at })
      expect(await current()).toEqual({ accountId, address, updatedAt: at })
    }
    await store.write('bounceCopy.remove', { accountId })
    expect(await current()).toBeNull()
    await store.write('bounceCopy.remove', { accountId })
  })

  it('belongs to a mailbox that is there', async () => {
    const nobody = { accountId: accountId + 1, address: 'a@two.test', updatedAt: at }
    await expect(store.write('bounceCopy.set', nobody)).rejects.toMatchObject({ code: 'not-found' })
    await store.write('bounceCopy.set', { accountId, address: 'a@two.test', updatedAt: at })
    await store.write('account.remove', { accountId, at: 9 })
    expect(await current()).toBeNull()
  })
}
