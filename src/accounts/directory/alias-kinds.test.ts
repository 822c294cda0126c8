import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import type { Store } from '../../store/store.ts'
import { commandLine } from '../actor.ts'
import { ServiceSettings } from '../service-settings/service-settings.ts'
import { createDirectory, type Directory } from './directory.ts'
import type { DirectoryErrorCode } from './error.ts'

const clock = { now: () => 1_800_000_000_000 }
let store: Store
let directory: Directory

beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', clock })
  directory = createDirectory({ store, settings: new ServiceSettings(store, clock), clock })
  await directory.domains.add(commandLine, 'example.org')
})
afterEach(() => store.close())

const failsWith = (promise: Promise<unknown>, code: DirectoryErrorCode): Promise<void> =>
  expect(promise).rejects.toMatchObject({ name: 'DirectoryError', code })

it('an alias and a group stay what they are: neither is replaced or removed as the other', async () => {
  const { aliases } = directory
  const alias = { address: 'info@example.org', kind: 'alias', targets: ['a@example.net'] } as const
  const group = { address: 'team@example.org', kind: 'group', name: 'Team', targets: ['b@example.net'] } as const
  await aliases.add(commandLine, { ...alias, targets: [...alias.targets] })
  await aliases.add(commandLine, { ...group, targets: [...group.targets] })
  const targets = ['c@example.net']
  await failsWith(aliases.set(commandLine, { address: alias.address, kind: 'group', targets }), 'group-is-alias')
  await failsWith(aliases.set(commandLine, { address: group.address, kind: 'alias', targets }), 'alias-is-group')
  await failsWith(aliases.remove(commandLine, alias.address, 'group'), 'group-is-alias')
  await failsWith(aliases.remove(commandLine, group.address, 'alias'), 'alias-is-group')
  expect(await aliases.find(commandLine, alias.address)).toMatchObject(alias)
  expect(await aliases.find(commandLine, group.address)).toMatchObject(group)
  await aliases.remove(commandLine, group.address, 'group')
})
