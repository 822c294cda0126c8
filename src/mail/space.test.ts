import { expect, it } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { LocalChanges } from './changes.ts'
import { Mailboxes } from './mailboxes.ts'
import { Messages } from './messages.ts'
import { MailSpace } from './space.ts'

it('empties a large folder in several transactions, and leaves what arrives meanwhile', async () => {
  const clock = { now: () => 1 }
  const store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'example.org', at: 1 })
  const { accountId } = await store.write('account.add', {
    address: 'alice@example.org',
    passwordHash: null,
    quotaBytes: null,
    mailboxes: [{ name: 'Corbeille', specialUse: 'trash' }],
    at: 1,
  })
  const changes = new LocalChanges()
  const mailboxes = new Mailboxes(store, changes, clock)
  const messages = new Messages(store, changes, clock)
  const space = new MailSpace(mailboxes, messages)
  const trash = await mailboxes.get(accountId, 'Corbeille')
  const add = (count: number) =>
    messages.append(
      trash,
      Array.from({ length: count }, () => ({
        bytes: Buffer.from('Subject: x\r\n\r\nx'),
        flags: { system: 0, keywords: [] },
        internalDate: null,
      })),
    )
  await add(1201)
  for (let count = 1201; count < 9_000; count *= 2)
    await messages.copy(trash, [{ from: 1, to: count }], count, trash.mailboxId)
  let transactions = 0
  const { write } = store
  store.write = async (operation, args) => {
    // Mail that arrives between two of them.
    if (operation === 'message.expunge' && transactions++ === 1) await add(1)
    return write.call(store, operation, args) as never
  }
  expect(await space.empty(accountId, 'trash')).toEqual({ messages: 9608 })
  expect(transactions).toBeGreaterThanOrEqual(3)
  expect(await space.of(accountId)).toMatchObject({ messages: 1 })
  expect(await space.empty(accountId, 'junk')).toBeNull()
  await store.close()
})
