import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import { commandLine } from './actor.ts'
import { createDirectory, type Directory } from './directory/directory.ts'
import { resolveAddress, resolveMailbox } from './resolve.ts'
import { ServiceSettings } from './service-settings/service-settings.ts'

const clock = { now: () => 1_800_000_000_000 }
let store: Store
let directory: Directory

beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', clock })
  directory = createDirectory({ store, settings: new ServiceSettings(store, clock), clock })
  for (const domain of ['example.org', 'example.net', 'empty.example']) await directory.domains.add(commandLine, domain)
  for (const address of ['alice@example.org', 'bob@example.org', 'carol@example.net'])
    await directory.accounts.add(commandLine, { address, password: null })
})
afterEach(() => store.close())

/** Past the service, which refuses circles. */
const alias = (address: string, targets: string[]): Promise<void> =>
  store.write('alias.set', { address: address.toLowerCase(), targets, at: 1 })

/** Accounts' addresses and addresses elsewhere, or why there are none. */
async function resolve(address: string, postmaster: string | null = null): Promise<string[] | string> {
  const found = await resolveAddress(store, address, { postmaster })
  return found.kind === 'local' ? [...found.accounts.map(account => account.address), ...found.elsewhere] : found.kind
}

describe('an address', () => {
  it('is its account, whatever the case and the tag', async () => {
    for (const address of ['alice@example.org', 'ALICE@Example.ORG', 'alice+news@example.org', '"alice"@example.org'])
      expect(await resolve(address)).toEqual(['alice@example.org'])
  })

  it('is unknown or foreign', async () => {
    expect(await resolve('nobody@example.org')).toBe('unknown')
    expect(await resolve('nobody+tag@example.org')).toBe('unknown')
    expect(await resolve('alice@elsewhere.example')).toBe('foreign')
    expect(await resolve('alice@sub.example.org')).toBe('foreign')
    expect(await resolve('not an address')).toBe('unknown')
  })
})

describe('an alias', () => {
  it('leads on to accounts, other aliases and elsewhere, each once', async () => {
    await alias('team@example.org', ['alice@example.org', 'all@example.net', 'Ext@elsewhere.example'])
    await alias('all@example.net', ['carol@example.net', 'alice@example.org', 'bob+team@example.org'])
    const everyone = ['alice@example.org', 'carol@example.net', 'bob@example.org', 'Ext@elsewhere.example']
    expect(await resolve('team@example.org')).toEqual(everyone)
    expect(await resolve('team+tag@example.org')).toEqual(everyone)
  })

  it('that leads back to itself ends', async () => {
    await alias('a@example.org', ['b@example.org'])
    await alias('b@example.org', ['a@example.org'])
    expect(await resolve('a@example.org')).toBe('unknown')
    await alias('b@example.org', ['a@example.org', 'bob@example.org'])
    expect(await resolve('a@example.org')).toEqual(['bob@example.org'])
  })

  it('is followed ten deep and no further', async () => {
    for (let i = 0; i < 12; i++) await alias(`d${i}@example.org`, [`d${i + 1}@example.org`])
    await alias('d12@example.org', ['alice@example.org'])
    expect(await resolve('d3@example.org')).toEqual(['alice@example.org'])
    expect(await resolve('d2@example.org')).toBe('too-far')
  })

  it('reaches every target it may name, whatever these lead to', async () => {
    const far = Array.from({ length: 1000 }, (_, i) => `p${i}@elsewhere.example`)
    await alias('list@example.org', far)
    expect(await resolve('list@example.org')).toEqual(far)
    const members = Array.from({ length: 600 }, (_, i) => `m${i}@example.org`)
    for (const [i, member] of members.entries()) await alias(member, [far[i]!])
    await alias('members@example.org', members)
    expect(await resolve('members@example.org')).toEqual(far.slice(0, 600))
  })

  it('that leads further than is followed goes to nobody rather than to some', async () => {
    const room = { left: 4 }
    const found = (address: string) => resolveAddress(store, address, { postmaster: null, room })
    await alias('pair@example.org', ['alice@example.org', 'bob@example.org'])
    expect(await found('pair@example.org')).toMatchObject({ kind: 'local', accounts: [{}, {}] })
    expect(await found('pair@example.org')).toEqual({ kind: 'too-far' })
    for (let i = 0; i < 11; i++) await alias(`d${i}@example.org`, [`d${i + 1}@example.org`])
    await alias('d11@example.org', ['bob@example.org'])
    await alias('team@example.org', ['alice@example.org', 'd1@example.org'])
    expect(await resolve('team@example.org')).toBe('too-far')
  })

  it('reaches by the short way whom another way is too long for', async () => {
    for (let i = 0; i < 11; i++) await alias(`e${i}@example.org`, [`e${i + 1}@example.org`])
    await alias('e11@example.org', ['bob@example.org'])
    await alias('both@example.org', ['e1@example.org', 'e11@example.org'])
    expect(await resolve('both@example.org')).toEqual(['bob@example.org'])
  })

  it('whose targets are gone is unknown', async () => {
    await alias('old@example.org', ['bob@example.org'])
    await directory.bin.put(commandLine, 'bob@example.org')
    expect(await resolve('old@example.org')).toBe('unknown')
  })
})

