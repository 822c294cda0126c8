/** A mailbox that fills up: who is told, when, and that it is told even where nothing else gets in. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { awaitMail, inboxOf } from './fixtures/inbox.ts'
import { panelPassword } from './fixtures/panel.ts'
import { Client } from './fixtures/smtp.ts'
import { type Service, startService } from './service.ts'

const QUOTA = 1_000_000
const alice = 'alice@example.org'
const boss = 'boss@example.org'
const events: { type: string; data: { address: string; percent: number } }[] = []
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', chunk => (body += chunk))
  request.on('end', () => {
    events.push(JSON.parse(body))
    response.writeHead(204).end()
  })
})
let service: Service
let owner: ApiClient

beforeAll(async () => {
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  service = await startService({ FACTEUR_WEBHOOKS_PRIVATE_ADDRESSES: 'true' })
  await service.cli(['domain', 'add', 'example.org'])
  for (const address of [alice, boss])
    await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: panelPassword })
  await service.cli(['user', 'role', boss, 'manager', '--domain', 'example.org'])
  await quota(QUOTA)
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  expect((await service.cli(['webhook', 'add', url, 'quota.warning'])).exitCode).toBe(0)
  owner = new ApiClient(service)
  expect((await owner.signIn(alice, panelPassword)).status).toBe(200)
})
afterAll(async () => {
  await service.stop()
  receiver.closeAllConnections()
  await new Promise(resolve => receiver.close(resolve))
})

const quota = async (bytes: number): Promise<void> =>
  expect((await service.cli(['mailbox', 'quota', alice, String(bytes)])).exitCode).toBe(0)
const used = async (): Promise<number> => (await owner.get('/mailbox/space')).json.usedBytes
/** About as many bytes as that. */
async function deliver(bytes: number): Promise<string> {
  const client = await Client.greeted(service.ports.smtp)
  try {
    const text = `From: a@away.test\r\nSubject: Plans\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(Math.floor(bytes / 72))}`
    return await client.deliver({ from: 'a@away.test', to: [alice] }, text)
  } finally {
    client.destroy()
  }
}
const told = (percent: number) => {
  const warns = new RegExp(`${percent}[\\s\\u00a0\\u202f]*%`)
  return { by: ({ subject, text }: { subject: string; text: string }) => warns.test(subject) || warns.test(text) }
}
async function fired(count: number): Promise<number[]> {
  for (const end = Date.now() + 20_000; events.length < count && Date.now() < end; )
    await new Promise(resolve => setTimeout(resolve, 50))
  return events.map(({ data }) => data.percent)
}

it('is told at 80 % and at 95 %, in the mailbox itself although it is full, and its manager at 95 %', {
  timeout: 90_000,
}, async () => {
  expect(await deliver(820_000)).toMatch(/^250/)
  await awaitMail(service, alice, told(80).by)
  expect(await fired(1)).toEqual([80])
  expect(await inboxOf(service, boss)).toEqual([])
  expect(await deliver(QUOTA - (await used()) - 1_000)).toMatch(/^250/)
  const warning = await awaitMail(service, alice, told(95).by)
  expect(warning.text).toContain('/plan')
  await awaitMail(service, boss, told(95).by)
  expect(await fired(2)).toEqual([80, 95])
  expect(events[1]).toMatchObject({ type: 'quota.warning', data: { address: alice, percent: 95 } })
  // The warning came in above the quota; nothing else does.
  const full = await used()
  expect(full).toBeGreaterThan(QUOTA)
  expect(await deliver(100)).toMatch(/^452 4\.2\.2/)
  expect(await used()).toBe(full)
})

it('is told again where a quota is lowered after there was room, and once each time', {
  timeout: 90_000,
}, async () => {
  await quota(10 * QUOTA)
  expect(await deliver(100)).toMatch(/^250/)
  // Less than is used: there is no room by far.
  await quota(QUOTA / 2)
  const before = (await inboxOf(service, alice)).length
  await awaitMail(service, alice, told(95).by, 4)
  expect(await fired(3)).toEqual([80, 95, 95])
  expect((await inboxOf(service, boss)).filter(told(95).by)).toHaveLength(2)
  // A round of the warnings later, nothing more was said.
  await new Promise(resolve => setTimeout(resolve, 6_000))
  expect(events).toHaveLength(3)
  expect((await inboxOf(service, alice)).length - before).toBeLessThanOrEqual(1)
  expect((await inboxOf(service, alice)).filter(told(95).by)).toHaveLength(2)
  expect(await service.end()).toBe(0)
  expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0 })
})
