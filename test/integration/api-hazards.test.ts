/** What strangers try on HTTPS: files that are none of theirs, answers that lead elsewhere, links made of what they send, others' things. */
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { type Service, startService } from './service.ts'

const password = 'correct horse 1'
let service: Service
let nobody: ApiClient
let manager: ApiClient
let staff: ApiClient
let gets: string[] = []

beforeAll(async () => {
  service = await startService()
  for (const domain of ['example.org', 'example.net']) await service.cli(['domain', 'add', domain])
  for (const name of ['alice', 'manager', 'staff'])
    await service.cli(['mailbox', 'add', `${name}@example.org`, '--password-stdin'], { stdin: password })
  await service.cli(['user', 'role', 'staff@example.org', 'staff'])
  await service.cli(['user', 'role', 'manager@example.org', 'manager'])
  await service.cli(['user', 'domains', 'manager@example.org', 'example.net'])
  nobody = new ApiClient(service)
  manager = new ApiClient(service)
  staff = new ApiClient(service)
  await manager.signIn('manager@example.org', password)
  await staff.signIn('staff@example.org', password)
  const { paths } = (await nobody.get('/openapi.json')).json
  gets = Object.keys(paths).filter(path => paths[path].get)
})
afterAll(() => service?.stop())

it.each([
  '/assets/../../package.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/..%2f..%2fpackage.json',
  '/assets/..\\..\\package.json',
  '/assets/..%5c..%5cpackage.json',
  '/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '//etc/passwd',
  '/index.html%00.js',
  '/.vite/../../README.md',
])('gives no file from beside its own for %s', async path => {
  const { status, text } = await nobody.call('GET', path)
  expect(text).not.toMatch(/"dependencies"|root:|# Facteur/)
  expect([200, 400, 404]).toContain(status)
})

it('answers who is still sending a body that is too large, and goes on with the connection', async () => {
  const socket = connect({ port: service.ports.https, host: '127.0.0.1', rejectUnauthorized: false })
  try {
    let heard = ''
    socket.on('data', data => (heard += data.toString('latin1'))).on('error', () => {})
    const half = 'x'.repeat(1_000_000)
    const head = 'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json'
    socket.write(`${head}\r\nContent-Length: ${2 * half.length}\r\n\r\n${half}`)
    await expect.poll(() => heard).toMatch(/^HTTP\/1.1 413 .*"code":"too-large"/s)
    heard = ''
    socket.write(`${half}GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await expect.poll(() => heard).toMatch(/^HTTP\/1.1 401 /)
  } finally {
    socket.destroy()
  }
})

it.each([
  ['asks for it', '1.1', 'close'],
  ['names it among others', '1.1', 'TE, Close'],
  ['speaks HTTP/1.0', '1.0', null],
])(
  'closes the connection behind the answer to a body that is too large where the client %s',
  async (_, version, connection) => {
    for (const sent of ['', 'x'.repeat(50_000), 'x'.repeat(100_000)]) {
      const socket = connect({ port: service.ports.https, host: '127.0.0.1', rejectUnauthorized: false })
      try {
        let heard = ''
        let ended = false
        socket.on('data', data => (heard += data.toString('latin1'))).on('error', () => {})
        socket.on('end', () => (ended = true))
        const head = `POST /api/v1/session HTTP/${version}\r\nHost: localhost\r\nContent-Type: application/json`
        const close = connection === null ? '' : `\r\nConnection: ${connection}`
        socket.write(`${head}${close}\r\nContent-Length: 100000\r\n\r\n${sent}`)
        await expect.poll(() => heard).toMatch(/^HTTP\/1.1 413 .*\r\nconnection: close\r\n.*"code":"too-large"\}$/is)
        await expect.poll(() => ended).toBe(true)
      } finally {
        socket.destroy()
      }
    }
  },
)

it('sends nobody elsewhere, whatever the address asks for', async () => {
  const elsewhere = '//evil.example/'
  const query = ['next', 'url', 'redirect', 'return', 'returnTo', 'continue', 'target']
    .map(name => `${name}=${encodeURIComponent(`https:${elsewhere}`)}`)
    .join('&')
  for (const path of [
    '/',
    '/sign-in',
    elsewhere,
    '/\\evil.example',
    ...gets.map(get => get.replace(/\{\w+\}/g, 'x')),
  ]) {
    const { status, headers } = await staff.call('GET', `${path}?${query}`)
    expect({ path, status: status >= 300 && status < 400, location: headers.location }).toEqual({
      path,
      status: false,
      location: undefined,
    })
  }
})

it('makes links of its own name, not of the one a client sends', async () => {
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
  const made = await staff.post('/credential-links', { address: 'alice@example.org', sendTo: null }, { headers })
  expect(made.status).toBe(201)
  expect(made.json.url).toMatch(/^https:\/\/mail\.facteur\.test:\d+\/link#/)
})

describe('a manager', () => {
  it('finds nothing of a domain that is not his, as if it were not there', async () => {
    const fill = (path: string): string =>
      path
        .replace('/api/v1', '')
        .replace(/\{(domain|name)\}/g, 'example.org')
        .replace(/\{address\}/g, 'alice@example.org')
    const paths = gets.filter(path => /^\/api\/v1\/(?:domains|mailboxes|aliases|groups)\/\{\w+\}/.test(path))
    expect(paths.length).toBeGreaterThan(4)
    for (const path of paths) {
      const { status } = await manager.get(fill(path))
      expect({ path, status }).toEqual({ path, status: status === 403 ? 403 : 404 })
      const seen = await staff.get(fill(path))
      expect({ path, found: seen.status }).not.toEqual({ path, found: 403 })
    }
  })
})