describe('a forward', () => {
  const forward = (address: string, keepCopy: boolean, ...targets: string[]) =>
    directory.accounts.setForward(commandLine, address, { targets, keepCopy })

  it('goes on, with a copy or without', async () => {
    await forward('alice@example.org', true, 'carol@example.net', 'Ext@elsewhere.example')
    expect(await resolve('alice+tag@example.org')).toEqual([
      'carol@example.net',
      'alice@example.org',
      'Ext@elsewhere.example',
    ])
    await forward('alice@example.org', false, 'Ext@elsewhere.example')
    expect(await resolve('alice@example.org')).toEqual(['Ext@elsewhere.example'])
    await alias('team@example.org', ['alice@example.org', 'bob@example.org'])
    expect(await resolve('team@example.org')).toEqual(['bob@example.org', 'Ext@elsewhere.example'])
  })

  it('follows what its targets forward, and ends where they lead in a circle', async () => {
    await forward('alice@example.org', false, 'bob@example.org')
    await forward('bob@example.org', false, 'carol@example.net')
    expect(await resolve('alice@example.org')).toEqual(['carol@example.net'])
    await forward('carol@example.net', false, 'alice@example.org')
    // The last of the circle keeps what nobody else would.
    expect(await resolve('alice@example.org')).toEqual(['carol@example.net'])
    expect(await resolve('bob@example.org')).toEqual(['alice@example.org'])
  })

  it('without a copy that leads nowhere leaves the message in the mailbox', async () => {
    await forward('alice@example.org', false, 'nobody@example.org')
    expect(await resolve('alice@example.org')).toEqual(['alice@example.org'])
    await forward('alice@example.org', false, 'bob@example.org')
    await directory.accounts.update(commandLine, 'bob@example.org', { receivingEnabled: false })
    expect(await resolve('alice@example.org')).toEqual(['alice@example.org'])
  })

  it('of somebody else is his doing, and of who sends his own: what counts does so by whichever way it was reached', async () => {
    const counted = async (address: string, submitter: string | null) => {
      const by = submitter === null ? null : await resolveMailbox(store, submitter)
      const accountId = by?.kind === 'local' ? by.accounts[0]!.accountId : null
      const found = await resolveAddress(store, address, { postmaster: null, submitter: accountId })
      return found.kind === 'local' && [found.elsewhere, found.expanded]
    }
    await alias('crowd@example.org', ['x@elsewhere.example', 'y@elsewhere.example'])
    await forward('alice@example.org', true, 'crowd@example.org', 'Z@elsewhere.example')
    await forward('bob@example.org', true, 'alice@example.org', 'w@elsewhere.example')
    const [x, y, z, w] = ['x', 'y', 'Z', 'w'].map(name => `${name}@elsewhere.example`)
    expect(await counted('alice@example.org', null)).toEqual([[x, y, z], []])
    expect(await counted('alice@example.org', 'bob@example.org')).toEqual([[x, y, z], []])
    expect(await counted('alice@example.org', 'alice@example.org')).toEqual([
      [x, y, z],
      [x, y, z],
    ])
    // Whoever leads to it: it is the sender's own.
    expect(await counted('bob@example.org', 'alice@example.org')).toEqual([
      [x, y, z, w],
      [x, y, z],
    ])
    for (const targets of [
      ['alice@example.org', 'crowd@example.org'],
      ['crowd@example.org', 'alice@example.org'],
    ]) {
      await alias('both@example.org', targets)
      expect(await counted('both@example.org', 'bob@example.org')).toEqual([
        [x, y, z],
        [x, y],
      ])
    }
  })

  it('is not followed for the mailbox alone', async () => {
    await forward('alice@example.org', false, 'bob@example.org')
    expect(await resolveMailbox(store, 'alice@example.org')).toMatchObject({
      accounts: [{ address: 'alice@example.org' }],
    })
    expect(await resolveMailbox(store, 'nobody@example.org')).toEqual({ kind: 'unknown' })
  })
})

