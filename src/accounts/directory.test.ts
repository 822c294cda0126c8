import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import { Directory, type DirectoryErrorCode } from './directory.ts'
import { verifyPassword } from './passwords.ts'

const clock = { now: () => 1_800_000_000_000 }
let store: Store
let directory: Directory

beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', clock })
  directory = new Directory(store, clock)
  await directory.addDomain('example.org')
})
afterEach(() => store.close())

const add = (address: string, password: string | null = null): Promise<string> =>
  directory.addMailbox({ address, password, quotaBytes: null })
const failsWith = (promise: Promise<unknown>, code: DirectoryErrorCode): Promise<void> =>
  expect(promise).rejects.toMatchObject({ name: 'DirectoryError', code })

const all = { after: null, limit: 100 }

describe('domains', () => {
  it('are kept in one form', async () => {
    expect(await directory.addDomain('Exämple.net.')).toBe('xn--exmple-cua.net')
    expect((await directory.listDomains()).map(({ name }) => name).sort()).toEqual([
      'example.org',
      'xn--exmple-cua.net',
    ])
  })

  it('say what is wrong with them', async () => {
    await failsWith(directory.addDomain('EXAMPLE.org'), 'domain-exists')
    await failsWith(directory.addDomain('no domain'), 'invalid-domain')
    await failsWith(directory.removeDomain('example.net'), 'domain-not-found')
    await add('a@example.org')
    await failsWith(directory.removeDomain('example.org'), 'domain-not-empty')
    await directory.removeMailbox('a@example.org')
    await directory.removeDomain('example.org')
    expect(await directory.listDomains()).toEqual([])
  })

  it('have a catch-all, or none', async () => {
    await directory.setCatchAll('example.org', 'Other@Example.NET')
    expect((await directory.listDomains())[0]?.catchAll).toBe('Other@example.net')
    await directory.setCatchAll('example.org', null)
    expect((await directory.listDomains())[0]?.catchAll).toBeNull()
    await failsWith(directory.setCatchAll('example.org', 'nobody'), 'invalid-target')
    await failsWith(directory.setCatchAll('example.net', 'a@example.org'), 'domain-not-found')
  })
})

describe('mailboxes', () => {
  it('come with the folders that clients expect', async () => {
    expect(await add('Alice@Example.org', 'correct horse')).toBe('alice@example.org')
    const { accountId } = await directory.findMailbox('alice@example.org')
    const principal = await store.read('principal.byId', { principalId: accountId })
    expect(principal).toMatchObject({ address: 'alice@example.org', role: 'owner', hasMailbox: true })
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
    ['a+b@example.org', 'invalid-address'],
    ['"a b"@example.org', 'invalid-address'],
    ['.a@example.org', 'invalid-address'],
    ['a@[192.0.2.1]', 'invalid-domain'],
    ['a@example.net', 'domain-not-found'],
  ])('can not be %s: %s', async (address, code) => {
    await failsWith(add(address), code)
  })

  it.each(['short', 'ünïcöd', 'with\nline end', 'x'.repeat(1025)])('take no password like %j', async password => {
    await failsWith(add('a@example.org', password), 'invalid-password')
    await add('b@example.org')
    await failsWith(directory.changePassword('b@example.org', password), 'invalid-password')
  })

  it('exist once, and not beside an alias', async () => {
    await add('a@example.org')
    await failsWith(add('A@example.org'), 'mailbox-exists')
    await directory.setAlias('b@example.org', ['a@example.org'])
    await failsWith(add('b@example.org'), 'mailbox-exists')
    await failsWith(directory.setAlias('a@example.org', ['b@example.org']), 'mailbox-exists')
  })

  it('are listed in full, of one domain or of all', async () => {
    await directory.addDomain('example.net')
    for (let i = 0; i < 3; i++) await add(`u${i}@example.org`)
    await add('u@example.net')
    const addresses = async (domain: string | null): Promise<string[]> =>
      (await directory.listMailboxes(domain, all)).map(({ address }) => address)
    expect(await addresses('Example.ORG')).toEqual(['u0@example.org', 'u1@example.org', 'u2@example.org'])
    expect(await addresses(null)).toHaveLength(4)
    await failsWith(addresses('example.com'), 'domain-not-found')
  })

  it('have a quota that can be changed', async () => {
    await add('a@example.org')
    await directory.setQuota('a@example.org', 5_000_000)
    expect((await directory.findMailbox('a@example.org')).quotaBytes).toBe(5_000_000)
    for (const bytes of [0, -1, 1.5, Number.NaN])
      await failsWith(directory.setQuota('a@example.org', bytes), 'invalid-quota')
    await failsWith(directory.setQuota('b@example.org', null), 'mailbox-not-found')
  })
})

describe('aliases', () => {
  it('lead to addresses, each once', async () => {
    const alias = await directory.setAlias('Sales@example.org', ['a@example.org', 'B@Example.net', 'b@example.net'])
    expect(alias).toMatchObject({ address: 'sales@example.org', targets: ['a@example.org', 'b@example.net'] })
    expect((await directory.listAliases('example.org', all)).map(({ targets }) => targets)).toEqual([alias.targets])
    await directory.setAlias('sales@example.org', ['c@example.org'])
    expect((await directory.listAliases(null, all)).map(({ targets }) => targets)).toEqual([['c@example.org']])
    await directory.removeAlias('SALES@example.org')
    await failsWith(directory.removeAlias('sales@example.org'), 'alias-not-found')
  })

  it('say what is wrong with them', async () => {
    await failsWith(directory.setAlias('a@example.org', []), 'invalid-target')
    await failsWith(directory.setAlias('a@example.org', ['A@EXAMPLE.ORG']), 'invalid-target')
    await failsWith(directory.setAlias('a@example.org', ['not an address']), 'invalid-target')
    await failsWith(directory.setAlias('a@example.net', ['a@example.org']), 'domain-not-found')
    await failsWith(directory.setAlias('a', ['a@example.org']), 'invalid-address')
  })
})
