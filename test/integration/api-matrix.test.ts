/**
 * Every route of the API by everyone who may try it. What is to be expected follows from what the route says of itself; the
 * routes are those that are registered, and those that the running service documents.
 *
 * Requests that may come through are made so that they do nothing: their parameters name nothing, their bodies have a
 * member too many. What becomes of the right ones is told by the tests of each resource.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Scope, scopes } from '../../src/accounts/scopes.ts'
import { hashToken, newId, newToken } from '../../src/accounts/secrets.ts'
import { REMEMBERED_MS } from '../../src/accounts/session-limits.ts'
import { csrfTokenOf } from '../../src/api/authenticate.ts'
import type { Route } from '../../src/api/route.ts'
import type { Store } from '../../src/store/store.ts'
import { type Answer, ApiClient, type CallOptions } from './api-client.ts'
import { isUnsafe, nameOf, pathOf, routes } from './fixtures/api-routes.ts'
import { type PanelIds, type Person, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

const roles = {
  owner: 'owner',
  otherOwner: 'owner',
  manager: 'manager',
  otherManager: 'manager',
  staff: 'staff',
} as const
type Role = (typeof roles)[keyof typeof roles]
const callers = Object.keys(roles) as (keyof typeof roles)[]
/** Who holds tokens: one of each role. */
const holders = { owner: 'owner', manager: 'manager', staff: 'staff' } as const

let service: Service
const clients = {} as Record<Person, ApiClient>
/** Sessions whose password was shown long ago. */
const stale = {} as Record<Role, ApiClient>
const tokens = new Map<string, string>()

beforeAll(async () => {
  const cookies = {} as Record<Role, string>
  service = await startPanelService({}, async (store, ids) => {
    for (const role of Object.values(holders)) {
      cookies[role] = await addStaleSession(store, ids[role])
      for (const scope of scopes) {
        tokens.set(`${role} with ${scope}`, await addToken(store, ids[role], [scope]))
        const others = scopes.filter(other => other !== scope)
        tokens.set(`${role} without ${scope}`, await addToken(store, ids[role], others))
      }
    }
  })
  for (const person of callers) clients[person] = await signedIn(service, person)
  for (const role of Object.values(holders)) {
    stale[role] = new ApiClient(service)
    stale[role].cookie = `__Host-facteur=${cookies[role]}`
    stale[role].csrfToken = csrfTokenOf(cookies[role])
  }
})
afterAll(() => service?.stop())

async function addToken(store: Store, principalId: PanelIds[Person], wanted: Scope[]): Promise<string> {
  const secret = `fct_${newToken()}`
  const times = { expiresAt: null, createdAt: 1, lastUsedAt: null, lastUsedAddress: null }
  const token = { tokenId: newId(), principalId, label: 'test', scopes: wanted, ...times }
  await store.write('apiToken.add', { ...token, secretHash: hashToken(secret) })
  return secret
}

async function addStaleSession(store: Store, principalId: PanelIds[Person]): Promise<string> {
  const token = newToken()
  const at = Date.now() - 60 * 60_000
  await store.write('session.add', {
    sessionId: newId(),
    principalId,
    remembered: true,
    secondFactorAt: null,
    confirmedAt: at,
    remoteAddress: '127.0.0.1',
    userAgent: '',
    createdAt: at,
    lastSeenAt: at,
    expiresAt: at + REMEMBERED_MS,
    tokenHash: hashToken(token),
  })
  return token
}

/** A request that does nothing where it comes through. */
function harmless(route: Route, client: ApiClient, options: CallOptions = {}): Promise<Answer> {
  const body = isUnsafe(route) ? { body: { 'no such member': 1 } } : {}
  return client.call(route.method, `/api/v1${pathOf(route)}`, { ...body, ...options })
}

/** The code a caller is refused with before anything is looked at; null where he comes through. */
const gates = new Set(['not-signed-in', 'not-allowed', 'scope-missing', 'csrf', 'confirmation-needed'])

function expectedOf({ access, needsMailbox }: Route, role: Role | null): string | null {
  if (access === 'public') return null
  if (role === null) return 'not-signed-in'
  if (!access.includes(role)) return 'not-allowed'
  return needsMailbox && role !== 'owner' ? 'not-allowed' : null
}

