import { expect, it } from 'vitest'
import { newEmail, noFlags } from '../../test/contract/store-fixtures.ts'
import { MAILBOXES_OF_ACCOUNT } from '../store/limits.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { LocalChanges } from './changes.ts'
import { MailboxNameError } from './mailbox-name.ts'
import { Mailboxes } from './mailboxes.ts'

it('makes as many mailboxes as an account may have, superiors among them, also where they are asked for at once', async () => {
  const clock = { now: () => 1 }
  const store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'example.org', at: 1 })
  // With INBOX, two are left.
  const names = Array.from({ length: MAILBOXES_OF_ACCOUNT - 3 }, (_, index) => `Folder ${index}`)
  const { accountId } = await store.write('account.add', {
    address: 'alice@example.org',
    passwordHash: null,
    quotaBytes: null,
    mailboxes: names.map(name => ({ name, specialUse: null })),
    at: 1,
  })
  const mailboxes = new Mailboxes(store, new LocalChanges(), clock)
  await expect(mailboxes.create(accountId, 'a/b/c', null)).rejects.toThrow(MailboxNameError)
  const made = await Promise.allSettled(['d', 'e', 'f'].map(name => mailboxes.create(accountId, name, null)))
  expect(made).toMatchObject([
    { status: 'fulfilled' },
    { status: 'fulfilled' },
    { reason: new MailboxNameError('The account has too many mailboxes') },
  ])
  const count = async () => (await mailboxes.list(accountId)).length
  expect(await count()).toBe(MAILBOXES_OF_ACCOUNT)

  // What a filter asks for is no way around it: its mail comes into the inbox.
  const email = await newEmail(store)
  const filed = async (mailbox: string) => {
    const places = [{ mailbox, flags: noFlags, create: true }]
    await store.write('message.accept', { deliveries: [{ accountId, email, places }], queue: [], at: 1 })
    return (await mailboxes.get(accountId, 'INBOX')).messages
  }
  expect(await filed('by/a/stranger')).toBe(1)
  expect(await mailboxes.subscriptions(accountId)).not.toContain('by/a/stranger')
  // Nor is what a new name brings above it, or what INBOX is emptied into; another name is no mailbox more.
  const [inbox, first] = [await mailboxes.get(accountId, 'INBOX'), await mailboxes.get(accountId, 'Folder 0')]
  await expect(mailboxes.rename(first, 'above/it')).rejects.toThrow('The account has too many mailboxes')
  await expect(mailboxes.rename(inbox, 'Archived')).rejects.toThrow('The account has too many mailboxes')
  expect(await mailboxes.rename(first, 'Folder 1/it')).toMatchObject({ name: 'Folder 1/it' })
  expect(await count()).toBe(MAILBOXES_OF_ACCOUNT)
  for (const name of ['Folder 2', 'Folder 3']) await mailboxes.delete(await mailboxes.get(accountId, name))
  expect(await filed('three/new/ones')).toBe(2)
  expect(await filed('two/new')).toBe(2)
  expect(await mailboxes.subscriptions(accountId)).toContain('two/new')
  expect(await count()).toBe(MAILBOXES_OF_ACCOUNT)
  await store.close()
})
