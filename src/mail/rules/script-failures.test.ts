import { expect, it } from 'vitest'
import type { NoticeReader } from '../../accounts/notices.ts'
import { ServiceSettings } from '../../accounts/service-settings/service-settings.ts'
import { silentLog } from '../../ops/log.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import { ScriptFailures } from './script-failures.ts'

const DAY = 24 * 60 * 60_000
const facts = { script: 'main', rule: null, line: 2, column: 3, problem: 'no', address: 'a@here.test', sender: '' }

async function setUp() {
  const clock = { time: 1_000, now: () => clock.time }
  const store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'here.test', at: 1 })
  const address = 'a@here.test'
  const added = await store.write('account.add', {
    address,
    passwordHash: null,
    quotaBytes: null,
    mailboxes: [],
    at: 1,
  })
  const { accountId } = added
  const put = () =>
    store.write('script.put', { accountId, name: 'main', source: 'keep;', maxScripts: 9, activate: true, at: 1 })
  await put()
  const told: { kind: string; to: string; values: unknown }[] = []
  const out = { isUp: true }
  const failures = new ScriptFailures({
    store,
    settings: new ServiceSettings(store, clock),
    notices: {
      async send(kind: string, reader: NoticeReader, values: unknown) {
        if (out.isUp) told.push({ kind, to: reader.address, values })
        return out.isUp
      },
    },
    linkTo: path => `https://mail.here.test${path}`,
    isTold: () => true,
    clock,
    log: silentLog,
    after() {},
  })
  const account = async () => (await store.read('account.byId', { accountId }))!
  const fail = async (kind: 'script' | 'domain' | 'service' = 'script', revision?: number) => {
    const own = await account()
    failures.failed({ kind, revision: revision ?? own.rulesRevision }, own, facts)
  }
  return { clock, store, accountId, put, told, out, failures, fail }
}

it('tells the owner once a day, and anew after a change', async () => {
  const { clock, store, accountId, put, told, failures, fail } = await setUp()
  const kept = () => store.read('script.failure', { subject: { kind: 'mailbox', accountId } })
  await fail()
  await fail()
  await failures.tell()
  expect(told).toEqual([
    {
      kind: 'script-failed',
      to: 'a@here.test',
      values: {
        scope: 'mailbox',
        name: 'a@here.test',
        ...facts,
        at: 1_000,
        messages: 2,
        url: 'https://mail.here.test/filters',
      },
    },
  ])
  // The notice itself may be stopped by the same script.
  clock.time += DAY - 1
  await fail()
  await failures.tell()
  expect(told).toHaveLength(1)
  expect(await kept()).toMatchObject({ at: 1_000 + DAY - 1, messages: 3 })
  clock.time += 1
  await failures.tell()
  expect(told).toHaveLength(1)
  await fail()
  await failures.tell()
  expect(told).toHaveLength(2)
  await put()
  expect(await kept()).toBeNull()
  await fail()
  await failures.tell()
  expect(told).toHaveLength(3)
  await store.close()
})

it('passes over what a script that is no longer there did', async () => {
  const { store, accountId, put, told, failures, fail } = await setUp()
  await fail()
  await put()
  await failures.tell()
  expect(await store.read('script.failure', { subject: { kind: 'mailbox', accountId } })).toBeNull()
  expect(told).toEqual([])
  await store.close()
})

it('tells who manages the domain, and staff of the service’s', async () => {
  const { store, told, failures, fail } = await setUp()
  const person = { name: '', passwordHash: null, language: null, at: 1 }
  await store.write('principal.add', { ...person, address: 'm@far.test', role: 'manager', domains: ['here.test'] })
  await store.write('principal.add', { ...person, address: 's@far.test', role: 'staff', domains: [] })
  for (const domain of ['', 'here.test'])
    await store.write('commonScript.set', { domain, source: 'keep;', isActive: true, at: 7 })
  await fail('service', 7)
  await fail('domain', 7)
  await fail('domain', 6)
  await failures.tell()
  expect(told.map(({ to, values }) => [to, values])).toMatchObject([
    ['s@far.test', { scope: 'service', name: '', url: 'https://mail.here.test/service/filters' }],
  ])
  await fail('domain', 7)
  await failures.tell()
  expect(told[1]).toMatchObject({
    to: 'm@far.test',
    values: { scope: 'domain', name: 'here.test', url: 'https://mail.here.test/domains/here.test/filters' },
  })
  await store.close()
})

it('keeps what can’t be told now', async () => {
  const { told, out, failures, fail, store } = await setUp()
  out.isUp = false
  await fail()
  await failures.tell()
  out.isUp = true
  await failures.tell()
  await failures.tell()
  expect(told).toHaveLength(1)
  await store.close()
})
