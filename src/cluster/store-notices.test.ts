import { afterEach, beforeEach, expect, it } from 'vitest'
import { silentLog } from '../ops/log.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { type Store, StoreError, writeAll } from '../store/store.ts'
import { NOTICES_KEPT_MS, NOTICES_READ_MS } from './limits.ts'
import { NoticeReader, sweepNotices, tellingNodes } from './store-notices.ts'
import { tellWentBack } from './went-back.ts'

let now: number
let store: Store
let isGone: boolean
let heard: string[]
let reader: NoticeReader
let end: () => void
let behindMs: number
const clock = { now: () => now }

beforeEach(async () => {
  now = 1_000_000_000
  isGone = false
  behindMs = 0
  heard = []
  store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'one.test', at: now })
  await tellingNodes(store, 'other', clock).write('setting.set', { name: 'service.name', value: '"Before"' })
  reader = new NoticeReader({
    store: {
      read: (query, args) => (isGone ? Promise.reject(new StoreError('unavailable', 'gone')) : store.read(query, args)),
    },
    nodeId: 'me',
    listeners: {
      credentials: principalId => void heard.push(`credentials ${principalId}`),
      settings: () => void heard.push('settings'),
      commonScripts: () => void heard.push('common scripts'),
      wentBack: () => void heard.push('went back'),
    },
    behindMs: () => behindMs,
    clock,
    log: silentLog,
  })
  end = await reader.start()
})
afterEach(async () => {
  end()
  await store.close()
})

const told = async (): Promise<string[]> => {
  await reader.look()
  return heard.splice(0)
}

it('tells once of what another node changed, and not of what was before it or is its own', async () => {
  const [me, other] = [tellingNodes(store, 'me', clock), tellingNodes(store, 'other', clock)]
  expect(await told()).toEqual([])
  const added = await other.write('account.add', {
    ...{ address: 'ann@one.test', passwordHash: 'h', quotaBytes: null, mailboxes: [], at: now },
  })
  expect(added.accountId).toBeGreaterThan(0)
  const { accountId: principalId } = added
  expect(await told()).toEqual([])
  await other.write('principal.setPassword', { principalId, passwordHash: 'i', at: now })
  expect(await told()).toEqual([`credentials ${principalId}`])
  expect(await told()).toEqual([])
  await me.write('principal.setPassword', { principalId, passwordHash: 'j', at: now })
  expect(await told()).toEqual([])
  const results = await writeAll(other, [
    { operation: 'setting.set', args: { name: 'service.name', value: '"One"' } },
    { operation: 'setting.set', args: { name: 'service.secondFactorForStaff', value: 'true' } },
    { operation: 'commonScript.set', args: { domain: '', source: 'keep;', isActive: true, at: now } as never },
  ])
  expect(results).toHaveLength(3)
  expect((await told()).sort()).toEqual(['common scripts', 'credentials null', 'settings'])
})

it('hears a node whose clock is behind its own by more than it reads back', async () => {
  behindMs = 10 * 60_000
  const slow = { now: () => now - behindMs }
  await tellingNodes(store, 'other', slow).write('setting.set', { name: 'service.name', value: '"Slow"' })
  expect(await told()).toEqual(['settings'])
  expect(await told()).toEqual([])
})

it('leaves no notice of what was not done', async () => {
  const other = tellingNodes(store, 'other', clock)
  await expect(
    writeAll(other, [
      { operation: 'setting.set', args: { name: 'service.name', value: '"Two"' } },
      { operation: 'domain.add', args: { name: 'one.test', at: now } },
    ]),
  ).rejects.toMatchObject({ code: 'already-exists' })
  expect(await told()).toEqual([])
})

it('tells of everything where it could not look for a while', async () => {
  isGone = true
  expect(await told()).toEqual([])
  await tellingNodes(store, 'other', clock).write('setting.set', { name: 'service.name', value: '"Three"' })
  now += NOTICES_READ_MS + 1
  isGone = false
  expect((await told()).sort()).toEqual(['common scripts', 'credentials null', 'settings'])
  expect(await told()).toEqual([])
})

it('is forgotten once all have read it', async () => {
  now += NOTICES_KEPT_MS + 1
  expect(await sweepNotices(store, now, 10)).toBe(false)
  expect(await store.read('notice.since', { since: 0 })).toEqual([])
})

it('tells once that another found the database behind what was committed, and whoever starts since not at all', async () => {
  await tellWentBack(store, 'me', clock)
  expect(await told()).toEqual([])
  await tellWentBack(store, 'other', clock)
  expect(await told()).toEqual(['went back'])
  expect(await told()).toEqual([])
  end()
  end = await reader.start()
  expect(await told()).toEqual([])
})
