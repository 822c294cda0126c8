/** Sign-ins over every protocol, as their owner sees them afterwards. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { signInOver } from './mail-sign-in.ts'
import { type Service, startService } from './service.ts'

const address = 'alice@example.org'
const password = 'correct horse'
let service: Service
let client: ApiClient

beforeAll(async () => {
  service = await startService()
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: password })
  client = new ApiClient(service)
  await client.post('/session', { address, password, remember: false }, { headers: { 'user-agent': 'Browser/1' } })
})
afterAll(() => service.stop())

it('shows the last attempt over each protocol and why it failed', async () => {
  for (const protocol of ['imaps', 'pop3s', 'submissions'] as const) {
    expect(await signInOver(service, protocol, address, password)).toMatchObject({ ok: true })
    expect(await signInOver(service, protocol, address, 'wrong')).toMatchObject({ ok: false })
  }
  await expect.poll(async () => (await client.get('/sign-ins')).json.items.length).toBeGreaterThanOrEqual(7)
  const { json } = await client.get('/sign-ins/latest')
  expect(json.map((row: { protocol: string }) => row.protocol)).toEqual(['imap', 'pop3', 'submission', 'panel'])
  for (const latest of json.slice(0, 3))
    expect(latest).toMatchObject({
      any: { outcome: 'wrong-password', credential: 'password', remoteAddress: '127.0.0.1', count: 1 },
      ok: { outcome: 'ok', client: null },
    })
  expect(json[3].any).toMatchObject({ outcome: 'ok', client: 'Browser/1' })
})

it('lists them page by page', async () => {
  const first = await client.get('/sign-ins?limit=4')
  expect(first.json.items).toHaveLength(4)
  const second = await client.get(`/sign-ins?limit=4&after=${first.json.next}`)
  expect(second.json.items).toHaveLength(3)
  expect(second.json.next).toBeNull()
})

it('keeps what was seen past a stop in good order', async () => {
  await signInOver(service, 'imaps', address, 'another one')
  await service.end()
  await service.start()
  const { json } = await client.get('/sign-ins/latest')
  expect(json[0].any).toMatchObject({ outcome: 'wrong-password', count: 2 })
})

it('ends in the panel with the password, whoever sets another', async () => {
  expect((await client.get('/session')).status).toBe(200)
  const args = ['mailbox', 'passwd', address, '--password-stdin']
  expect((await service.cli(args, { stdin: 'another good one' })).exitCode).toBe(0)
  expect((await client.get('/session')).status).toBe(401)
})
