/**
 * What is made with an Idempotency-Key, on every route that makes something: how to call each stands in `makings`, and a route
 * that isn't there fails. What was made is counted in the store itself: rows of all tables.
 */
import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { connect } from 'node:tls'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '../../src/accounts/passwords.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { storePath } from '../../src/ops/data-folder.ts'
import { deliver } from '../browser/mail-client.ts'
import { SoftwarePasskey } from '../support/software-passkey.ts'
import { type Answer, ApiClient } from './api-client.ts'
import { isUnsafe, nameOf, routes } from './fixtures/api-routes.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

type Caller = 'owner' | 'neighbour' | 'manager' | 'staff' | 'otherStaff'

interface Request {
  path: string
  body?: unknown
}

interface Making {
  as: Caller
  /** Somebody else who may call it. */
  other: Caller
  /** The n-th request, which makes something else than the others; prepares what it needs. */
  request(n: number, client: ApiClient): Promise<Request>
}

let service: Service
let store: DatabaseSync
const clients = {} as Record<Caller, ApiClient>

const inMailbox = { as: 'owner', other: 'neighbour' } as const
const managed = { as: 'manager', other: 'staff' } as const
const ofStaff = { as: 'staff', other: 'otherStaff' } as const

const makings: Record<string, Making> = {
  createUser: {
    ...ofStaff,
    request: async n => ({ path: '/users', body: { address: `user${n}@example.net`, role: 'manager' } }),
  },
  askSupport: {
    ...inMailbox,
    request: async n => ({
      path: '/help/requests',
      body: { subject: `Question ${n}`, message: 'Why?', page: '/help' },
    }),
  },
  createDomain: { ...ofStaff, request: async n => ({ path: '/domains', body: { name: `d${n}.example` } }) },
  addDomainAlias: {
    ...ofStaff,
    request: async n => ({ path: '/domains/example.org/aliases', body: { name: `a${n}.example` } }),
  },
  createToken: {
    ...inMailbox,
    request: async n => ({
      path: '/tokens',
      body: { label: `Program ${n}`, scopes: ['account:read'], expiresAt: null },
    }),
  },
  requestPlan: {
    ...inMailbox,
    request: async n => ({ path: '/mailbox/plan-requests', body: { planId: 'large', message: `Please ${n}` } }),
  },
  createCredentialLink: {
    ...managed,
    request: async n => ({ path: '/credential-links', body: { address: await newMailbox(`link${n}`) } }),
  },
  issueCredentialLinkAgain: {
    ...managed,
    async request(n) {
      const address = await newMailbox(`again${n}`)
      const { linkId } = (await clients.staff.post('/credential-links', { address })).json
      return { path: `/credential-links/${linkId}/again`, body: {} }
    },
  },
  createAlias: {
    ...managed,
    request: async n => ({
      path: '/aliases',
      body: { address: `alias${n}@example.org`, kind: 'alias', targets: [people.owner] },
    }),
  },
  createAppPassword: {
    ...inMailbox,
    request: async n => ({ path: '/app-passwords', body: { label: `Phone ${n}`, protocols: ['imap'] } }),
  },
  confirmCodes: {
    ...inMailbox,
    async request(_, client) {
      await client.delete('/second-factor/codes')
      const { secret } = (await client.post('/second-factor/codes')).json
      return {
        path: '/second-factor/codes/confirmation',
        body: { code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() },
      }
    },
  },
  addPasskey: { ...inMailbox, request: newPasskey },
  renewRecoveryCodes: { ...inMailbox, request: async () => ({ path: '/second-factor/recovery-codes' }) },
  createDeviceLink: {
    ...inMailbox,
    request: async n => ({ path: '/devices/profile-links', body: { passwordLabel: `iPhone ${n}` } }),
  },
  createMailbox: {
    ...managed,
    request: async n => ({ path: '/mailboxes', body: { address: `new${n}@example.org` } }),
  },
  addPlan: { ...ofStaff, request: async n => ({ path: '/plans', body: planOf(`plan-${n}`, n) }) },
  addWebhook: {
    ...managed,
    request: async n => ({
      path: '/webhooks',
      body: { domain: 'example.org', url: `https://hooks.example/${n}`, events: ['plan.changed'] },
    }),
  },
  shareOwnTrace: {
    ...inMailbox,
    request: async (n, client) => ({ path: `/mailbox/traces/${await newTrace(n, client, '/mailbox/traces')}/links` }),
  },
  shareTrace: {
    ...managed,
    request: async (n, client) => ({ path: `/traces/${await newTrace(n, client, '/traces')}/links` }),
  },
}