describe('what comes back', () => {
  /** Accounts and addresses elsewhere, of a message that `before` have sent on. */
  const back = async (address: string, ...before: string[]) => {
    const wasAt = (holder: string) => before.includes(holder)
    const found = await resolveAddress(store, address, { postmaster: null, wasAt })
    if (found.kind !== 'local') return found.kind
    return [...found.accounts.map(account => account.address), ...found.elsewhere, ...(found.isBack ? ['back'] : [])]
  }
  const forward = (address: string, keepCopy: boolean, ...targets: string[]) =>
    directory.accounts.setForward(commandLine, address, { targets, keepCopy })

  beforeEach(async () => {
    await alias('sub@example.org', ['ext@elsewhere.example'])
    await alias('team@example.org', ['alice@example.org', 'sub@example.org'])
  })

  it('is not sent on again by an alias in an alias, where somebody here has it', async () => {
    expect(await back('team@example.org')).toEqual(['alice@example.org', 'ext@elsewhere.example'])
    expect(await back('team@example.org', 'sub@example.org')).toEqual(['alice@example.org', 'back'])
    await alias('team@example.org', ['sub@example.org', 'alice@example.org'])
    expect(await back('team@example.org', 'sub@example.org')).toEqual(['alice@example.org', 'back'])
    await alias('other@example.org', ['far@elsewhere.example'])
    await alias('team@example.org', ['sub@example.org', 'other@example.org'])
    expect(await back('team@example.org', 'sub@example.org')).toEqual(['far@elsewhere.example', 'back'])
  })

  it('stays in the mailbox whose forward leads to an alias that has sent it on, with a copy or without', async () => {
    for (const keepCopy of [true, false]) {
      await forward('bob@example.org', keepCopy, 'sub@example.org')
      expect(await back('bob@example.org', 'sub@example.org')).toEqual(['bob@example.org', 'back'])
    }
    await alias('b@example.org', ['bob@example.org'])
    expect(await back('b@example.org', 'sub@example.org')).toEqual(['bob@example.org', 'back'])
  })

  it('goes on where nobody here would have it', async () => {
    const sentOn = ['sub@example.org', 'other@example.org']
    await directory.accounts.update(commandLine, 'alice@example.org', { receivingEnabled: false })
    expect(await back('team@example.org', ...sentOn)).toEqual(['ext@elsewhere.example', 'back'])
    await alias('other@example.org', ['far@elsewhere.example', 'sub@example.org'])
    expect(await back('other@example.org', ...sentOn)).toEqual([
      'far@elsewhere.example',
      'ext@elsewhere.example',
      'back',
    ])
    await directory.domains.update(commandLine, 'example.org', { catchAll: 'sub@example.org' })
    for (const name of ['nobody', 'postmaster'])
      expect(await back(`${name}@example.org`, ...sentOn)).toEqual(['ext@elsewhere.example', 'back'])
  })
})

describe('a mailbox that receives nothing', () => {
  beforeEach(() => directory.accounts.update(commandLine, 'bob@example.org', { receivingEnabled: false }))

  it('says so, by whatever name', async () => {
    await alias('b@example.org', ['bob@example.org'])
    for (const address of ['bob@example.org', 'bob+x@example.org', 'b@example.org'])
      expect(await resolve(address)).toBe('closed')
    expect(await resolveMailbox(store, 'bob@example.org')).toEqual({ kind: 'closed' })
  })

  it('is left out where others receive', async () => {
    await alias('team@example.org', ['bob@example.org', 'alice@example.org'])
    expect(await resolve('team@example.org')).toEqual(['alice@example.org'])
    await directory.domains.update(commandLine, 'example.org', { catchAll: 'alice@example.org' })
    expect(await resolve('bob@example.org')).toBe('closed')
  })

  it('forwards nothing either', async () => {
    const forward = { targets: ['alice@example.org'], keepCopy: true }
    await directory.accounts.setForward(commandLine, 'bob@example.org', forward)
    expect(await resolve('bob@example.org')).toBe('closed')
  })

  it('is not the postmaster', async () => {
    await directory.accounts.update(commandLine, 'alice@example.org', { receivingEnabled: false })
    expect(await resolve('postmaster@example.org')).toEqual(['carol@example.net'])
  })
})

