/** A mailbox that fills up: who is told, when, and that it is told even where nothing else gets in. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { inboxOf, type ReadMail } from './fixtures/inbox.ts'
import { Client } from './fixtures/smtp.ts'
import { panelOf, startTimedService, type TimedService } from './fixtures/timed-service.ts'

const QUOTA = 1_000_000
/** Of the looks after what is to be told. */
const ROUND_MS = 5_000
const alice = 'alice@example.org'
/** Made after alice: in a round his turn is after hers. */
const bob = 'bob@example.org'
const boss = 'boss@example.org'
const admin = 'admin@example.org'
const events: { type: string; data: { address: string; percent: number } }[] = []
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', chunk => (body += chunk))
  request.on('end', () => {
    events.push(JSON.parse(body))
    response.writeHead(204).end()
  })
})
let service: TimedService
let owner: ApiClient
let staff: ApiClient

beforeAll(async () => {
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  service = await startTimedService({
    settings: { FACTEUR_WEBHOOKS_PRIVATE_ADDRESSES: 'true' },
    async seed(store, add) {
      await store.write('domain.add', { name: 'example.org', at: 1 })
      await add(alice, { quotaBytes: QUOTA })
      await add(bob, { quotaBytes: QUOTA })
      await add(boss, { role: 'manager', domains: ['example.org'] })
      await add(admin, { role: 'staff' })
    },
  })
  owner = await panelOf(service, alice)
  staff = await panelOf(service, admin)
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const added = await staff.post('/webhooks', { url, description: '', events: ['quota.warning'], domain: null })
  expect(added.status, added.text).toBe(201)
})
afterAll(async () => {
  await service?.stop()
  receiver.closeAllConnections()
  await new Promise(resolve => receiver.close(resolve))
})

const quota = async (bytes: number): Promise<void> =>
  expect((await staff.call('PATCH', `/api/v1/mailboxes/${alice}`, { body: { quotaBytes: bytes } })).status).toBe(200)
const used = async (): Promise<number> => (await owner.get('/mailbox/space')).json.usedBytes
/** About as many bytes as that. */
async function deliver(bytes: number, to = alice): Promise<string> {
  const client = await Client.greeted(service.ports.smtp)
  try {
    const text = `From: a@away.test\r\nSubject: Plans\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(Math.floor(bytes / 72))}`
    return await client.deliver({ from: 'a@away.test', to: [to] }, text)
  } finally {
    client.destroy()
  }
}
/** The warnings at so many percent. */
async function warnings(address: string, percent: number): Promise<ReadMail[]> {
  const warns = new RegExp(`${percent}[\\s\\u00a0\\u202f]*%`)
  return (await inboxOf(service, address)).filter(({ subject, text }) => warns.test(subject) || warns.test(text))
}
/** Waits for as many of them, round by round. */
async function told(address: string, percent: number, count: number): Promise<ReadMail> {
  const looked = async (): Promise<number> => {
    service.time.advance(ROUND_MS)
    return (await warnings(address, percent)).length
  }
  await expect.poll(looked, { interval: 100 }).toBe(count)
  return (await warnings(address, percent)).at(-1)!
}
const fired = (): number[] => events.filter(({ data }) => data.address === alice).map(({ data }) => data.percent)

it('is told at 80 % and at 95 %, in the mailbox itself although it is full, and its manager at 95 %', {
  timeout: 180_000,
}, async () => {
  expect(await deliver(820_000)).toMatch(/^250/)
  await told(alice, 80, 1)
  await expect.poll(fired).toEqual([80])
  expect(await inboxOf(service, boss)).toEqual([])
  expect(await deliver(QUOTA - (await used()) - 1_000)).toMatch(/^250/)
  const warning = await told(alice, 95, 1)
  expect(warning.text).toContain('/plan')
  await told(boss, 95, 1)
  await expect.poll(fired).toEqual([80, 95])
  expect(events[1]).toMatchObject({ type: 'quota.warning', data: { address: alice, percent: 95 } })
  // The warning came in above the quota; nothing else does.
  const full = await used()
  expect(full).toBeGreaterThan(QUOTA)
  expect(await deliver(100)).toMatch(/^452 4\.2\.2/)
  expect(await used()).toBe(full)
})

it('is told again where a quota is lowered after there was room, and once each time', {
  timeout: 180_000,
}, async () => {
  await quota(10 * QUOTA)
  expect(await deliver(100)).toMatch(/^250/)
  // Less than is used: there is no room by far.
  await quota(QUOTA / 2)
  const before = (await inboxOf(service, alice)).length
  await told(alice, 95, 2)
  await told(boss, 95, 2)
  await expect.poll(fired).toEqual([80, 95, 95])
  // Bob is told in a later round, by which nothing more was said of alice.
  expect(await deliver(820_000, bob)).toMatch(/^250/)
  await told(bob, 80, 1)
  expect(fired()).toEqual([80, 95, 95])
  expect((await inboxOf(service, alice)).length - before).toBeLessThanOrEqual(1)
  expect(await warnings(alice, 95)).toHaveLength(2)
  expect(await warnings(boss, 95)).toHaveLength(2)
})
