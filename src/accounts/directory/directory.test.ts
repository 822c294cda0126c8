import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import type { Store } from '../../store/store.ts'
import { type Actor, commandLine } from '../actor.ts'
import { verifyPassword } from '../passwords.ts'
import { ServiceSettings } from '../service-settings/service-settings.ts'
import { createDirectory, type Directory } from './directory.ts'
import type { DirectoryErrorCode } from './error.ts'
import { BIN_KEPT_MS } from './limits.ts'

let now = 1_800_000_000_000
const clock = { now: () => now }
let store: Store
let directory: Directory

beforeEach(async () => {
  now = 1_800_000_000_000
  store = await openSqliteStore({ path: ':memory:', clock })
  directory = createDirectory({ store, settings: new ServiceSettings(store, clock), clock })
  await directory.domains.add(commandLine, 'example.org')
})
afterEach(async () => {
  const damages: unknown[] = []
  for await (const damage of store.verify()) damages.push(damage)
  await store.close()
  expect(damages).toEqual([])
})

const add = async (address: string, more: object = {}): Promise<string> =>
  (await directory.accounts.add(commandLine, { address, password: null, ...more })).address
const failsWith = (promise: Promise<unknown>, code: DirectoryErrorCode, values?: object): Promise<void> =>
  expect(promise).rejects.toMatchObject({ name: 'DirectoryError', code, ...(values && { values }) })
const actions = async (): Promise<string[]> =>
  (await store.read('audit.list', { domains: null, target: null, actorId: null, before: null, limit: 100 }))
    .map(({ action, target }) => `${action} ${target}`)
    .reverse()

/** Of these domains, without a mailbox. */
const manager = (...domains: string[]): Actor => ({
  ...commandLine,
  via: 'panel',
  principalId: 999,
  address: 'manager@elsewhere.example',
  role: 'manager',
  domains,
})

describe('domains', () => {
  it('are kept in one form', async () => {
    expect(await directory.domains.add(commandLine, 'Exämple.net.')).toBe('xn--exmple-cua.net')
    expect((await directory.domains.list(commandLine)).map(({ name }) => name)).toEqual([
      'example.org',
      'xn--exmple-cua.net',
    ])
  })

  it('say what is wrong with them', async () => {
    await failsWith(directory.domains.add(commandLine, 'EXAMPLE.org'), 'domain-exists')
    await failsWith(directory.domains.add(commandLine, 'no domain'), 'invalid-domain')
    await failsWith(directory.domains.remove(commandLine, 'example.net'), 'domain-not-found')
  })

  it('are removed once they have no mailboxes, not even in the bin', async () => {
    await add('a@example.org')
    const remove = () => directory.domains.remove(commandLine, 'example.org')
    await failsWith(remove(), 'domain-not-empty', { mailboxes: 1 })
    await directory.bin.put(commandLine, 'a@example.org')
    await failsWith(remove(), 'domain-not-empty', { mailboxes: 0 })
    await directory.bin.purge(commandLine, 'a@example.org')
    await remove()
    expect(await directory.domains.list(commandLine)).toEqual([])
  })

  it('have a catch-all, or none', async () => {
    const set = (name: string, catchAll: string | null) => directory.domains.update(commandLine, name, { catchAll })
    expect((await set('example.org', 'Other@Example.NET')).catchAll).toBe('Other@example.net')
    expect((await set('example.org', null)).catchAll).toBeNull()
    await failsWith(set('example.org', 'nobody'), 'invalid-target')
    await failsWith(set('example.net', 'a@example.org'), 'domain-not-found')
  })

  it('have aliases, which are no domains and belong to one', async () => {
    const { domains } = directory
    await domains.addAlias(commandLine, 'example.org', 'Example.net')
    expect(await domains.listAliases(commandLine, 'example.org')).toMatchObject([
      { name: 'example.net', domain: 'example.org' },
    ])
    await failsWith(domains.add(commandLine, 'example.net'), 'domain-is-alias', { of: 'example.org' })
    await failsWith(domains.addAlias(commandLine, 'example.org', 'example.net'), 'domain-is-alias')
    await failsWith(domains.addAlias(commandLine, 'example.org', 'example.org'), 'domain-exists')
    await failsWith(domains.addAlias(commandLine, 'example.com', 'a.example'), 'domain-not-found')
    await failsWith(add('a@example.net'), 'domain-is-alias')
    await domains.removeAlias(commandLine, 'example.net')
    await failsWith(domains.removeAlias(commandLine, 'example.net'), 'domain-alias-not-found')
    await domains.add(commandLine, 'example.net')
  })

  it('note who changed what, from what to what, and nothing where nothing changed', async () => {
    await directory.domains.update(commandLine, 'example.org', { maxMailboxes: 3, catchAll: null })
    await directory.domains.update(commandLine, 'example.org', { maxMailboxes: 3 })
    expect(await actions()).toEqual(['domain.create example.org', 'domain.update example.org'])
    const [entry] = await store.read('audit.list', {
      domains: ['example.org'],
      target: null,
      actorId: null,
      before: null,
      limit: 1,
    })
    expect(entry).toMatchObject({ actor: 'command-line', before: { maxMailboxes: null }, after: { maxMailboxes: 3 } })
  })
})

