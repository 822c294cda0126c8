/** A store with accounts in it, made without a process for each. */
import { hashPassword } from '../../src/accounts/passwords.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { storePath } from '../../src/ops/data-folder.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'

export interface Accounts {
  users: readonly string[]
  mailboxes: readonly string[]
  password: string
}

/** Makes the store of the data folder, with `users` of example.org who all have one password. */
export async function makeAccounts(data: string, accounts: Accounts): Promise<void> {
  const store = await openSqliteStore({ path: storePath({ data }), clock: systemClock })
  try {
    await addAccounts(store, accounts)
  } finally {
    await store.close()
  }
}

export async function addAccounts(
  store: Pick<Store, 'write'>,
  { users, mailboxes, password }: Accounts,
): Promise<void> {
  const at = systemClock.now()
  await store.write('domain.add', { name: 'example.org', at })
  // A load sends more in an hour than people do.
  const [mailboxHourlyLimit, domainHourlyLimit] = [1_000_000, 1_000_000]
  await store.write('domain.update', { name: 'example.org', mailboxHourlyLimit, domainHourlyLimit })
  const passwordHash = await hashPassword(password)
  for (const user of users)
    await store.write('account.add', {
      address: `${user}@example.org`,
      passwordHash,
      quotaBytes: 4e9,
      mailboxes: mailboxes.map(name => ({ name, specialUse: null })),
      at,
    })
}
