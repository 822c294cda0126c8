/** Webhooks against a real receiver: signed, tried again, across a restart, and refused where they may not lead. */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { type Service, startService } from './service.ts'

interface Received {
  headers: IncomingMessage['headers']
  body: string
}

const password = 'correct horse'
const alice = 'alice@example.org'
let service: Service
let staff: ApiClient
let receiver: Server
let url: string
let received: Received[]
let answer: (count: number) => number

async function arrived(count: number): Promise<void> {
  await expect.poll(() => received.length).toBeGreaterThanOrEqual(count)
}

function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}

async function signIn(): Promise<void> {
  staff = new ApiClient(service)
  expect((await staff.signIn('admin@example.org', password)).status).toBe(200)
}

beforeAll(async () => {
  service = await startService({ FACTEUR_WEBHOOKS_PRIVATE_ADDRESSES: 'true', FACTEUR_WEBHOOKS_RETRY_FIRST: '1s' })
  await service.cli(['domain', 'add', 'example.org'])
  for (const address of [alice, 'admin@example.org', 'boss@example.org'])
    await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: password })
  await service.cli(['user', 'role', 'admin@example.org', 'staff'])
  await service.cli(['user', 'role', 'boss@example.org', 'manager', '--domain', 'example.org'])
  await service.cli(['plan', 'add', 'small', '--space', '5GB', '--price', '3.00'])
  await signIn()
})
afterAll(() => service.stop())

beforeEach(async () => {
  ;[received, answer] = [[], () => 204]
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body })
      response.writeHead(answer(received.length)).end('x'.repeat(10_000))
    })
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?token=s3cret`
})
afterEach(async () => {
  for (const { webhookId } of (await staff.get('/webhooks')).json.items) await staff.delete(`/webhooks/${webhookId}`)
  receiver.closeAllConnections()
  await new Promise(resolve => receiver.close(resolve))
})

const addWebhook = async (over: object = {}) => {
  const added = await staff.post('/webhooks', { domain: null, url, events: ['plan.changed'], ...over })
  expect(added.status).toBe(201)
  return added.json
}
const log = async (webhookId: string) => (await staff.get(`/webhooks/${webhookId}/deliveries`)).json.items

describe('a webhook', () => {
  it('gets the event of a change, signed with the secret that was shown once', async () => {
    const { webhookId, secret } = await addWebhook({ domain: 'example.org' })
    expect(JSON.stringify((await staff.get(`/webhooks/${webhookId}`)).json)).not.toContain(secret)
    await staff.put(`/mailboxes/${alice}/plan`, { planId: 'small' })
    await arrived(1)
    const [event] = received as [Received]
    expect(isSigned(event, secret)).toBe(true)
    expect(JSON.parse(event.body)).toMatchObject({
      type: 'plan.changed',
      data: { address: alice, after: { planId: 'small', monthlyPrice: 300, currency: 'EUR' } },
    })
    const audit = JSON.stringify((await staff.get('/audit?limit=200')).json)
    expect(audit).not.toContain('s3cret')
    expect(audit).not.toContain(secret)
  })

  it('is tried again after a failure, under the same id, also by the next life of the service', async () => {
    let isNextLife = false
    answer = () => (isNextLife ? 204 : 500)
    const { webhookId, secret } = await addWebhook()
    await staff.put(`/mailboxes/${alice}/plan`, { planId: 'small' })
    await arrived(2)
    // What came of it is noted after the answer.
    await expect.poll(async () => (await log(webhookId))[0].attempts).toBeGreaterThanOrEqual(2)
    await service.kill('SIGKILL')
    isNextLife = true
    await service.start()
    await signIn()
    await expect.poll(async () => (await log(webhookId))[0]).toMatchObject({ status: 'delivered', lastStatus: 204 })
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(received.every(each => isSigned(each, secret))).toBe(true)
    expect((await log(webhookId))[0].attempts).toBeGreaterThanOrEqual(3)
  })

  it('that is gone is switched off, and its manager told; on again, what waits is sent', async () => {
    answer = () => 410
    const { webhookId } = await addWebhook({ domain: 'example.org' })
    await staff.put(`/mailboxes/${alice}/plan`, { planId: 'small' })
    await arrived(1)
    await expect
      .poll(async () => (await staff.get(`/webhooks/${webhookId}`)).json)
      .toMatchObject({ isEnabled: false, disabledReason: 'gone' })
    const manager = new ApiClient(service)
    await manager.signIn('boss@example.org', password)
    await expect.poll(async () => (await manager.get('/mailbox/space')).json.messages).toBe(1)
    const [{ eventId }] = await log(webhookId)
    const path = `/webhooks/${webhookId}/deliveries/${eventId}/resend`
    expect((await staff.post(path)).json.code).toBe('webhook-disabled')
    answer = () => 200
    expect((await staff.patch(`/webhooks/${webhookId}`, { isEnabled: true })).json.isEnabled).toBe(true)
    expect((await staff.post(path)).status).toBe(202)
    await arrived(2)
  })

  it('is tested at once, and says what came of it', async () => {
    const { webhookId } = await addWebhook()
    expect((await staff.post(`/webhooks/${webhookId}/test`)).json).toMatchObject({
      status: 'delivered',
      lastStatus: 204,
    })
    answer = () => 302
    const redirected = (await staff.post(`/webhooks/${webhookId}/test`)).json
    expect(redirected).toMatchObject({ status: 'failed', lastStatus: 302 })
    expect(redirected.lastProblem).toContain('redirects are not followed')
    const finished = await service.cli(['webhook', 'test', webhookId])
    expect(finished.exitCode).toBe(1)
  })

  it('of a manager is of one of his domains', async () => {
    const manager = new ApiClient(service)
    await manager.signIn('boss@example.org', password)
    const wanted = { url, events: ['plan.changed'] }
    expect((await manager.post('/webhooks', { ...wanted, domain: null })).status).toBe(403)
    expect((await manager.post('/webhooks', { ...wanted, domain: 'example.com' })).json.code).toBe('domain-not-found')
    const { webhookId } = await addWebhook()
    // Of a domain there is: staff would wait for its events for ever.
    expect((await staff.post('/webhooks', { ...wanted, domain: 'exampel.org' })).json.code).toBe('domain-not-found')
    expect((await manager.get(`/webhooks/${webhookId}`)).json.code).toBe('webhook-not-found')
    expect((await manager.get('/webhooks')).json.items).toEqual([])
  })
})

it('leads nowhere private unless the settings allow it', async () => {
  const strict = await startService()
  try {
    const added = await strict.cli(['webhook', 'add', url, 'plan.changed'])
    expect(added.exitCode).toBe(1)
    for (const target of ['https://127.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/', 'https://0x7f.1/'])
      expect((await strict.cli(['webhook', 'add', target, 'plan.changed'])).exitCode).toBe(1)
    expect((await strict.cli(['webhook', 'add', 'https://hooks.example/', 'plan.changed'])).exitCode).toBe(0)
  } finally {
    await strict.stop()
  }
})
