import { afterEach, beforeEach, expect, it } from 'vitest'
import { commandLine } from '../accounts/actor.ts'
import { createDirectory, type Directory } from '../accounts/directory/directory.ts'
import { ServiceSettings } from '../accounts/service-settings/service-settings.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import type { AccountRow } from '../store/types.ts'
import { Senders } from './send-as.ts'

const clock = { now: () => 1_800_000_000_000 }
let store: Store
let directory: Directory
let alice: AccountRow
let senders: Senders

beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', clock })
  directory = createDirectory({ store, settings: new ServiceSettings(store, clock), clock })
  await directory.domains.add(commandLine, 'example.org')
  alice = await directory.accounts.add(commandLine, { address: 'alice@example.org', password: null })
  await directory.accounts.add(commandLine, { address: 'bob@example.org', password: null })
  await directory.accounts.add(commandLine, { address: 'support@example.org', password: null, kind: 'shared' })
  senders = new Senders(store)
})
afterEach(() => store.close())

const alias = (address: string, targets: string[], kind: 'alias' | 'group' = 'alias') =>
  directory.aliases.set(commandLine, { address, targets, kind })
const problem = (address: string) => senders.problemOf(alice, address)

it('under its own address and its aliases, each in every alias of the domain and with a tag', async () => {
  await directory.domains.addAlias(commandLine, 'example.org', 'example.net')
  await alias('info@example.org', ['alice@example.net', 'bob@example.org'])
  await alias('contact@example.org', ['info@example.org'])
  for (const name of ['alice', 'info', 'contact'])
    for (const address of [`${name}@example.org`, `${name.toUpperCase()}@example.net`, `${name}+tag@example.org`])
      expect([address, await problem(address)]).toEqual([address, null])
})

it('not under what is another’s, nobody’s, or elsewhere', async () => {
  await directory.domains.update(commandLine, 'example.org', { catchAll: 'alice@example.org' })
  await alias('b@example.org', ['bob@example.org', 'ext@elsewhere.example'])
  for (const address of [
    'bob@example.org',
    'b@example.org',
    'nobody@example.org',
    'alice@elsewhere.example',
    'postmaster@example.org',
    'no address',
  ])
    expect([address, await problem(address)]).toEqual([address, 'not-owned'])
})

it('not as a group it is in, nor by what another forwards to it', async () => {
  await alias('team@example.org', ['alice@example.org'], 'group')
  await alias('list@example.org', ['team@example.org'])
  const forward = { targets: ['alice@example.org'], keepCopy: false }
  await directory.accounts.setForward(commandLine, 'bob@example.org', forward)
  await alias('b@example.org', ['bob@example.org'])
  for (const address of ['team@example.org', 'list@example.org', 'bob@example.org', 'b@example.org'])
    expect([address, await problem(address)]).toEqual([address, 'not-owned'])
})

it('for a shared mailbox whose member it is, where it may and the mailbox sends', async () => {
  const { members, accounts, bin } = directory
  await alias('help@example.org', ['support@example.org'])
  const addresses = ['support@example.org', 'support+x@example.org', 'help@example.org']
  const problems = () => Promise.all(addresses.map(problem))
  expect(await problems()).toEqual(['not-owned', 'not-owned', 'not-owned'])
  await members.set(commandLine, 'support@example.org', 'alice@example.org', false)
  expect(await problems()).toEqual(['reads-only', 'reads-only', 'reads-only'])
  await members.set(commandLine, 'support@example.org', 'alice@example.org', true)
  expect(await problems()).toEqual([null, null, null])
  await accounts.update(commandLine, 'support@example.org', { sendingEnabled: false })
  expect(await problems()).toEqual(['sending-off', 'sending-off', 'sending-off'])
  await bin.put(commandLine, 'support@example.org')
  expect(await problems()).toEqual(['not-owned', 'not-owned', 'not-owned'])
})

it('as long as sending is on, and the mailbox in use', async () => {
  expect(await senders.maySend(alice)).toBe(true)
  await directory.accounts.update(commandLine, 'alice@example.org', { sendingEnabled: false })
  expect(await senders.maySend(alice)).toBe(false)
  await directory.accounts.update(commandLine, 'alice@example.org', { sendingEnabled: true })
  await directory.bin.put(commandLine, 'alice@example.org')
  expect(await senders.maySend(alice)).toBe(false)
})