async function expectGate(route: Route, answer: Answer, expected: string | null): Promise<void> {
  const shown = { route: nameOf(route), status: answer.status, text: answer.text.slice(0, 300) }
  if (expected !== null) {
    expect({ ...shown, code: answer.json?.code }).toEqual({ ...shown, code: expected })
    expect(answer.status, shown.text).toBe(expected === 'not-signed-in' ? 401 : 403)
  } else {
    expect([shown, gates.has(answer.json?.code)]).toEqual([shown, false])
    expect(answer.status, JSON.stringify(shown)).toBeLessThan(500)
    // A member too many is refused by every route, by those that take no body as well.
    if (isUnsafe(route) && answer.json?.code !== 'invalid-request')
      expect({ ...shown, code: answer.json?.code }).toEqual({ ...shown, code: 'invalid-request' })
  }
  expectNotKept(route, answer)
}

/** Nobody between here and the reader may keep what is his. */
function expectNotKept(route: Route, { headers, status }: Answer): void {
  if (route.produces !== undefined && route.access === 'public' && status === 200) return
  expect([nameOf(route), headers['cache-control']]).toEqual([nameOf(route), 'no-store'])
}

it('are those that the running service documents, each under a name of its own', async () => {
  const { json } = await new ApiClient(service).get('/openapi.json')
  const documented: string[] = []
  for (const [path, methods] of Object.entries<Record<string, { operationId: string }>>(json.paths))
    for (const [method, { operationId }] of Object.entries(methods))
      documented.push(
        `${method.toUpperCase()} ${path.replace('/api/v1', '').replace(/\{(\w+)\}/g, ':$1')} ${operationId}`,
      )
  const registered = routes.map(route => `${nameOf(route)} ${route.operationId}`)
  expect(documented.toSorted()).toEqual(registered.toSorted())
  expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length)
})

describe.each(routes.map(route => [nameOf(route), route] as const))('%s', (_, route) => {
  it('by nobody, by each role, and by a token that is none', async () => {
    await expectGate(route, await harmless(route, new ApiClient(service)), expectedOf(route, null))
    const authorization = `Bearer fct_${'A'.repeat(43)}`
    await expectGate(
      route,
      await harmless(route, new ApiClient(service), { headers: { authorization } }),
      expectedOf(route, null),
    )
    for (const person of callers)
      await expectGate(route, await harmless(route, clients[person]), expectedOf(route, roles[person]))
  })

  it('by a token without the scope, and with it alone', async () => {
    for (const role of Object.values(holders)) {
      const scope = route.scope ?? scopes[0]
      const withScope =
        expectedOf(route, role) ?? (route.access !== 'public' && route.scope === null ? 'not-allowed' : null)
      const without = withScope ?? (route.access === 'public' ? null : 'scope-missing')
      for (const [kind, expected] of [
        ['with', withScope],
        ['without', without],
      ] as const) {
        const authorization = `Bearer ${tokens.get(`${role} ${kind} ${scope}`)}`
        await expectGate(route, await harmless(route, new ApiClient(service), { headers: { authorization } }), expected)
      }
    }
  })

  it('where the password was shown long ago', async () => {
    for (const role of Object.values(holders)) {
      const expected = expectedOf(route, role) ?? (route.needsConfirmation ? 'confirmation-needed' : null)
      await expectGate(route, await harmless(route, stale[role]), expected)
    }
  })

  // Nothing to be refused where nothing can be changed, or no body is taken: there is no test then, rather than a skipped one.
  if (isUnsafe(route))
    it('from another page than ours', async () => {
      const forged = { origin: 'https://elsewhere.example' }
      await expectGate(route, await harmless(route, new ApiClient(service), { headers: forged }), 'csrf')
      for (const person of callers) {
        const withoutToken = new ApiClient(service)
        withoutToken.cookie = clients[person].cookie
        await expectGate(route, await harmless(route, withoutToken), 'csrf')
        await expectGate(route, await harmless(route, clients[person], { headers: forged }), 'csrf')
        const crossSite = { 'sec-fetch-site': 'cross-site' }
        await expectGate(route, await harmless(route, clients[person], { headers: crossSite }), 'csrf')
        const anothers = { 'x-csrf-token': clients[person === 'owner' ? 'staff' : 'owner'].csrfToken ?? '' }
        await expectGate(route, await harmless(route, clients[person], { headers: anothers }), 'csrf')
      }
    })

  if (isUnsafe(route) && route.schemas.body)
    it('with a body too large', async () => {
      const whole = JSON.stringify({ 'no such member': 'x'.repeat(route.bodyLimit ?? 64 * 1024) })
      const sender = route.access === 'public' ? new ApiClient(service) : clients[firstOf(route)]
      const answer = await harmless(route, sender, { body: whole })
      expect(answer.json).toMatchObject({ status: 413, code: 'too-large' })
    })
})

function firstOf({ access, needsMailbox }: Route): Person {
  if (access === 'public' || needsMailbox) return 'owner'
  return access[0] ?? 'staff'
}
