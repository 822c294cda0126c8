import { expect, it } from 'vitest'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import type { NoticeReader } from '../notices.ts'
import { switchOffEnded } from './ended.ts'

it('switches off what is over where its owner is, once, and tells him', async () => {
  // 23:30 in Paris, already the next day in Auckland, still the day in Los Angeles.
  const clock = { time: Date.UTC(2026, 10, 27, 22, 30), now: () => clock.time }
  const store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'example.org', at: 1 })
  const zones = ['Europe/Paris', 'Pacific/Auckland', 'America/Los_Angeles']
  for (const [index, timeZone] of zones.entries()) {
    const account = { address: `a${index}@example.org`, passwordHash: null, quotaBytes: null, mailboxes: [], at: 1 }
    const { accountId } = await store.write('account.add', account)
    await store.write('autoReply.set', {
      accountId,
      enabled: true,
      fromDay: null,
      untilDay: '2026-11-27',
      timeZone,
      subject: '',
      text: 'x',
      audience: 'everyone',
      intervalDays: 7,
      updatedAt: 5,
    })
  }
  const told: [string, string][] = []
  const notices = {
    async send(kind: string, reader: NoticeReader) {
      told.push([kind, reader.address])
      return true
    },
  }
  const run = () => switchOffEnded({ store, notices, linkTo: path => `https://mail.example.org${path}`, clock })
  const enabled = async () =>
    Promise.all([1, 2, 3].map(async accountId => (await store.read('autoReply.get', { accountId }))?.enabled))

  expect(await run()).toBe(false)
  expect(told).toEqual([['auto-reply-ended', 'a1@example.org']])
  expect(await enabled()).toEqual([true, false, true])
  clock.time = Date.UTC(2026, 10, 27, 23)
  await run()
  await run()
  expect(told.map(([, address]) => address)).toEqual(['a1@example.org', 'a0@example.org'])
  clock.time = Date.UTC(2026, 10, 28, 8)
  await run()
  expect(await enabled()).toEqual([false, false, false])
  const log = await store.read('audit.list', { domains: null, target: null, actorId: null, before: null, limit: 9 })
  expect(log.map(({ action }) => action)).toEqual(['autoReply.end', 'autoReply.end', 'autoReply.end'])
  await store.close()
})
