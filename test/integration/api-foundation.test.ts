/** The API's ground rules over a real socket: signing in, CSRF, problems, validation, headers. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { type Service, startService } from './service.ts'

const address = 'alice@example.org'
const password = 'correct horse'
let service: Service
let client: ApiClient

beforeAll(async () => {
  service = await startService()
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: password })
})
afterAll(() => service.stop())
beforeEach(() => {
  client = new ApiClient(service)
})

describe('a session', () => {
  it('is opened by address and password, told of, and closed', async () => {
    expect((await client.get('/session')).json).toMatchObject({ status: 401, code: 'not-signed-in' })
    const opened = await client.signIn(address, password)
    expect(opened.status).toBe(200)
    expect(opened.json.principal).toMatchObject({ address, role: 'owner', hasMailbox: true, domains: [] })
    expect(String(opened.headers['set-cookie'])).toMatch(
      /^__Host-facteur=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect((await client.get('/session')).json).toEqual(opened.json)
    const before = client.cookie
    expect((await client.delete('/session')).status).toBe(204)
    client.cookie = before
    expect((await client.get('/session')).status).toBe(401)
  })

  it('stays for thirty days where that is asked for', async () => {
    const answer = await client.post('/session', { address, password, remember: true })
    expect(String(answer.headers['set-cookie'])).toContain('Max-Age=2592000')
  })

  it('stays so from each time the panel is opened, where that is asked for', async () => {
    await client.post('/session', { address, password, remember: true })
    const opened = client.cookie
    expect((await client.get('/session')).headers['set-cookie']).toEqual([
      `${opened}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Strict`,
    ])
    const unremembered = new ApiClient(service)
    await unremembered.signIn(address, password)
    expect((await unremembered.get('/session')).headers).not.toHaveProperty('set-cookie')
  })

  it('has another token each time, so that nobody can hand one out beforehand', async () => {
    client.cookie = `__Host-facteur=${'A'.repeat(43)}`
    await client.signIn(address, password)
    const first = client.cookie
    expect(first).not.toContain('AAAA')
    await client.signIn(address, password)
    expect(client.cookie).not.toBe(first)
  })

  it('is on 8443 as on 443', async () => {
    const panel = new ApiClient(service, 'panel')
    expect((await panel.signIn(address, password)).status).toBe(200)
    // The account panel alone: what mail programs look for is on 443.
    const settings = '/mail/config-v1.1.xml?emailaddress=alice@example.org'
    expect((await panel.call('GET', settings)).status).toBe(404)
    expect((await client.call('GET', settings)).status).toBe(200)
  })

  it('is refused alike for a wrong password and for nobody', async () => {
    const wrong = await client.post('/session', { address, password: 'wrong', remember: false })
    const nobody = await client.post('/session', { address: 'nobody@example.org', password, remember: false })
    expect(wrong.status).toBe(401)
    expect(wrong.json.code).toBe('wrong-credentials')
    expect(nobody.json).toEqual(wrong.json)
  })
})

describe('a change', () => {
  beforeEach(async () => {
    await client.signIn(address, password)
  })

  it('needs the CSRF token', async () => {
    client.csrfToken = null
    expect((await client.patch('/profile', { name: 'X' })).json).toMatchObject({ status: 403, code: 'csrf' })
    client.csrfToken = 'A'.repeat(43)
    expect((await client.patch('/profile', { name: 'X' })).json.code).toBe('csrf')
    expect((await client.get('/profile')).json.name).toBe('')
  })

  it.each<Record<string, string>>([
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('is not taken from another site: %o', async headers => {
    const answer = await client.call('PATCH', '/api/v1/profile', { body: { name: 'X' }, headers })
    expect(answer.json).toMatchObject({ status: 403, code: 'csrf' })
    const signIn = await client.call('POST', '/api/v1/session', {
      body: { address, password, remember: false },
      headers,
    })
    expect(signIn.json.code).toBe('csrf')
  })

  it('is made, answered, and kept', async () => {
    const answer = await client.patch('/profile', { name: 'Alice', language: 'fr', timeZone: 'Europe/Paris' })
    expect(answer.json).toMatchObject({ name: 'Alice', language: 'fr', timeZone: 'Europe/Paris' })
    expect((await client.get('/profile')).json).toEqual(answer.json)
  })

  it.each([
    [{ nam: 'X' }, 'nam', 'unknown'],
    [{ name: 'x'.repeat(201) }, 'name', 'too-long'],
    [{ name: 'a\r\nBcc: b@example.org' }, 'name', 'pattern'],
    [{ name: 7 }, 'name', 'type'],
    [{ language: 'de' }, 'language', 'enum'],
    [{ timeZone: 'Europe/Nowhere' }, 'timeZone', 'unknown'],
  ])('%o is refused by the name of the field', async (body, field, code) => {
    const answer = await client.patch('/profile', body)
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ code: 'invalid-request', errors: [{ field, code }] })
  })
})

it('takes a request whose type is named though it has no body', async () => {
  await client.signIn(address, password)
  const headers = { 'content-type': 'application/json' }
  expect((await client.call('PATCH', '/api/v1/profile', { headers })).json.code).toBe('invalid-request')
  expect((await client.call('DELETE', '/api/v1/session', { headers })).status).toBe(204)
})

describe('problems', () => {
  it('are told in the language asked for', async () => {
    const { headers, json } = await client.get('/session', {
      headers: { 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.8' },
    })
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(json).toEqual({
      type: 'urn:facteur:problem:not-signed-in',
      title: 'Connectez-vous pour continuer.',
      status: 401,
      code: 'not-signed-in',
    })
    expect((await client.get('/session', { headers: { 'accept-language': 'de' } })).json.title).toBe(
      'Sign in to continue.',
    )
  })

  it.each([
    ['POST', '/api/v1/session', '{"address":', 400, 'invalid-request'],
    [
      'POST',
      '/api/v1/session',
      '{"__proto__":{"x":1},"address":"a","password":"b","remember":false}',
      400,
      'invalid-request',
    ],
    ['POST', '/api/v1/session', `{"address":"${'a'.repeat(70_000)}"}`, 413, 'too-large'],
    ['GET', '/api/v1/nothing', undefined, 404, 'no-such-route'],
    ['GET', '/api/v1/%00', undefined, 404, 'no-such-route'],
    ['GET', '/api/v1/mailboxes/%zz', undefined, 400, 'invalid-request'],
    ['GET', `/api/v1/mailboxes/${'a'.repeat(500)}`, undefined, 400, 'invalid-request'],
  ])('%s %s %.30s answers %d %s', async (method, path, body, status, code) => {
    const answer = await client.call(method, path, { body })
    expect(answer.json).toMatchObject({ status, code })
    expect(answer.status).toBe(status)
  })

  it.each([
    ['application/x-www-form-urlencoded', '/api/v1/session'],
    ['text/plain', '/api/v1/session'],
    ['text/plain; charset=utf-8', '/api/v1/session'],
    ['text/plain', '/api/v1/session/passkey-options'],
  ])('of a body that is no JSON but %s names the header: %s', async (type, path) => {
    const headers = { 'content-type': type }
    const answer = await client.call('POST', path, { body: 'a=b', headers })
    expect(answer.json).toMatchObject({ status: 415, code: 'not-json' })
    expect(answer.status).toBe(415)
  })

  it.each([
    ['PUT', '/api/v1/profile', 'GET, HEAD, PATCH'],
    ['PUT', '/api/v1/profile/?x=/', 'GET, HEAD, PATCH'],
    ['OPTIONS', '/api/v1/session', 'DELETE, GET, HEAD, POST'],
    ['PROPFIND', '/api/v1/profile', 'GET, HEAD, PATCH'],
    ['POST', '/api/v1/openapi.json', 'GET, HEAD'],
  ])('of %s %s, which is there for other methods, names those', async (method, path, allow) => {
    const english = await client.call(method, path)
    expect(english.status).toBe(405)
    expect(english.headers.allow).toBe(allow)
    expect(english.json).toEqual({
      type: 'urn:facteur:problem:method-not-allowed',
      title: 'This method is not accepted here.',
      status: 405,
      code: 'method-not-allowed',
    })
    const french = await client.call(method, path, { headers: { 'accept-language': 'fr' } })
    expect(french.json.title).toBe('Cette méthode n’est pas acceptée ici.')
  })
})

it('forbids whatever a page of it does not need', async () => {
  const { headers } = await client.call('GET', '/')
  expect(headers['content-security-policy']).toContain("default-src 'none';script-src 'self'")
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['referrer-policy']).toBe('no-referrer')
})

it('documents every route it has', async () => {
  const { json } = await client.get('/openapi.json')
  expect(json.openapi).toBe('3.1.0')
  expect(json.paths['/api/v1/session'].post.operationId).toBe('signIn')
  expect(json.paths['/api/v1/profile'].patch.security).toEqual([{ session: [] }, { token: ['account:write'] }])
})
