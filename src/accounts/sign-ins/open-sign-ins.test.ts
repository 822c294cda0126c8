import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import { type Store, StoreError, writeAll } from '../../store/store.ts'
import type { PrincipalId } from '../../store/types/principals.ts'
import { announcing, LocalCredentialNotices } from './credential-notices.ts'
import { OpenSignIns, type ShownCredential } from './open-sign-ins.ts'

const start = 1_800_000_000_000
let now: number
const clock = { now: () => now }
let kept: Store
let store: Store
let alice: PrincipalId
let open: OpenSignIns
let over: string[]
/** Once all notices have been heard, and what they ask was read, these were told. */
async function settled(told: string[] = []): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
  expect(over).toEqual(told)
}

beforeEach(async () => {
  now = start
  over = []
  kept = await openSqliteStore({ path: ':memory:', clock })
  await kept.write('domain.add', { name: 'example.org', at: now })
  const account = { address: 'alice@example.org', passwordHash: 'one', quotaBytes: null, mailboxes: [], at: now }
  alice = (await kept.write('account.add', account)).accountId
  const notices = new LocalCredentialNotices()
  store = announcing(kept, notices)
  const policy = { needsAppPasswords: async () => false }
  open = new OpenSignIns({ store, notices, policy, clock, log: silentLog })
})
afterEach(async () => {
  open.stop()
  await kept.close()
})

const common = { protocol: 'imap', remoteAddress: '192.0.2.1' } as const
const byPassword = (): ShownCredential => ({
  ...common,
  accountId: alice,
  principalId: alice,
  shown: { kind: 'password', changedAt: start },
})
const byAppPassword = (secretHash: string): ShownCredential => ({
  ...byPassword(),
  shown: { kind: 'app-password', secretHash },
})
const addAppPassword = (secretHash: string, expiresAt: number | null): Promise<void> =>
  kept.write('appPassword.add', {
    appPasswordId: `id of ${secretHash}`,
    accountId: alice,
    principalId: alice,
    label: 'Phone',
    protocols: ['imap'],
    networks: [],
    expiresAt,
    createdAt: now,
    secretHash,
  })

describe('an open sign-in', () => {
  it('that changed between its verification and its start is over at once', async () => {
    await kept.write('principal.setPassword', { principalId: alice, passwordHash: 'two', at: start + 1 })
    const followed = open.follow(byPassword(), () => over.push('password'))
    await settled(['password'])
    expect(followed.over).toBe('password-changed')
  })

  it('is not over for the same password hashed anew', async () => {
    const followed = open.follow(byPassword(), () => over.push('password'))
    await store.write('principal.setPassword', { principalId: alice, passwordHash: 'one, anew', at: start })
    await settled()
    expect(followed.over).toBe(null)
  })

  it('is told once, of a change among others in one transaction', async () => {
    open.follow(byPassword(), () => over.push('password'))
    await writeAll(store, [
      { operation: 'setting.set', args: { name: 'x', value: 'y' } },
      { operation: 'principal.update', args: { principalId: alice, signInEnabled: false } },
      { operation: 'account.toBin', args: { accountId: alice, at: now } },
    ])
    await settled(['password'])
    await store.write('account.remove', { accountId: alice, at: 9 })
    await settled(['password'])
  })

  it('that has ended is not told, and costs no look', async () => {
    open.follow(byPassword(), () => over.push('password')).end()
    await settled()
    const read = vi.spyOn(kept, 'read')
    await store.write('principal.update', { principalId: alice, signInEnabled: false })
    await settled()
    expect(read).not.toHaveBeenCalled()
  })

  it('is looked at for no other write', async () => {
    open.follow(byPassword(), () => over.push('password'))
    await settled()
    const read = vi.spyOn(kept, 'read')
    await store.write('principal.update', { principalId: alice, name: 'Alice' })
    await store.write('account.update', { accountId: alice, sendingEnabled: false })
    await store.write('setting.set', { name: 'service.defaultLanguage', value: '"en"' })
    await settled()
    expect(read).not.toHaveBeenCalled()
  })

  it('ends with its app password’s last moment, which may be moved', async () => {
    await addAppPassword('a', start + 1_000)
    await addAppPassword('b', start + 1_000)
    open.follow(byAppPassword('a'), () => over.push('a'))
    open.follow(byAppPassword('b'), () => over.push('b'))
    await settled()
    const moved = { principalId: alice, appPasswordId: 'id of b', expiresAt: start + 5_000 }
    await store.write('appPassword.update', moved)
    await settled()
    now = start + 999
    await open.checkDue()
    expect(over).toEqual([])
    now = start + 1_000
    await open.checkDue()
    expect(over).toEqual(['a'])
    now = start + 5_000
    await open.checkDue()
    expect(over).toEqual(['a', 'b'])
  })

  it('that could not be looked at is looked at again', async () => {
    open.follow(byPassword(), () => over.push('password'))
    await settled()
    vi.spyOn(kept, 'read').mockRejectedValueOnce(new StoreError('unavailable', 'busy'))
    await store.write('principal.update', { principalId: alice, signInEnabled: false })
    await settled()
    await open.checkDue()
    expect(over).toEqual(['password'])
  })
})