describe('a mailbox in the bin', () => {
  it('is nobody, until it is back', async () => {
    await directory.bin.put(commandLine, 'bob@example.org')
    expect(await resolve('bob@example.org')).toBe('unknown')
    expect(await resolveMailbox(store, 'bob@example.org')).toEqual({ kind: 'unknown' })
    await directory.domains.update(commandLine, 'example.org', { catchAll: 'alice@example.org' })
    expect(await resolve('bob@example.org')).toEqual(['alice@example.org'])
    await directory.bin.restore(commandLine, 'bob@example.org')
    expect(await resolve('bob@example.org')).toEqual(['bob@example.org'])
  })
})

describe('an alias of a domain', () => {
  it('has the addresses of the domain, all of them', async () => {
    await directory.domains.addAlias(commandLine, 'example.org', 'example.com')
    await alias('info@example.org', ['bob@example.com', 'Ext@elsewhere.example'])
    expect(await resolve('Alice@example.COM')).toEqual(['alice@example.org'])
    expect(await resolve('alice+tag@example.com')).toEqual(['alice@example.org'])
    expect(await resolve('info@example.com')).toEqual(['bob@example.org', 'Ext@elsewhere.example'])
    expect(await resolve('nobody@example.com')).toBe('unknown')
    expect(await resolve('postmaster@example.com')).toEqual(['alice@example.org'])
    await directory.domains.update(commandLine, 'example.org', { catchAll: 'bob@example.org' })
    expect(await resolve('nobody@example.com')).toEqual(['bob@example.org'])
    await directory.domains.removeAlias(commandLine, 'example.com')
    expect(await resolve('alice@example.com')).toBe('foreign')
  })
})

describe('the catch-all', () => {
  it('takes what is nobody else’s', async () => {
    await directory.domains.update(commandLine, 'example.org', { catchAll: 'bob@example.org' })
    expect(await resolve('nobody@example.org')).toEqual(['bob@example.org'])
    expect(await resolve('alice@example.org')).toEqual(['alice@example.org'])
    expect(await resolve('alice+x@example.org')).toEqual(['alice@example.org'])
    await directory.domains.update(commandLine, 'example.org', { catchAll: 'nobody@example.org' })
    expect(await resolve('x@example.org')).toBe('unknown')
  })
})

describe.each(['postmaster', 'Abuse'])('%s@', role => {
  it('is always taken on our domains (RFC 5321 §4.5.1, RFC 2142)', async () => {
    expect(await resolve(`${role}@example.org`)).toEqual(['alice@example.org'])
    expect(await resolve(`${role}+x@example.org`)).toEqual(['alice@example.org'])
    expect(await resolve(`${role}@example.net`)).toEqual(['carol@example.net'])
    expect(await resolve(`${role}@empty.example`)).toEqual(['alice@example.org'])
    expect(await resolve(`${role}@elsewhere.example`)).toBe('foreign')
  })

  it('goes to its own account or alias, else the catch-all, else the one who is set', async () => {
    expect(await resolve(`${role}@example.org`, 'staff@elsewhere.example')).toEqual(['staff@elsewhere.example'])
    await directory.domains.update(commandLine, 'example.org', { catchAll: 'carol@example.net' })
    expect(await resolve(`${role}@example.org`, 'staff@elsewhere.example')).toEqual(['carol@example.net'])
    await alias(`${role}@example.org`, ['bob@example.org'])
    expect(await resolve(`${role}@example.org`, 'staff@elsewhere.example')).toEqual(['bob@example.org'])
  })
})

it('takes postmaster without a domain (RFC 5321 §4.1.1.3)', async () => {
  expect(await resolve('Postmaster')).toEqual(['alice@example.org'])
  expect(await resolve('postmaster', 'bob@example.org')).toEqual(['bob@example.org'])
})