describe('mailboxes', () => {
  it('come with the folders that clients expect', async () => {
    const account = await directory.accounts.add(commandLine, {
      address: 'Alice@Example.org',
      name: ' Alice ',
      password: 'correct horse',
    })
    expect(account).toMatchObject({ address: 'alice@example.org', name: 'Alice', role: 'owner', hasPassword: true })
    const { accountId } = account
    const principal = await store.read('principal.byId', { principalId: accountId })
    expect(await verifyPassword('correct horse', principal?.passwordHash ?? '')).toBe(true)
    const mailboxes = await store.read('mailbox.list', { accountId })
    expect(mailboxes.map(({ name, specialUse }) => [name, specialUse]).sort()).toEqual([
      ['Archive', 'archive'],
      ['Drafts', 'drafts'],
      ['INBOX', null],
      ['Junk', 'junk'],
      ['Sent', 'sent'],
      ['Trash', 'trash'],
    ])
  })

  it.each<[string, DirectoryErrorCode]>([
    ['alice', 'invalid-address'],
    ['a+b@example.org', 'address-not-allowed'],
    ['"a b"@example.org', 'address-not-allowed'],
    [`${'a'.repeat(65)}@example.org`, 'address-too-long'],
    ['.a@example.org', 'invalid-address'],
    ['a@[192.0.2.1]', 'invalid-domain'],
    ['a@example.net', 'domain-not-found'],
  ])('can not be %s: %s', async (address, code) => {
    await failsWith(add(address), code)
  })

  it.each(['short', 'ünïcöd', 'with\nline end', 'x'.repeat(1025)])('take no password like %j', async password => {
    await failsWith(add('a@example.org', { password }), 'invalid-password')
    await add('b@example.org')
    await failsWith(directory.accounts.changePassword(commandLine, 'b@example.org', password), 'invalid-password')
  })

  it('exist once, and not beside an alias', async () => {
    await add('a@example.org')
    await failsWith(add('A@example.org'), 'mailbox-exists')
    await directory.aliases.set(commandLine, { address: 'b@example.org', targets: ['a@example.org'] })
    await failsWith(add('b@example.org'), 'mailbox-exists')
    await failsWith(
      directory.aliases.set(commandLine, { address: 'a@example.org', targets: ['b@example.net'] }),
      'mailbox-exists',
    )
  })

  it('have a quota that can be changed', async () => {
    await add('a@example.org')
    const set = (address: string, bytes: number | null) =>
      directory.accounts.update(commandLine, address, { quotaBytes: bytes })
    expect((await set('a@example.org', 5_000_000)).quotaBytes).toBe(5_000_000)
    for (const bytes of [0, -1, 1.5, Number.NaN]) await failsWith(set('a@example.org', bytes), 'invalid-quota')
    await failsWith(set('b@example.org', null), 'mailbox-not-found')
  })

  it('have switches, each for itself, and signing in switched off ends what is signed in', async () => {
    await add('a@example.org', { password: 'correct horse' })
    const { accountId } = await directory.accounts.find(commandLine, 'a@example.org')
    const session = { sessionId: 's', principalId: accountId, tokenHash: 'h', remembered: false, secondFactorAt: null }
    const times = { confirmedAt: now, createdAt: now, lastSeenAt: now, expiresAt: now + 1000 }
    await store.write('session.add', { ...session, ...times, remoteAddress: '', userAgent: '' })
    const update = (change: object) => directory.accounts.update(commandLine, 'a@example.org', change)
    expect(await update({ sendingEnabled: false })).toMatchObject({ sendingEnabled: false, receivingEnabled: true })
    expect(await store.read('session.list', { principalId: accountId, at: now })).toHaveLength(1)
    expect(await update({ signInEnabled: false, name: 'A' })).toMatchObject({ signInEnabled: false, name: 'A' })
    expect(await store.read('session.list', { principalId: accountId, at: now })).toEqual([])
    expect(await update({ signInEnabled: true, sendingEnabled: true })).toMatchObject({ sendingEnabled: true })
    expect((await actions()).filter(action => action.startsWith('mailbox.update'))).toHaveLength(3)
  })

  it('of a shared kind have no password', async () => {
    await failsWith(add('s@example.org', { kind: 'shared', password: 'correct horse' }), 'mailbox-shared')
    await add('s@example.org', { kind: 'shared' })
    await failsWith(directory.accounts.changePassword(commandLine, 's@example.org', 'correct horse'), 'mailbox-shared')
  })
})

