import { expect, it } from 'vitest'
import type { GetStore } from './store.contract.ts'
import { newAccount, newEmail, newQueueMessage } from './store-fixtures.ts'

export function acceptContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)

  it('delivers to each account and queues the rest, in one transaction', async () => {
    const ann = await newAccount(get().store, 'ann@one.test')
    const bob = await newAccount(get().store, 'bob@one.test')
    await write('mailbox.create', { accountId: bob.accountId, name: 'Junk', specialUse: 'junk', at: 1 })
    const email = await newEmail(get().store, 'to all')
    const queue = { ...(await newQueueMessage(get().store, [{ address: 'c@far.test' }], 'to all')), accountId: 1 }
    const result = await write('message.accept', {
      email,
      deliveries: [
        { accountId: ann.accountId, mailbox: 'INBOX' },
        { accountId: bob.accountId, mailbox: 'Junk' },
      ],
      queue,
      at: 500,
    })
    expect(result.overQuota).toEqual([])
    expect(result.delivered).toMatchObject([
      { accountId: ann.accountId, mailboxId: ann.inbox, uid: 1 },
      { accountId: bob.accountId, uid: 1 },
    ])
    for (const { accountId, mailboxId, modseq } of result.delivered) {
      expect(await read('message.withEmail', { accountId, mailboxId, from: 1, to: 9, limit: 9 })).toMatchObject([
        { flags: { system: 0, keywords: [] }, internalDate: 500, saveDate: 500, modseq, blobHash: email.blob.hash },
      ])
      expect(await read('account.byId', { accountId })).toMatchObject({ messages: 1, usedBytes: 6, modseq })
    }
    const queued = await read('queue.show', { queueId: result.queueId! })
    expect(queued).toMatchObject({ message: { accountId: 1, createdAt: 500 }, recipients: [{ address: 'c@far.test' }] })
  })

  it('delivers once to an account named twice', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const deliveries = [
      { accountId, mailbox: 'INBOX' },
      { accountId, mailbox: 'INBOX' },
    ]
    const result = await write('message.accept', {
      email: await newEmail(get().store),
      deliveries,
      queue: null,
      at: 1,
    })
    expect(result.delivered).toHaveLength(1)
    expect(await read('mailbox.byId', { accountId, mailboxId: inbox })).toMatchObject({ messages: 1, unseen: 1 })
  })

  it('delivers into INBOX where the mailbox named is gone', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const deliveries = [{ accountId, mailbox: 'No/such' }]
    const email = await newEmail(get().store)
    const { delivered } = await write('message.accept', { email, deliveries, queue: null, at: 1 })
    expect(delivered).toMatchObject([{ mailboxId: inbox, uid: 1 }])
  })

  it('names the accounts without room; refuses where nobody has any', async () => {
    const full = await newAccount(get().store, 'full@one.test', 3)
    const free = await newAccount(get().store, 'free@one.test')
    const email = await newEmail(get().store, 'more than three')
    const deliveries = [full, free].map(({ accountId }) => ({ accountId, mailbox: 'INBOX' }))
    const some = await write('message.accept', { email, deliveries, queue: null, at: 1 })
    expect(some.overQuota).toEqual([full.accountId])
    expect(some.delivered).toMatchObject([{ accountId: free.accountId }])

    const before = await read('account.byId', { accountId: full.accountId })
    const alone = { email, deliveries: deliveries.slice(0, 1), at: 1 }
    await expect(write('message.accept', { ...alone, queue: null })).rejects.toMatchObject({ code: 'over-quota' })
    const queue = await newQueueMessage(get().store, [{ address: 'c@far.test' }])
    const queued = await write('message.accept', { ...alone, queue })
    expect(queued).toMatchObject({ delivered: [], overQuota: [full.accountId] })
    expect(queued.queueId).not.toBeNull()
    expect(await read('account.byId', { accountId: full.accountId })).toEqual(before)
  })

  it('takes no message where an account is gone, nor a delivery without a message', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const deliveries = [
      { accountId, mailbox: 'INBOX' },
      { accountId: 99, mailbox: 'INBOX' },
    ]
    const email = await newEmail(get().store)
    const accept = write('message.accept', { email, deliveries, queue: null, at: 1 })
    await expect(accept).rejects.toMatchObject({ code: 'not-found' })
    await expect(write('message.accept', { email: null, deliveries, queue: null, at: 1 })).rejects.toMatchObject({
      code: 'not-allowed',
    })
    expect(await read('mailbox.byId', { accountId, mailboxId: inbox })).toMatchObject({ messages: 0, uidNext: 1 })
  })
}
