/** Two queues on one store: what becomes of a delivery when its node is taken for dead while it runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openTestStore, until } from './fixtures/queue.ts'
import { closeLater, queueFor, remote } from './fixtures/scene.ts'
import { TestTime } from './fixtures/time.ts'

it('a node that may be taken for dead breaks off what it has not handed over, and leaves it to the others', async () => {
  const time = new TestTime(Date.UTC(2026, 8, 1))
  const store = closeLater(await openTestStore(time))
  const server = await remote({ answer: line => (line.startsWith('MAIL') ? { silent: true } : null) })
  const one = await queueFor(server, { store, time, owner: 'one', settings: { concurrencyPerDestination: 1 } })
  const begun = await one.submit({ to: ['bob@there.test'] })
  const waiting = await one.submit({ to: ['eve@there.test'] })
  await until(() => (server.commands.length === 2 ? true : null))
  one.queue.suspend()
  for (const id of [begun, waiting])
    await until(async () => ((await one.recipients(id))[0]?.leaseOwner === null ? true : null))
  server.script = {}
  // It takes nothing while it is not sure; the other does.
  one.queue.wake()
  const other = await queueFor(server, { store, time, owner: 'other' })
  for (const id of [begun, waiting])
    expect(await other.settled(id)).toMatchObject([{ status: 'delivered', attempts: 1 }])
  expect(server.messages).toHaveLength(2)
  one.queue.resume()
  const later = await one.submit({ to: ['bob@there.test'] })
  expect(await one.settled(later)).toMatchObject([{ status: 'delivered' }])
})

it('a refusal that comes too late bounces nothing that another has taken over', async () => {
  const time = new TestTime(Date.UTC(2026, 8, 1))
  const store = closeLater(await openTestStore(time))
  const late = Promise.withResolvers<void>()
  const server = await remote({
    answer: line => (line === '.' ? { after: late.promise, reply: '550 5.7.1 no' } : null),
  })
  const one = await queueFor(server, { store, time, owner: 'one' })
  const id = await one.submit({ to: ['bob@there.test'] })
  await until(() => (server.commands.includes('1 DATA') ? true : null))
  await store.write('queue.release', { owner: 'one' })
  await store.write('queue.lease', { owner: 'other', now: time.now(), leaseMs: 60_000, limit: 5, perDestination: 5 })
  late.resolve()
  await until(() => one.log.find(({ message }) => message.startsWith('another node has taken over')) ?? null)
  expect(await one.recipients(id)).toMatchObject([{ status: 'queued', leaseOwner: 'other', attempts: 0 }])
  expect(one.door.inbox).toEqual([])
})

it('a queue whose leases were given away sends nothing again that it still has in hand', async () => {
  const time = new TestTime(Date.UTC(2026, 8, 1))
  const store = closeLater(await openTestStore(time))
  const late = Promise.withResolvers<void>()
  let sent = 0
  const server = await remote({
    answer: line => (line === '.' && ++sent === 1 ? { after: late.promise, reply: '250 2.0.0 taken' } : null),
  })
  const one = await queueFor(server, { store, time, owner: 'one' })
  const id = await one.submit({ to: ['bob@there.test'] })
  await until(() => (sent === 1 ? true : null))
  await store.write('queue.release', { owner: 'one' })
  // It looks again, and finds what is due.
  const other = await one.submit({ to: ['eve@there.test'] })
  expect(await one.settled(other)).toMatchObject([{ status: 'delivered' }])
  one.queue.wake()
  late.resolve()
  await until(() => (server.messages.length >= 2 ? true : null))
  await sleep(700)
  expect(server.messages).toHaveLength(2)
  expect((await one.recipients(id))[0]?.attempts).toBeLessThan(2)
})