describe('what a domain may have', () => {
  const limit = (change: object) => directory.domains.update(commandLine, 'example.org', change)

  it('is so many mailboxes, even where fifty are made at once', async () => {
    await limit({ maxMailboxes: 7 })
    const attempts = Array.from({ length: 50 }, (_, i) => add(`u${i}@example.org`))
    const outcomes = await Promise.allSettled(attempts)
    const refused = outcomes.filter(outcome => outcome.status === 'rejected')
    expect(outcomes.length - refused.length).toBe(7)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'domain-full', values: { max: 7 } })
    expect(await directory.domains.find(commandLine, 'example.org')).toMatchObject({ accounts: 7 })
  })

  it('is so much space, even where fifty take it at once', async () => {
    await limit({ quotaBytes: 1000 })
    const attempts = Array.from({ length: 50 }, (_, i) => add(`u${i}@example.org`, { quotaBytes: 150 }))
    const outcomes = await Promise.allSettled(attempts)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(6)
    expect(await directory.domains.find(commandLine, 'example.org')).toMatchObject({ soldBytes: 900 })
    await failsWith(add('x@example.org', { quotaBytes: 101 }), 'domain-space', { domain: 'example.org', left: 100 })
    await add('x@example.org', { quotaBytes: 100 })
  })

  it('keeps its mailboxes within it when their quotas change, and when they come back', async () => {
    await limit({ quotaBytes: 1000 })
    await failsWith(add('a@example.org'), 'quota-needed')
    await add('a@example.org', { quotaBytes: 600 })
    await add('b@example.org', { quotaBytes: 400 })
    const set = (address: string, bytes: number | null) =>
      directory.accounts.update(commandLine, address, { quotaBytes: bytes })
    await failsWith(set('a@example.org', 601), 'domain-space')
    await failsWith(set('a@example.org', null), 'quota-needed')
    await directory.bin.put(commandLine, 'b@example.org')
    await set('a@example.org', 601)
    await failsWith(directory.bin.restore(commandLine, 'b@example.org'), 'domain-space', { left: 399 })
    await set('a@example.org', 600)
    await directory.bin.restore(commandLine, 'b@example.org')
  })

  it('can be lowered below what there is, which then can shrink and not grow', async () => {
    await add('a@example.org', { quotaBytes: 600 })
    await add('b@example.org')
    await limit({ quotaBytes: 100, maxMailboxes: 1 })
    await failsWith(directory.accounts.update(commandLine, 'a@example.org', { quotaBytes: 601 }), 'domain-space')
    await directory.accounts.update(commandLine, 'a@example.org', { quotaBytes: 500 })
    await failsWith(add('c@example.org', { quotaBytes: 1 }), 'domain-full')
  })

  it('is given to new mailboxes where nothing is said', async () => {
    await limit({ defaultQuotaBytes: 250 })
    await add('a@example.org')
    await add('b@example.org', { quotaBytes: null })
    expect((await directory.accounts.find(commandLine, 'a@example.org')).quotaBytes).toBe(250)
    expect((await directory.accounts.find(commandLine, 'b@example.org')).quotaBytes).toBeNull()
  })
})