const planOf = (planId: string, n: number) => ({
  planId,
  name: planId,
  description: '',
  storageBytes: n * 1024 ** 3,
  hourlyLimit: null,
  monthlyPrice: 300,
  currency: 'EUR',
  isOffered: true,
})

async function newMailbox(name: string): Promise<string> {
  const address = `${name}@example.org`
  expect((await clients.staff.post('/mailboxes', { address })).status).toBe(201)
  return address
}

/** Of a message that has just come. */
async function newTrace(n: number, client: ApiClient, path: string): Promise<string> {
  for (const address of [people.owner, people.neighbour]) await deliver(service, address, `Message ${n}`)
  return (await client.get(`${path}?limit=1`)).json.items[0].traceId
}

async function newPasskey(n: number, client: ApiClient): Promise<Request> {
  const { options, token } = (await client.post('/second-factor/passkeys/options')).json
  const passkey = { token, response: new SoftwarePasskey().create(options) }
  return { path: '/second-factor/passkeys', body: { label: `Key ${n}`, passkey } }
}

beforeAll(async () => {
  service = await startPanelService({}, async store => {
    const passwordHash = await hashPassword(panelPassword)
    const facts = { name: '', passwordHash, language: null, domains: [], at: systemClock.now() }
    await store.write('principal.add', { address: 'other-staff@example.net', role: 'staff', ...facts })
  })
  store = new DatabaseSync(storePath({ data: service.data }), { readOnly: true })
  // The first time it has a row of its own.
  await health()
  for (const caller of ['owner', 'neighbour', 'manager', 'staff'] as const)
    clients[caller] = await signedIn(service, caller)
  clients.otherStaff = new ApiClient(service)
  await clients.otherStaff.signIn('other-staff@example.net', panelPassword)
  await clients.staff.patch('/service/settings', { supportAddress: people.otherOwner })
  for (const [planId, size] of [
    ['small', 1],
    ['large', 100],
  ] as const)
    await clients.staff.post('/plans', planOf(planId, size))
  for (const person of ['owner', 'neighbour'] as const) {
    await clients.staff.put(`/mailboxes/${people[person]}/plan`, { planId: 'small' })
    // The first second factor does more than those after it.
    const { path, body } = await newPasskey(0, clients[person])
    expect((await clients[person].post(path, body)).status).toBe(201)
    // So that each that follows takes the place of one.
    expect((await clients[person].post('/devices/profile-links', { passwordLabel: null })).status).toBe(201)
  }
})
afterAll(async () => {
  store?.close()
  await service?.stop()
})

/** What comes and goes by itself: mail on its way, its traces, what was counted of it, and the keys themselves. */
const passing = /^(?:idempotency_key|queue_|blob|traffic|space|sign_in|sqlite_|trace(?:_event|_segment|_key)?$)/

/** Asks for it, which passes through the store. */
const health = (): Promise<unknown> => fetch(`http://127.0.0.1:${service.ports.http}/healthz`)

/** Rows by table. */
function rows(): Record<string, number> {
  const names = store.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  const counted = names.map(({ name }) => String(name)).filter(name => !passing.test(name))
  return Object.fromEntries(
    counted.map(name => [name, Number(store.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.n)]),
  )
}

/** Tables that have other rows than before, and how many. */
function grown(before: Record<string, number>): Record<string, number> {
  const growth = Object.entries(rows()).map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
  return Object.fromEntries(growth.filter(([, count]) => count !== 0))
}

/** The same once notices have arrived: unchanged for a while, in which the service answered as often. `wanted`: what it is waited for before that. */
async function settled(
  before: Record<string, number>,
  wanted?: Record<string, number>,
): Promise<Record<string, number>> {
  if (wanted) await expect.poll(() => grown(before)).toEqual(wanted)
  let last = grown(before)
  for (let same = 0; same < (wanted ? 4 : 6); ) {
    await Promise.all([new Promise(resolve => setTimeout(resolve, 50)), health()])
    const now = grown(before)
    same = JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0
    last = now
  }
  return last
}

const send = (client: ApiClient, { path, body }: Request, key: string): Promise<Answer> =>
  client.call('POST', `/api/v1${path}`, { body, headers: { 'idempotency-key': key } })

const shown = ({ status, text, headers }: Answer) => ({ status, text, type: headers['content-type'] })

