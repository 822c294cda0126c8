/** App passwords, made in the panel and typed into mail programs. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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
  for (const name of [address, 'bob@example.org'])
    await service.cli(['mailbox', 'add', name, '--password-stdin'], { stdin: password })
})
afterAll(() => service.stop())
beforeEach(async () => {
  client = new ApiClient(service)
  await client.signIn(address, password)
})

const wanted = { label: 'Phone', protocols: ['imap', 'submission'] }

describe('an app password', () => {
  it('opens what it was made for, beside the password, and is gone once it is removed', async () => {
    const made = await client.post('/app-passwords', wanted)
    expect(made.status).toBe(201)
    const { secret, appPassword } = made.json
    expect(appPassword).toMatchObject({
      mailbox: address,
      label: 'Phone',
      networks: [],
      expiresAt: null,
      lastUse: null,
    })
    expect(await signInOver(service, 'imaps', address, secret)).toMatchObject({ ok: true })
    expect(await signInOver(service, 'submissions', address, secret.replaceAll(' ', ''))).toMatchObject({ ok: true })
    expect(await signInOver(service, 'imaps', address, password)).toMatchObject({ ok: true })
    const refused = await signInOver(service, 'pop3s', address, secret)
    expect(refused.said).toBe('-ERR [AUTH] This app password is not for this protocol or this network')
    expect((await signInOver(service, 'imaps', 'bob@example.org', secret)).ok).toBe(false)

    await expect
      .poll(async () => (await client.get('/app-passwords')).json[0].lastUse)
      .toMatchObject({ protocol: 'submission', remoteAddress: '127.0.0.1' })
    expect((await client.get('/app-passwords')).text).not.toContain(secret.slice(0, 4))

    expect((await client.delete(`/app-passwords/${appPassword.appPasswordId}`)).status).toBe(204)
    expect((await signInOver(service, 'imaps', address, secret)).ok).toBe(false)
    expect((await client.delete(`/app-passwords/${appPassword.appPasswordId}`)).json.code).toBe(
      'app-password-not-found',
    )
  })

  it('is held to its networks, which can be changed', async () => {
    const { secret, appPassword } = (await client.post('/app-passwords', { ...wanted, networks: ['192.0.2.0/24'] }))
      .json
    expect((await signInOver(service, 'imaps', address, secret)).said).toContain('[AUTHORIZATIONFAILED]')
    const path = `/app-passwords/${appPassword.appPasswordId}`
    expect((await client.patch(path, { networks: ['127.0.0.1'] })).json.networks).toEqual(['127.0.0.1'])
    expect(await signInOver(service, 'imaps', address, secret)).toMatchObject({ ok: true })
  })

  it('is not lost with an answer: the same key gives the same one', async () => {
    const headers = { 'idempotency-key': 'b9c1e0a2' }
    const first = await client.post('/app-passwords', wanted, { headers })
    expect((await client.post('/app-passwords', wanted, { headers })).json).toEqual(first.json)
  })

  it('of somebody else is not there', async () => {
    const { appPassword } = (await client.post('/app-passwords', wanted)).json
    const bob = new ApiClient(service)
    await bob.signIn('bob@example.org', password)
    const path = `/app-passwords/${appPassword.appPasswordId}`
    expect((await bob.delete(path)).json.code).toBe('app-password-not-found')
    expect((await bob.patch(path, { label: 'Mine' })).json.code).toBe('app-password-not-found')
    expect((await bob.get('/app-passwords')).json).toEqual([])
    const shared = await bob.post('/app-passwords', { ...wanted, mailbox: address })
    expect(shared.json).toMatchObject({ code: 'mailbox-not-yours', errors: [{ field: 'mailbox' }] })
  })

  it.each([
    [{ ...wanted, label: ' ' }, 'label'],
    [{ ...wanted, label: 'a\nb' }, 'label'],
    [{ ...wanted, protocols: [] }, 'protocols'],
    [{ ...wanted, protocols: ['panel'] }, 'protocols.0'],
    [{ ...wanted, networks: ['example.org'] }, 'networks'],
    [{ ...wanted, expiresAt: 1 }, 'expiresAt'],
  ])('%o is refused by the name of the field', async (body, field) => {
    const answer = await client.post('/app-passwords', body)
    expect(answer.status).toBe(400)
    expect(answer.json.errors[0].field).toBe(field)
  })
})
