import { expect, it } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import { type AnyOperation, type Store, StoreError } from '../../store/store.ts'
import type { AccountRow } from '../../store/types.ts'
import type { NoticeKinds, NoticeReader, Notices } from '../notices.ts'
import { GATHERED_MS, MAILED_EVERY_MS, NAMED_REFUSALS, WAITING_REFUSALS } from './limits.ts'
import { RefusalTeller, type RefusedSubmission } from './refusals.ts'

const account = { accountId: 1, address: 'erp@example.org', domain: 'example.org' } as AccountRow
const neighbour = { ...account, accountId: 2, address: 'bob@example.org' }
const unknown: RefusedSubmission = {
  sender: 'erp@example.org',
  recipient: 'x@example.org',
  code: 550,
  status: '5.1.1',
  text: '<x@example.org>: Recipient address rejected: User unknown',
}

/** Account 1 has a second address, whose owner reads English in Rome; account 2 has none. */
function scene() {
  const operations: AnyOperation[] = []
  const mails: { reader: NoticeReader; values: NoticeKinds['sending-refused'] }[] = []
  const timers: { at: number; run: () => void }[] = []
  const world = { now: 0, broken: false }
  const store = {
    read: async (query: string, { accountId }: { accountId?: number }) => {
      if (query === 'principal.byId') return { language: 'en', timeZone: 'Europe/Rome' }
      return accountId === 1 ? { accountId, address: 'boss@example.net', updatedAt: 0 } : null
    },
    write: async (_: string, args: { operations: AnyOperation[] }) => {
      if (world.broken) throw new StoreError('unavailable', 'disk full')
      operations.push(...args.operations)
      return []
    },
  } as unknown as Store
  const notices = {
    send: async (_: string, reader: NoticeReader, values: NoticeKinds['sending-refused']) => {
      mails.push({ reader, values })
      return true
    },
  } as unknown as Notices
  const teller = new RefusalTeller({
    ...{ store, notices, log: silentLog, clock: { now: () => world.now } },
    after: (ms, run) => void timers.push({ at: world.now + ms, run }),
  })
  const pass = async (ms: number) => {
    world.now += ms
    for (const timer of timers.filter(({ at }) => at <= world.now)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.run()
    }
    await teller.flush()
  }
  const events = () =>
    operations.map(({ operation, args }) => {
      expect(operation).toBe('webhook.enqueue')
      return JSON.parse((args as { payload: string }).payload)
    })
  return { teller, world, mails, timers, pass, events }
}

it('tells what is refused in one go in one go: an event each, one mail for all', async () => {
  const { teller, pass, events, mails } = scene()
  for (let i = 0; i < 3; i++) teller.refused(account, unknown)
  teller.refused(account, {
    ...unknown,
    recipient: null,
    code: 552,
    status: '5.3.4',
    text: 'Error; message file too big',
  })
  await pass(GATHERED_MS)
  expect(events()).toMatchObject([
    { type: 'message.refused', data: { address: account.address, recipient: 'x@example.org', count: 3 } },
    { type: 'message.refused', data: { recipient: null, count: 1, class: 'too-large' } },
  ])
  expect(mails).toMatchObject([
    {
      reader: { address: 'boss@example.net', language: 'en', timeZone: 'Europe/Rome', domain: 'example.org' },
      values: { address: account.address, count: 4, refusals: [{ count: 3 }, { count: 1 }] },
    },
  ])
  expect(mails[0]?.values.refusals[1]?.texts.en.what).toBe('The message is too big for the server of example.org.')
})

it('mails once an hour at most, and then what came meanwhile; events go on', async () => {
  const { teller, pass, events, mails, timers } = scene()
  teller.refused(account, unknown)
  await pass(GATHERED_MS)
  for (let i = 0; i < NAMED_REFUSALS + 5; i++) teller.refused(account, { ...unknown, recipient: `y${i}@example.org` })
  await pass(GATHERED_MS)
  expect(events()).toHaveLength(NAMED_REFUSALS + 6)
  expect(mails).toHaveLength(1)
  await pass(MAILED_EVERY_MS)
  expect(mails[1]?.values.count).toBe(NAMED_REFUSALS + 5)
  expect(mails[1]?.values.refusals).toHaveLength(NAMED_REFUSALS)
  expect(timers).toEqual([])
})

it('mails nobody for a mailbox without a second address', async () => {
  const { teller, pass, events, mails, timers } = scene()
  teller.refused(neighbour, unknown)
  await pass(GATHERED_MS)
  expect(events()).toHaveLength(1)
  expect(mails).toEqual([])
  expect(timers).toEqual([])
})

it('is bounded, and outlives a store that is out of order', async () => {
  const { teller, pass, world, events, mails } = scene()
  world.broken = true
  for (let i = 0; i < WAITING_REFUSALS + 100; i++)
    teller.refused(account, { ...unknown, recipient: `z${i}@example.org` })
  await pass(GATHERED_MS)
  expect(mails[0]?.values.count).toBe(WAITING_REFUSALS)
  world.broken = false
  teller.refused(account, unknown)
  await teller.stop()
  expect(events()).toHaveLength(1)
})