/** Written, begun by the service, and the connection gone before a byte of the answer was read. */
async function sendAndHangUp(client: ApiClient, { path, body }: Request, key: string): Promise<void> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const head = [
    `POST /api/v1${path} HTTP/1.1`,
    'Host: localhost',
    `Cookie: ${client.cookie}`,
    `X-CSRF-Token: ${client.csrfToken}`,
    `Idempotency-Key: ${key}`,
    ...(text ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`] : []),
  ].join('\r\n')
  const socket = connect({ port: service.ports.https, host: '127.0.0.1', rejectUnauthorized: false })
  socket.on('error', () => {})
  await new Promise(resolve => socket.once('secureConnect', resolve))
  socket.pause()
  socket.write(`${head}\r\n\r\n${text}`)
  const begun = store.prepare('SELECT 1 FROM idempotency_key WHERE key = ?')
  await expect.poll(() => begun.get(key) !== undefined, { interval: 1 }).toBe(true)
  socket.destroy()
}

/** Repeats it as a client does: while it is under way, again. */
async function repeated(client: ApiClient, request: Request, key: string): Promise<Answer> {
  for (;;) {
    const answer = await send(client, request, key)
    if (answer.json?.code !== 'idempotency-running') return answer
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

it('is taken by every route that makes something', () => {
  const making = routes.filter(({ creates }) => creates).map(({ operationId }) => operationId)
  expect(Object.keys(makings).toSorted()).toEqual(making.toSorted())
  // Whoever calls a public route has no keys of his own: what he holds is good once.
  const madeWithout = routes.filter(
    route => isUnsafe(route) && route.status === 201 && !route.creates && route.access !== 'public',
  )
  expect(madeWithout.map(nameOf)).toEqual([])
})

let last = 0
describe.each(Object.entries(makings))('%s', (operationId, { as, other, request }) => {
  const next = (client: ApiClient): Promise<Request> => request(++last, client)
  /** What one request makes. */
  let once: Record<string, number>

  it('makes one thing and answers alike, and refuses the key for anything else', async () => {
    const client = clients[as]
    const [key, wanted] = [randomUUID(), await next(client)]
    const before = rows()
    const first = await send(client, wanted, key)
    expect(first.status, first.text).toBeLessThan(300)
    once = await settled(before)
    expect(once).not.toEqual({})
    for (let again = 0; again < 3; again++) expect(shown(await send(client, wanted, key))).toEqual(shown(first))
    const unlike =
      wanted.body === undefined
        ? { path: '/tokens', body: { label: 'x', scopes: ['account:read'], expiresAt: null } }
        : unlikeOf(operationId, wanted)
    expect((await send(client, unlike, key)).json).toMatchObject({ status: 422, code: 'idempotency-mismatch' })
    expect(await settled(before, once)).toEqual(once)
  })

  it('makes one thing of twenty at once', async () => {
    const client = clients[as]
    const [key, wanted] = [randomUUID(), await next(client)]
    const before = rows()
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(client, wanted, key)))
    const done = answers.filter(({ status }) => status < 300)
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(done.map(answer => JSON.stringify(shown(answer)))).size).toBe(1)
    for (const waiting of answers.filter(({ status }) => status >= 300)) {
      expect(waiting.json).toMatchObject({ status: 409, code: 'idempotency-running' })
      expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0)
    }
    expect(shown(await send(client, wanted, key))).toEqual(shown(done[0]!))
    expect(await settled(before, once)).toEqual(once)
  })

  it('gives the answer that was lost to whoever asks again', async () => {
    const client = clients[as]
    const [key, wanted] = [randomUUID(), await next(client)]
    const before = rows()
    await sendAndHangUp(client, wanted, key)
    const answer = await repeated(client, wanted, key)
    expect(answer.status, answer.text).toBeLessThan(300)
    expect(shown(await send(client, wanted, key))).toEqual(shown(answer))
    expect(await settled(before, once)).toEqual(once)
  })

  it('knows the keys of two callers apart', async () => {
    const key = randomUUID()
    // What is made for one must not stand in the way of the other: each makes his own.
    const wanted = await next(clients[other])
    const before = rows()
    const stranger = await send(clients[other], wanted, key)
    expect(stranger.status, stranger.text).toBeLessThan(300)
    await settled(before)
    const between = rows()
    const answer = await send(clients[as], wanted, key)
    // Done anew or refused for what is there already; never the other's answer.
    expect(answer.json?.code ?? '').not.toMatch(/^idempotency/)
    if (answer.text !== '') expect(answer.text).not.toBe(stranger.text)
    else expect(await settled(between)).not.toEqual({})
    expect(shown(await send(clients[other], wanted, key))).toEqual(shown(stranger))
  })
})

/** The same route and parameters, another body. */
function unlikeOf(operationId: string, { path, body }: Request): Request {
  const changed: Record<string, unknown> = { ...(body as object) }
  if ('codeDigits' in changed || operationId.startsWith('issue') || operationId === 'createCredentialLink')
    changed.codeDigits = 6
  else if ('code' in changed) changed.code = '000000'
  else {
    const [name = '', value] = Object.entries(changed).find(([, each]) => typeof each === 'string') ?? []
    changed[name] = `x${value}`
  }
  return { path, body: changed }
}