describe('the bin', () => {
  beforeEach(() => add('a@example.org', { password: 'correct horse', name: 'A' }))

  it('keeps a mailbox as it was, and its address', async () => {
    const before = await directory.accounts.find(commandLine, 'a@example.org')
    await directory.bin.put(commandLine, 'a@example.org')
    await failsWith(directory.accounts.find(commandLine, 'a@example.org'), 'mailbox-not-found')
    await failsWith(directory.bin.put(commandLine, 'a@example.org'), 'mailbox-not-found')
    await failsWith(add('a@example.org'), 'address-in-bin')
    await failsWith(
      directory.aliases.add(commandLine, { address: 'a@example.org', targets: ['b@example.net'] }),
      'address-in-bin',
    )
    expect(await directory.domains.find(commandLine, 'example.org')).toMatchObject({ accounts: 0 })
    const page = { domain: null, before: null, limit: 10 }
    expect(await directory.bin.list(commandLine, page)).toMatchObject([{ address: 'a@example.org', removedAt: now }])
    expect(await directory.bin.restore(commandLine, 'a@example.org')).toEqual(before)
    expect(await directory.bin.list(commandLine, page)).toEqual([])
    await failsWith(directory.bin.restore(commandLine, 'a@example.org'), 'not-in-bin')
    await failsWith(directory.bin.purge(commandLine, 'a@example.org'), 'not-in-bin')
  })

  it('is emptied of what is older than 30 days', async () => {
    await add('b@example.org')
    await directory.bin.put(commandLine, 'a@example.org')
    now += BIN_KEPT_MS
    await directory.bin.put(commandLine, 'b@example.org')
    expect(await directory.bin.purgeDue()).toBe(false)
    now += 1
    expect(await directory.bin.purgeDue()).toBe(true)
    expect(await directory.bin.purgeDue()).toBe(false)
    expect((await directory.bin.list(commandLine, { domain: null, before: null, limit: 9 })).length).toBe(1)
    expect((await actions()).at(-1)).toBe('mailbox.purge a@example.org')
    await add('a@example.org')
  })

  it('lists the latest first, page by page', async () => {
    for (const address of ['b@example.org', 'c@example.org']) await add(address)
    for (const address of ['c@example.org', 'a@example.org', 'b@example.org']) {
      now += address === 'b@example.org' ? 0 : 5
      await directory.bin.put(commandLine, address)
    }
    const first = await directory.bin.list(commandLine, { domain: 'example.org', before: null, limit: 2 })
    const last = first.at(-1)
    const before = last ? { removedAt: last.removedAt ?? 0, accountId: last.accountId } : null
    const second = await directory.bin.list(commandLine, { domain: null, before, limit: 2 })
    expect([...first, ...second].map(({ address }) => address)).toEqual([
      'b@example.org',
      'a@example.org',
      'c@example.org',
    ])
  })
})

describe('aliases and groups', () => {
  const set = (address: string, ...targets: string[]) => directory.aliases.set(commandLine, { address, targets })

  it('lead to addresses, each once', async () => {
    const alias = await set('Sales@example.org', 'a@example.org', 'B@Example.net', 'b@example.net')
    expect(alias).toMatchObject({ address: 'sales@example.org', targets: ['a@example.org', 'b@example.net'] })
    await set('sales@example.org', 'c@example.org')
    const all = { domain: null, after: null, limit: 10 }
    expect((await directory.aliases.list(commandLine, all)).map(({ targets }) => targets)).toEqual([['c@example.org']])
    await directory.aliases.remove(commandLine, 'SALES@example.org')
    await failsWith(directory.aliases.remove(commandLine, 'sales@example.org'), 'alias-not-found')
  })

  it('say what is wrong with them', async () => {
    await failsWith(set('a@example.org'), 'too-many-targets')
    await failsWith(set('a@example.org', 'A@EXAMPLE.ORG'), 'target-is-itself')
    await failsWith(set('a@example.org', 'not an address'), 'invalid-target')
    await failsWith(set('a@example.net', 'a@example.org'), 'domain-not-found')
    await failsWith(set('a', 'a@example.org'), 'invalid-address')
    await set('a@example.org', 'b@example.net')
    const again = { address: 'a@example.org', targets: ['c@example.net'] }
    await failsWith(directory.aliases.add(commandLine, again), 'alias-exists')
  })

  it('are refused where they lead back, also by another name of the domain', async () => {
    await directory.domains.addAlias(commandLine, 'example.org', 'example.net')
    await set('a@example.org', 'b@example.org', 'x@elsewhere.example')
    await set('b@example.org', 'c@example.org')
    await failsWith(set('c@example.org', 'y@elsewhere.example', 'a@example.net'), 'alias-loop', {
      through: 'a@example.net',
    })
    await failsWith(set('c@example.org', 'c@example.net'), 'target-is-itself')
    await set('c@example.org', 'y@elsewhere.example')
  })

  it('are found by what they are called, and by whom they lead to', async () => {
    await add('alice@example.org')
    await directory.domains.addAlias(commandLine, 'example.org', 'example.net')
    await set('info@example.org', 'alice@example.net')
    await directory.aliases.add(commandLine, {
      address: 'team@example.org',
      kind: 'group',
      name: 'The team',
      targets: ['malice@elsewhere.example'],
    })
    const list = async (filter: object) =>
      (await directory.aliases.list(commandLine, { domain: null, after: null, limit: 10, ...filter })).map(
        ({ address }) => address,
      )
    expect(await list({ kind: 'group' })).toEqual(['team@example.org'])
    expect(await list({ search: 'the TEAM' })).toEqual(['team@example.org'])
    expect(await list({ search: 'alice' })).toEqual(['info@example.org', 'team@example.org'])
    const leading = await directory.aliases.leadingTo(commandLine, 'alice@example.org')
    expect(leading.map(({ address }) => address)).toEqual(['info@example.org'])
  })
})

