import { expect, it } from 'vitest'
import type { AnyOperation } from '../../src/store/store.ts'
import { Flag, type NewEmail } from '../../src/store/types.ts'
import type { GetStore } from './store.contract.ts'
import { delivery, mailboxAt, newAccount, newEmail, newQueueMessage, noFlags } from './store-fixtures.ts'

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
      deliveries: [delivery(ann.accountId, email), delivery(bob.accountId, email, 'Junk')],
      queue: [queue],
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
    const queued = await read('queue.show', { queueId: result.queueIds[0]! })
    expect(queued).toMatchObject({ message: { accountId: 1, createdAt: 500 }, recipients: [{ address: 'c@far.test' }] })
  })

  it('keeps an email once in each of its places, with their flags, and makes what is to be made', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const email = await newEmail(get().store, 'twelve bytes')
    const places = [
      { mailbox: 'INBOX', flags: { system: Flag.Seen, keywords: ['Later', 'later'] } },
      { mailbox: 'Work/2026', flags: noFlags, create: true },
      { mailbox: 'No/such', flags: noFlags },
    ]
    const deliveries = [{ accountId, email, places }]
    const { delivered } = await write('message.accept', { deliveries, queue: [], at: 1 })
    const made = await read('mailbox.byName', { accountId, name: 'Work/2026' })
    expect(delivered.map(({ mailboxId, uid }) => [mailboxId, uid])).toEqual([
      [inbox, 1],
      [made?.mailboxId, 1],
      [inbox, 2],
    ])
    expect(await read('mailbox.byName', { accountId, name: 'Work' })).toMatchObject({ messages: 0 })
    expect(await read('mailbox.subscriptions', { accountId })).toContain('Work/2026')
    expect(await mailboxAt(get().store, { accountId, mailboxId: inbox })).toMatchObject({
      messages: 2,
      unseen: 1,
      uidNext: 3,
    })
    expect(await read('account.byId', { accountId })).toMatchObject({ messages: 3, usedBytes: 36 })
    const rows = await read('message.rows', { accountId, mailboxId: inbox, from: 1, to: 9, limit: 9 })
    expect(rows[0]!.flags).toEqual({ system: Flag.Seen, keywords: ['Later'] })
    expect(new Set(rows.map(({ emailId }) => emailId)).size).toBe(1)
  })

  it('keeps once what is to be there once, however many bring it at the same time', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const other = await newAccount(get().store, 'bob@one.test')
    const one = await newEmail(get().store, 'first', { messageId: 'one@x.test' })
    const same = await newEmail(get().store, 'of other bytes', { messageId: 'one@x.test' })
    const both = () => [
      { ...delivery(accountId, one), onceAmong: 2 },
      { ...delivery(other.accountId, one), onceAmong: 2 },
    ]
    const append = (email: NewEmail, onceAmong = 2) =>
      write('message.append', {
        ...{ accountId, mailboxId: inbox, onceAmong, at: 1 },
        messages: [{ email, flags: noFlags, internalDate: 1 }],
      })
    const [accepted, ...appended] = await Promise.all([
      write('message.accept', { deliveries: both(), queue: [], at: 1 }),
      append(same),
      append(same),
    ])
    // Whichever came first: on several nodes, that is anyone's.
    const isAccepted = accepted.delivered.some(each => each.accountId === accountId)
    expect(accepted.delivered).toHaveLength(isAccepted ? 2 : 1)
    expect(appended.map(({ uids }) => uids)).toEqual([[1], [1]])
    expect(appended.flatMap(({ emailIds }) => emailIds)).toHaveLength(isAccepted ? 0 : 1)
    expect((await write('message.accept', { deliveries: both(), queue: [], at: 1 })).delivered).toEqual([])
    const usedBytes = (isAccepted ? one : same).sizeBytes
    expect(await read('account.byId', { accountId })).toMatchObject({ messages: 1, usedBytes })
    // What is further back counts no longer, nor what has no Message-ID.
    for (let i = 0; i < 2; i++) await append(await newEmail(get().store, 'without'))
    expect(await append(same)).toMatchObject({ uids: [4] })
    expect(await append(same)).toMatchObject({ uids: [4], emailIds: [] })
  })

  it('gives an account several messages, all or none as there is room', async () => {
    const { accountId } = await newAccount(get().store, 'ann@one.test', 10)
    const [one, two] = [await newEmail(get().store, 'five5'), await newEmail(get().store, 'sixsix')]
    const accept = (...emails: NewEmail[]) =>
      write('message.accept', { deliveries: emails.map(email => delivery(accountId, email)), queue: [], at: 1 })
    expect(await accept(one, two)).toEqual({ delivered: [], overQuota: [accountId], queueIds: [] })
    expect((await accept(one, one)).delivered.map(({ uid }) => uid)).toEqual([1, 2])
    expect(await read('account.byId', { accountId })).toMatchObject({ messages: 2, usedBytes: 10 })
  })

  it('commits with what else is asked for, and fails with it', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const email = await newEmail(get().store)
    const accept = (...also: AnyOperation[]) =>
      write('message.accept', { deliveries: [delivery(accountId, email)], queue: [], also, at: 1 })
    const note: AnyOperation = { operation: 'setting.set', args: { name: 'note', value: 'made' } }
    const fails: AnyOperation = { operation: 'domain.add', args: { name: 'one.test', at: 1 } }
    await expect(accept(note, fails)).rejects.toMatchObject({ code: 'already-exists' })
    expect(await read('setting.get', { name: 'note' })).toBeNull()
    expect(await mailboxAt(get().store, { accountId, mailboxId: inbox })).toMatchObject({ messages: 0, uidNext: 1 })
    await accept(note)
    expect(await read('setting.get', { name: 'note' })).toBe('made')
    expect(await mailboxAt(get().store, { accountId, mailboxId: inbox })).toMatchObject({ messages: 1 })
  })

  it('delivers into INBOX where the mailbox named is gone', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const deliveries = [delivery(accountId, await newEmail(get().store), 'No/such')]
    const { delivered } = await write('message.accept', { deliveries, queue: [], at: 1 })
    expect(delivered).toMatchObject([{ mailboxId: inbox, uid: 1 }])
  })

  it('does nothing where an account has no room, and names it', async () => {
    const full = await newAccount(get().store, 'full@one.test', 3)
    const free = await newAccount(get().store, 'free@one.test')
    const email = await newEmail(get().store, 'more than three')
    const deliveries = [full, free].map(({ accountId }) => delivery(accountId, email))
    const queue = [await newQueueMessage(get().store, [{ address: 'c@far.test' }])]
    const also: AnyOperation[] = [{ operation: 'setting.set', args: { name: 'note', value: 'made' } }]
    const accounts = () => Promise.all([full, free].map(({ accountId }) => read('account.byId', { accountId })))
    const before = await accounts()
    const refused = await write('message.accept', { deliveries, queue, also, at: 1 })
    expect(refused).toEqual({ delivered: [], overQuota: [full.accountId], queueIds: [] })
    expect(await read('setting.get', { name: 'note' })).toBeNull()
    expect(await accounts()).toEqual(before)
    expect(await read('queue.list', { after: null, limit: 9, statuses: null })).toEqual([])

    const accepted = await write('message.accept', { deliveries: deliveries.slice(1), queue, at: 1 })
    expect(accepted.delivered).toMatchObject([{ accountId: free.accountId }])
    expect(accepted.queueIds).toHaveLength(1)
  })

  it('needs no room for what is there already', async () => {
    const full = await newAccount(get().store, 'full@one.test', 20)
    const free = await newAccount(get().store, 'free@one.test')
    const email = await newEmail(get().store, 'more than three', { messageId: 'one@x.test' })
    const once = (...accounts: (typeof full)[]) => ({
      deliveries: accounts.map(({ accountId }) => ({ ...delivery(accountId, email), onceAmong: 9 })),
      queue: [],
      at: 1,
    })
    await write('message.accept', once(full))
    expect(await write('message.accept', once(full, free))).toMatchObject({
      overQuota: [],
      delivered: [{ accountId: free.accountId }],
    })
    // The one that is left is looked at like one that comes alone.
    const other = await newEmail(get().store, 'another of those', { messageId: 'two@x.test' })
    const deliveries = [...once(free).deliveries, { ...delivery(full.accountId, other), onceAmong: 9 }]
    const refused = await write('message.accept', { deliveries, queue: [], at: 1 })
    expect(refused).toEqual({ delivered: [], overQuota: [full.accountId], queueIds: [] })
  })

  it('keeps once what two deliveries bring to one place, where it is to be there once', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const emails = [
      await newEmail(get().store, 'as it came', { messageId: 'one@x.test' }),
      await newEmail(get().store, 'as a rule has it', { messageId: 'one@x.test' }),
    ]
    const deliveries = emails.map(email => ({ ...delivery(accountId, email), onceAmong: 9 }))
    const { delivered } = await write('message.accept', { deliveries, queue: [], at: 1 })
    expect(delivered).toMatchObject([{ mailboxId: inbox, uid: 1 }])
  })

  it('settles the recipient it delivers in the same transaction, and once only', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const queue = await newQueueMessage(get().store, [{ address: 'ann@one.test', destination: 'local' }])
    const { queueIds } = await write('message.accept', { deliveries: [], queue: [queue], at: 1 })
    const entry = () => read('queue.show', { queueId: queueIds[0]! })
    const recipientId = (await entry())!.recipients[0]!.recipientId
    const result = { at: 2, status: '2.0.0', text: '250 2.0.0 delivered', remoteHost: null, remoteAddress: null }
    const email = await newEmail(get().store, 'a bounce')
    const deliver = () =>
      write('message.accept', {
        deliveries: [delivery(accountId, email)],
        queue: [],
        settles: { recipientId, result },
        at: 2,
      })
    await deliver()
    expect((await entry())!.recipients).toMatchObject([{ status: 'delivered', attempts: 1, last: result }])
    await expect(deliver()).rejects.toMatchObject({ code: 'not-found' })
    expect(await mailboxAt(get().store, { accountId, mailboxId: inbox })).toMatchObject({ messages: 1 })
  })

  it('takes no message where an account is gone', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const email = await newEmail(get().store)
    const deliveries = [delivery(accountId, email), delivery(99, email)]
    const accept = write('message.accept', { deliveries, queue: [], at: 1 })
    await expect(accept).rejects.toMatchObject({ code: 'not-found' })
    expect(await mailboxAt(get().store, { accountId, mailboxId: inbox })).toMatchObject({ messages: 0, uidNext: 1 })
  })
}
