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

  it('does nothing where an account has no room, and names it', async () => {
    const full = await newAccount(get().store, 'full@one.test', 3)
    const free = await newAccount(get().store, 'free@one.test')
    const email = await newEmail(get().store, 'more than three')
    const deliveries = [full, free].map(({ accountId }) => ({ accountId, mailbox: 'INBOX' }))
    const queue = await newQueueMessage(get().store, [{ address: 'c@far.test' }])
    const accounts = () => Promise.all([full, free].map(({ accountId }) => read('account.byId', { accountId })))
    const before = await accounts()
    const refused = await write('message.accept', { email, deliveries, queue, at: 1 })
    expect(refused).toEqual({ delivered: [], overQuota: [full.accountId], queueId: null })
    expect(await accounts()).toEqual(before)
    expect(await read('queue.list', { after: null, limit: 9, status: null })).toEqual([])

    const accepted = await write('message.accept', { email, deliveries: deliveries.slice(1), queue, at: 1 })
    expect(accepted.delivered).toMatchObject([{ accountId: free.accountId }])
    expect(accepted.queueId).not.toBeNull()
  })

  it('settles the recipient it delivers in the same transaction, and once only', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const queue = await newQueueMessage(get().store, [{ address: 'ann@one.test', destination: 'local' }])
    const { queueId } = await write('message.accept', { email: null, deliveries: [], queue, at: 1 })
    const entry = () => read('queue.show', { queueId: queueId! })
    const recipientId = (await entry())!.recipients[0]!.recipientId
    const result = { at: 2, status: '2.0.0', text: '250 2.0.0 delivered', remoteHost: null, remoteAddress: null }
    const email = await newEmail(get().store, 'a bounce')
    const deliver = () =>
      write('message.accept', {
        email,
        deliveries: [{ accountId, mailbox: 'INBOX' }],
        queue: null,
        settles: { recipientId, result },
        at: 2,
      })
    await deliver()
    expect((await entry())!.recipients).toMatchObject([{ status: 'delivered', attempts: 1, last: result }])
    await expect(deliver()).rejects.toMatchObject({ code: 'not-found' })
    expect(await read('mailbox.byId', { accountId, mailboxId: inbox })).toMatchObject({ messages: 1 })
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