describe('a forward', () => {
  it('leads elsewhere, and not back', async () => {
    await add('a@example.org')
    await directory.domains.addAlias(commandLine, 'example.org', 'example.net')
    const set = (...targets: string[]) =>
      directory.accounts.setForward(commandLine, 'a@example.org', { targets, keepCopy: true })
    for (const self of ['a@example.org', 'A+x@example.org', 'a@example.net'])
      await failsWith(set(self), 'target-is-itself')
    await failsWith(set(), 'too-many-targets')
    await failsWith(set(...Array.from({ length: 21 }, (_, i) => `u${i}@elsewhere.example`)), 'too-many-targets')
    expect((await set('Ext@elsewhere.example')).forward).toEqual({ targets: ['Ext@elsewhere.example'], keepCopy: true })
    expect((await directory.accounts.setForward(commandLine, 'a@example.org', null)).forward).toBeNull()
  })
})

describe('members of a shared mailbox', () => {
  it('are people with a mailbox, and may send or not', async () => {
    const { members } = directory
    await add('s@example.org', { kind: 'shared', name: 'Support' })
    await add('t@example.org', { kind: 'shared' })
    await add('a@example.org')
    await members.set(commandLine, 's@example.org', 'a@example.org', false)
    await members.set(commandLine, 's@example.org', 'A@example.org', true)
    expect(await members.list(commandLine, 's@example.org')).toMatchObject([
      { address: 'a@example.org', maySend: true },
    ])
    await failsWith(members.set(commandLine, 'a@example.org', 's@example.org', true), 'mailbox-not-shared')
    await failsWith(members.set(commandLine, 's@example.org', 't@example.org', true), 'mailbox-shared')
    await failsWith(members.set(commandLine, 's@example.org', 'b@example.org', true), 'mailbox-not-found')
    await directory.bin.put(commandLine, 's@example.org')
    const { accountId } = await directory.accounts.find(commandLine, 'a@example.org')
    expect(await store.read('member.mailboxes', { principalId: accountId })).toEqual([])
    await directory.bin.restore(commandLine, 's@example.org')
    expect(await store.read('member.mailboxes', { principalId: accountId })).toMatchObject([
      { name: 'Support', maySend: true },
    ])
    await members.remove(commandLine, 's@example.org', 'a@example.org')
    await failsWith(members.remove(commandLine, 's@example.org', 'a@example.org'), 'member-not-found')
    expect((await actions()).filter(action => action.startsWith('member.'))).toEqual([
      'member.add s@example.org',
      'member.update s@example.org',
      'member.remove s@example.org',
    ])
  })
})

