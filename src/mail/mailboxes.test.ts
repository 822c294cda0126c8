import { expect, it } from 'vitest'
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
  expect(await mailboxes.list(accountId)).toHaveLength(MAILBOXES_OF_ACCOUNT)
  await store.close()
})