describe('a manager', () => {
  beforeEach(async () => {
    await directory.domains.add(commandLine, 'example.net')
    await add('a@example.org')
    await add('b@example.net')
    await directory.aliases.set(commandLine, { address: 'info@example.net', targets: ['b@example.net'] })
  })

  it('has the own domains, and learns nothing of others', async () => {
    const own = manager('example.org')
    const { domains, accounts, aliases, bin } = directory
    expect((await domains.list(own)).map(({ name }) => name)).toEqual(['example.org'])
    await failsWith(domains.find(own, 'example.net'), 'domain-not-found')
    await failsWith(accounts.find(own, 'b@example.net'), 'mailbox-not-found')
    await failsWith(accounts.add(own, { address: 'c@example.net', password: null }), 'domain-not-found')
    await failsWith(accounts.update(own, 'b@example.net', { sendingEnabled: false }), 'mailbox-not-found')
    await failsWith(accounts.update(own, 'b@example.net', { quotaBytes: 5 }), 'mailbox-not-found')
    await failsWith(accounts.setForward(own, 'b@example.net', null), 'mailbox-not-found')
    await failsWith(aliases.find(own, 'info@example.net'), 'alias-not-found')
    await failsWith(aliases.remove(own, 'info@example.net'), 'alias-not-found')
    await failsWith(aliases.set(own, { address: 'x@example.net', targets: ['a@example.org'] }), 'domain-not-found')
    expect(await aliases.list(own, { domain: null, after: null, limit: 9 })).toEqual([])
    await failsWith(bin.put(own, 'b@example.net'), 'mailbox-not-found')
    await bin.put(commandLine, 'b@example.net')
    expect(await bin.list(own, { domain: null, before: null, limit: 9 })).toEqual([])
    await failsWith(bin.restore(own, 'b@example.net'), 'not-in-bin')
    await failsWith(bin.purge(own, 'b@example.net'), 'not-in-bin')
  })

  it('changes what is his of a domain, and not what was sold', async () => {
    const own = manager('example.org')
    const update = (change: object) => directory.domains.update(own, 'example.org', change)
    await update({ catchAll: 'a@example.org', defaultQuotaBytes: 100, maxMailboxes: null })
    for (const change of [{ maxMailboxes: 1 }, { quotaBytes: 1 }, { mailboxHourlyLimit: 1 }, { domainHourlyLimit: 1 }])
      await failsWith(update(change), 'not-yours-to-change')
    await failsWith(directory.accounts.update(own, 'a@example.org', { hourlyLimit: 5 }), 'not-yours-to-change')
  })

  it('administers owners, and neither managers nor staff', async () => {
    const own = manager('example.org')
    const { accountId } = await directory.accounts.find(commandLine, 'a@example.org')
    await directory.accounts.update(own, 'a@example.org', { sendingEnabled: false })
    await store.write('principal.update', { principalId: accountId, role: 'staff' })
    for (const attempt of [
      directory.accounts.update(own, 'a@example.org', { sendingEnabled: true }),
      directory.accounts.setForward(own, 'a@example.org', null),
      directory.bin.put(own, 'a@example.org'),
    ])
      await failsWith(attempt, 'not-yours-to-change')
  })

  it('forwards the own mail, and removes not the own mailbox', async () => {
    const { accountId } = await directory.accounts.find(commandLine, 'a@example.org')
    await store.write('principal.update', { principalId: accountId, role: 'manager' })
    const own = { ...manager('example.org'), principalId: accountId, address: 'a@example.org', hasMailbox: true }
    const forward = { targets: ['x@elsewhere.example'], keepCopy: false }
    expect(await directory.accounts.setForward(own, 'a@example.org', forward)).toMatchObject({ forward })
    await failsWith(directory.bin.put({ ...own, role: 'staff' }, 'a@example.org'), 'not-yours-to-change')
  })
})

describe('a list of mailboxes', () => {
  const preview = (text: string | Buffer, actor: Actor = commandLine) =>
    directory.bulk.preview(actor, typeof text === 'string' ? Buffer.from(text) : text)

  it('is read with its headings in any order, or without', async () => {
    const { columns, rows } = await preview('Nom;Ville;Adresse e-mail;Espace\nAlice;Nantes;ALICE@example.org;1,5 Go\n')
    expect(columns).toEqual(['name', null, 'address', 'quota'])
    expect(rows).toEqual([
      { line: 2, address: 'alice@example.org', name: 'Alice', quotaBytes: 1.5 * 1024 ** 3, sendTo: '', errors: [] },
    ])
    const bare = await preview('a@example.org,A,500M,a@elsewhere.example\nb@example.org,B,illimité\nc@example.org')
    expect(bare.rows.map(({ name, quotaBytes, sendTo }) => [name, quotaBytes, sendTo])).toEqual([
      ['A', 500 * 1024 ** 2, 'a@elsewhere.example'],
      ['B', null, ''],
      ['', undefined, ''],
    ])
  })

  it('says of each row what is wrong, and writes nothing', async () => {
    await add('there@example.org')
    await add('gone@example.org')
    await directory.bin.put(commandLine, 'gone@example.org')
    await directory.domains.addAlias(commandLine, 'example.org', 'example.info')
    const rows = [
      'there@example.org,,',
      'gone@example.org,,',
      'new@example.org,,',
      'NEW@example.org,,',
      'no address,,',
      'a+b@example.org,,',
      'a@example.net,,',
      'a@example.info,,',
      'b@example.org,,much',
      ',Nobody,',
    ]
    const found = await preview(`address,name,quota\n${rows.join('\n')}`)
    expect(
      found.rows.map(({ line, errors }) => [line, errors.map(({ column, code }) => `${column} ${code}`).join()]),
    ).toEqual([
      [2, 'address mailbox-exists'],
      [3, 'address address-in-bin'],
      [4, ''],
      [5, 'address twice-in-list'],
      [6, 'address invalid-address'],
      [7, 'address address-not-allowed'],
      [8, 'address domain-not-found'],
      [9, 'address domain-is-alias'],
      [10, 'quota invalid-quota'],
      [11, 'address address-missing'],
    ])
    await failsWith(directory.accounts.find(commandLine, 'new@example.org'), 'mailbox-not-found')
  })

  it('tells a name that is too long from one of several lines, and knows no address by its @ alone', async () => {
    const cells = ['x'.repeat(201), '"A\nB"', 'A,,a b@elsewhere.example', 'A,,a@nowhere', 'A,,"é@élsewhere.example"']
    const { rows } = await preview(
      `address,name,quota,send to\n${cells.map((cell, at) => `r${at}@example.org,${cell}`).join('\n')}`,
    )
    expect(rows.map(({ errors }) => errors.map(({ code }) => code).join())).toEqual([
      'name-too-long',
      'name-not-one-line',
      'invalid-send-to',
      'invalid-send-to',
      '',
    ])
  })

  it('knows what the rows before would take of a domain', async () => {
    await directory.domains.update(commandLine, 'example.org', { maxMailboxes: 3, quotaBytes: 3 * 1024 ** 3 })
    const { rows } = await preview(
      'a@example.org,,1\nb@example.org,,3\nc@example.org,,2\nd@example.org,,none\ne@example.org,,0.0',
    )
    expect(rows.map(({ errors }) => errors.map(({ code }) => code).join())).toEqual([
      '',
      'domain-space',
      '',
      'quota-needed',
      'invalid-quota,quota-needed',
    ])
  })

  it('gives plans by id or name, and what is no longer offered where it is one’s to give', async () => {
    const plan = {
      description: '',
      hourlyLimit: null,
      monthlyPrice: 300,
      currency: 'EUR',
      createdAt: now,
      updatedAt: now,
    }
    const GB = 1024 ** 3
    await store.write('plan.add', { ...plan, planId: 'small', name: 'Essentielle', storageBytes: GB, isOffered: true })
    await store.write('plan.add', { ...plan, planId: 'old', name: 'Ancienne', storageBytes: GB, isOffered: false })
    await directory.domains.update(commandLine, 'example.org', { quotaBytes: 2 * GB })
    const list =
      'adresse;offre;espace\na@example.org;small;\nb@example.org;ESSENTIELLE;\nc@example.org;old;\nd@example.org;small;5'
    const found = async (actor: Actor) =>
      (await preview(list, actor)).rows.map(({ plan: given, errors }) => given?.planId ?? errors[0]?.code)
    expect(await found(manager('example.org'))).toEqual(['small', 'small', 'plan-not-found', 'small'])
    const { rows } = await preview(list)
    expect(rows.map(({ errors }) => errors.map(({ column, code }) => `${column} ${code}`).join())).toEqual([
      '',
      '',
      'quota domain-space',
      'quota plan-decides-space',
    ])
  })

  it('is confined to the domains of a manager, and to what one can check', async () => {
    await directory.domains.add(commandLine, 'example.net')
    const { rows } = await preview('a@example.org\na@example.net', manager('example.net'))
    expect(rows.map(({ errors }) => errors[0]?.code)).toEqual(['domain-not-found', undefined])
    await failsWith(preview(''), 'list-empty')
    await failsWith(preview('address;name\n'), 'list-empty')
    await failsWith(preview('a@example.org\n'.repeat(1001)), 'list-too-long')
  })
})
