/** Users, their tokens, the first of the staff, and the log of who changed what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { type PanelIds, panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { type Service, startService } from './service.ts'

let service: Service
let ids: PanelIds
let staff: ApiClient
const stranger = () => new ApiClient(service)
const tokenOf = (url: string): string => /#([\w-]{43})$/.exec(url)?.[1] ?? ''

beforeAll(async () => {
  service = await startPanelService({}, async (_, known) => {
    ids = known
  })
  staff = await signedIn(service, 'staff')
})
afterAll(() => service.stop())

describe('a user', () => {
  it('is made with a link, and manages its domains and no others', async () => {
    const wanted = { address: 'Dan@Example.net', role: 'manager', domains: ['example.org'], name: 'Dan' }
    const { status, json } = await staff.post('/users', wanted)
    expect(status).toBe(201)
    expect(json.user).toMatchObject({ address: 'dan@example.net', role: 'manager', domains: ['example.org'] })
    const revealed = (await stranger().post('/link/reveal', { token: tokenOf(json.link.url) })).json
    expect(revealed).toMatchObject({ address: 'dan@example.net', servers: null })
    const dan = stranger()
    expect((await dan.signIn('dan@example.net', revealed.password)).json.principal.domains).toEqual(['example.org'])
    expect((await dan.post('/credential-links', { address: people.otherOwner })).json.code).toBe('user-not-found')
    await staff.patch(`/users/${json.user.principalId}`, { domains: ['example.com'] })
    expect((await dan.post('/credential-links', { address: people.otherOwner })).status).toBe(201)
    await staff.patch(`/users/${json.user.principalId}`, { signInEnabled: false })
    expect((await dan.get('/session')).status).toBe(401)
    expect((await staff.delete(`/users/${json.user.principalId}`)).status).toBe(204)
    expect((await staff.get(`/users/${json.user.principalId}`)).json.code).toBe('user-not-found')
  })

  it('with a mailbox is promoted and keeps its password, but not what others may have prepared', async () => {
    const { json: link } = await (await signedIn(service, 'manager')).post('/credential-links', {
      address: people.neighbour,
    })
    const { json } = await staff.post('/users', { address: people.neighbour, role: 'staff' })
    expect(json).toMatchObject({ link: null, user: { role: 'staff', hasMailbox: true, hasRecoveryAddress: false } })
    expect((await stranger().post('/link/reveal', { token: tokenOf(link.url) })).json.code).toBe('link-over')
    const manager = await signedIn(service, 'manager')
    expect((await manager.post('/credential-links', { address: people.neighbour })).json.code).toBe('user-not-found')
    expect((await staff.delete(`/users/${ids.neighbour}`)).status).toBe(204)
    expect((await staff.get(`/users/${ids.neighbour}`)).json).toMatchObject({ role: 'owner', hasMailbox: true })
  })

  it('with a mailbox is promoted without the device that waits to be set up for it', async () => {
    const alice = await signedIn(service, 'owner')
    const { url } = (await alice.post('/devices/profile-links', { passwordLabel: 'iPhone' })).json
    const look = () => stranger().get(`/device-links/${url.slice(url.lastIndexOf('/') + 1)}`)
    expect((await look()).json).toMatchObject({ address: people.owner, withPassword: true })
    await staff.post('/users', { address: people.owner, role: 'staff' })
    expect((await look()).json.code).toBe('device-link-gone')
    expect((await staff.delete(`/users/${ids.owner}`)).status).toBe(204)
  })

  it.each([
    [{ address: people.manager, role: 'staff' }, 'user-exists'],
    [{ address: 'no address', role: 'staff' }, 'invalid-user-address'],
    [{ address: 'e@example.net', role: 'manager', domains: ['nowhere.example'] }, 'unknown-domains'],
    [{ address: 'e@example.net', role: 'owner' }, 'invalid-request'],
    [{ address: 'e@example.net', role: 'staff', name: 'a\r\nb' }, 'invalid-request'],
  ])('%j is refused as %s', async (wanted, code) => {
    expect((await staff.post('/users', wanted)).json.code).toBe(code)
  })

  it('is neither oneself nor the last of the staff to lose', async () => {
    expect((await staff.delete(`/users/${ids.staff}`)).json.code).toBe('not-yourself')
    expect((await staff.patch(`/users/${ids.staff}`, { signInEnabled: false })).json.code).toBe('not-yourself')
    const removed = await service.cli(['user', 'remove', people.staff])
    expect(removed.stderr).toContain('nobody else of the staff could sign in')
    expect((await staff.patch(`/users/${ids.manager}`, { role: 'owner' })).json.code).toBe('owner-needs-mailbox')
  })

  it('is not the last of the staff to be suspended or removed by way of his mailbox', async () => {
    await staff.post('/users', { address: people.owner, role: 'staff' })
    const other = await signedIn(service, 'owner')
    expect((await other.patch(`/users/${ids.staff}`, { signInEnabled: false })).status).toBe(200)
    const suspended = await other.patch(`/mailboxes/${people.owner}`, { signInEnabled: false })
    expect(suspended.json).toMatchObject({ status: 409, code: 'last-staff' })
    expect((await service.cli(['mailbox', 'remove', people.owner])).exitCode).toBe(1)
    expect((await other.patch(`/users/${ids.staff}`, { signInEnabled: true })).status).toBe(200)
    staff = await signedIn(service, 'staff')
    expect((await staff.delete(`/users/${ids.owner}`)).status).toBe(204)
  })

  it('is staff’s alone to see', async () => {
    for (const person of ['owner', 'manager'] as const)
      expect((await (await signedIn(service, person)).get('/users')).json.code).toBe('not-allowed')
    const listed = (await staff.get('/users?role=manager&limit=1')).json
    expect(listed.items).toHaveLength(1)
    expect((await staff.get(`/users?role=manager&after=${listed.next}`)).json.items.length).toBeGreaterThan(0)
  })
})

describe('a token', () => {
  it('acts as its user within its scopes, until it is revoked', async () => {
    const manager = await signedIn(service, 'manager')
    const wanted = { label: 'CRM', scopes: ['directory:read', 'links:write'], expiresAt: null }
    const { json } = await manager.post('/tokens', wanted)
    expect(json.secret).toMatch(/^fct_[\w-]{43}$/)
    const headers = { authorization: `Bearer ${json.secret}` }
    expect((await stranger().get('/credential-links', { headers })).status).toBe(200)
    const made = await stranger().post('/credential-links', { address: people.owner }, { headers })
    expect(made.status).toBe(201)
    expect((await stranger().get('/profile', { headers })).json.code).toBe('scope-missing')
    for (const path of ['/tokens', '/users']) expect((await stranger().get(path, { headers })).status).toBe(403)
    expect((await stranger().post('/tokens', wanted, { headers })).json.code).toBe('not-allowed')
    const listed = (await manager.get('/tokens')).json
    expect(listed.items[0]).toMatchObject({ label: 'CRM', lastUsedAddress: '127.0.0.1' })
    expect(JSON.stringify(listed)).not.toContain(json.secret)
    expect((await staff.delete(`/users/${ids.manager}/tokens/${json.token.tokenId}`)).status).toBe(204)
    expect((await stranger().get('/credential-links', { headers })).status).toBe(401)
    expect((await manager.delete(`/tokens/${json.token.tokenId}`)).json.code).toBe('token-not-found')
  })

  it('reaches a manager’s brand by the directory’s scopes, the service’s own by the service’s alone', async () => {
    const headersOf = async (scopes: string[]) => {
      const { json } = await staff.post('/tokens', { label: 'x', scopes, expiresAt: null })
      return { authorization: `Bearer ${json.secret}` }
    }
    const directory = { headers: await headersOf(['directory:read', 'directory:write']) }
    const theService = { headers: await headersOf(['service:read', 'service:write']) }
    const ofManager = `/brands/${ids.manager}`
    const name = (await staff.get('/brands/service')).json.name

    for (const path of ['/brands/service', '/brands/%73ervice']) {
      expect((await stranger().get(path, directory)).json.code).toBe('scope-missing')
      expect((await stranger().patch(path, { name: 'Taken' }, directory)).json.code).toBe('scope-missing')
      expect((await stranger().put(`${path}/logo`, { data: 'AAAA' }, directory)).json.code).toBe('scope-missing')
      expect((await stranger().delete(`${path}/logo`, directory)).json.code).toBe('scope-missing')
    }
    expect((await stranger().patch('/brands/0', { name: 'Taken' }, directory)).json.code).toBe('invalid-request')
    expect((await stranger().patch('/service/settings', { name: 'Taken' }, directory)).json.code).toBe('scope-missing')
    expect((await staff.get('/brands/service')).json.name).toBe(name)

    expect((await stranger().patch(ofManager, { name: 'Agence' }, directory)).json.name).toBe('Agence')
    expect((await stranger().patch(ofManager, { name: 'X' }, theService)).json.code).toBe('scope-missing')
    expect((await stranger().patch('/brands/service', { name: 'Courrier' }, theService)).json.name).toBe('Courrier')
  })

  it('makes nobody one of the staff', async () => {
    const scopes = ['service:write', 'links:write']
    const { secret } = (await staff.post('/tokens', { label: 'x', scopes, expiresAt: null })).json
    const token = { headers: { authorization: `Bearer ${secret}` } }
    const refusal = { status: 403, code: 'staff-by-token' }
    const role = { role: 'staff' }
    for (const address of ['erin@example.net', people.owner])
      expect((await stranger().post('/users', { address, ...role }, token)).json).toMatchObject(refusal)
    expect((await stranger().patch(`/users/${ids.manager}`, role, token)).json).toMatchObject(refusal)
    expect((await stranger().patch(`/users/${ids.owner}`, role, token)).json).toMatchObject(refusal)
    expect((await staff.get(`/users/${ids.owner}`)).json.role).toBe('owner')
    // Who is one already is changed as before, and others are made managers.
    expect((await stranger().patch(`/users/${ids.staff}`, { ...role, name: 'Sam' }, token)).json.name).toBe('Sam')
    const made = await stranger().post('/users', { address: 'erin@example.net', role: 'manager' }, token)
    expect(made.status).toBe(201)
    expect((await staff.delete(`/users/${made.json.user.principalId}`)).status).toBe(204)
  })

  it('makes managers, and gives them domains, with the scope of links alone: they make links', async () => {
    const { secret } = (await staff.post('/tokens', { label: 'x', scopes: ['service:write'], expiresAt: null })).json
    const token = { headers: { authorization: `Bearer ${secret}` } }
    const refusal = { status: 403, code: 'scope-missing', title: expect.stringContaining('links:write') }
    const [role, domains] = ['manager', ['example.org', 'example.com']]
    for (const address of ['erin@example.net', people.owner])
      expect((await stranger().post('/users', { address, role }, token)).json).toMatchObject(refusal)
    expect((await stranger().patch(`/users/${ids.owner}`, { role }, token)).json).toMatchObject(refusal)
    expect((await stranger().patch(`/users/${ids.manager}`, { domains }, token)).json).toMatchObject(refusal)
    expect((await stranger().patch(`/users/${ids.manager}`, { name: 'Max' }, token)).json).toMatchObject({
      name: 'Max',
      domains: ['example.org'],
    })
    // To take them away leads nowhere.
    for (const change of [{ role, domains: ['example.org'] }, { domains: [] }])
      expect(await stranger().patch(`/users/${ids.manager}`, change, token)).toMatchObject({
        status: 200,
        json: change,
      })
    expect((await staff.patch(`/users/${ids.manager}`, { domains: ['example.org'] })).status).toBe(200)
    expect((await staff.get(`/users/${ids.owner}`)).json.role).toBe('owner')
  })

  it('reads the log of changes with the scope of the log alone', async () => {
    const tokenOf = async (scopes: string[]) =>
      (await staff.post('/tokens', { label: 'x', scopes, expiresAt: null })).json
    const withScope = await tokenOf(['audit:read'])
    const without = await tokenOf(['service:read', 'directory:read'])
    const read = (secret: string) => stranger().get('/audit', { headers: { authorization: `Bearer ${secret}` } })
    expect((await read(withScope.secret)).status).toBe(200)
    expect((await read(without.secret)).json.code).toBe('scope-missing')
  })

  it('never has more than its user, nor an end that has passed', async () => {
    const manager = await signedIn(service, 'manager')
    const beyond = await manager.post('/tokens', { label: 'x', scopes: ['service:write'], expiresAt: null })
    expect(beyond.json).toMatchObject({ status: 400, code: 'scope-not-yours' })
    const past = await manager.post('/tokens', { label: 'x', scopes: ['account:read'], expiresAt: 1 })
    expect(past.json.code).toBe('invalid-expiry')
    const strange = await manager.post('/tokens', { label: 'x', scopes: ['all'], expiresAt: null })
    expect(strange.json.code).toBe('invalid-request')
  })
})

describe('the log', () => {
  it('shows staff all, managers their domains, owners what concerns them', async () => {
    const manager = await signedIn(service, 'manager')
    const otherManager = await signedIn(service, 'otherManager')
    await staff.post('/credential-links', { address: people.neighbour })
    const targets = async (client: ApiClient, query = '') =>
      new Set((await client.get(`/audit?limit=200${query}`)).json.items.map((item: { target: string }) => item.target))
    expect(await targets(staff)).toContain('dan@example.net')
    expect(await targets(manager)).toContain(people.neighbour)
    expect(await targets(manager)).not.toContain('dan@example.net')
    expect(await targets(otherManager)).not.toContain(people.neighbour)
    const { url } = (await staff.post('/credential-links', { address: people.otherOwner })).json
    const { password } = (await stranger().post('/link/reveal', { token: tokenOf(url) })).json
    const owner = stranger()
    await owner.signIn(people.otherOwner, password)
    expect([...(await targets(owner))].filter(target => target !== people.otherOwner)).toEqual([])
    const [entry] = (await manager.get('/audit?action=link.create&search=BOB@')).json.items
    expect(entry).toMatchObject({ actor: people.staff, target: people.neighbour, remoteAddress: '' })
    const [seen] = (await staff.get('/audit?action=link.create&search=bob@')).json.items
    expect(seen.remoteAddress).toBe('127.0.0.1')
    expect((await staff.get(`/audit?until=${entry.at}&since=${entry.at}`)).json.items).toEqual([])
    expect((await staff.get('/audit?action=link.')).json.items.length).toBeGreaterThan(1)
    for (const noun of ['autoReply', 'pop3', 'app-password'])
      expect((await staff.get(`/audit?action=${noun}.`)).status).toBe(200)
  })
})

describe('the log and the ledger', () => {
  it('keep what was under a name before from who has the name now', async () => {
    const domain = 'resold.example'
    const mailbox = `ann@${domain}`
    const add = async () => {
      expect((await staff.post('/domains', { name: domain })).status).toBe(201)
      await service.cli(['mailbox', 'add', mailbox, '--password-stdin'], { stdin: panelPassword })
      await staff.patch(`/users/${ids.otherManager}`, { domains: ['example.com', domain] })
      const owner = stranger()
      expect((await owner.signIn(mailbox, panelPassword)).status).toBe(200)
      return { owner, manager: await signedIn(service, 'otherManager') }
    }
    const actions = async (client: ApiClient) =>
      (await client.get('/audit?limit=200&search=resold.example')).json.items.map(
        ({ action }: { action: string }) => action,
      )
    const sold = async (client: ApiClient) =>
      (await client.get(`/ledger?domain=${domain}`)).json.items.map(({ kind }: { kind: string }) => kind)
    const former = await add()
    expect(await actions(former.manager)).toEqual(['mailbox.create', 'domain.create'])
    expect(await sold(former.manager)).toEqual(['created'])
    await service.cli(['mailbox', 'remove', mailbox, '--now'])
    await service.cli(['domain', 'remove', domain])
    const { owner, manager } = await add()
    expect(await actions(manager)).toEqual(['mailbox.create', 'domain.create'])
    expect(await actions(owner)).toEqual(['mailbox.create'])
    expect(await sold(manager)).toEqual(['created'])
    expect((await actions(staff)).filter((action: string) => action === 'mailbox.create')).toHaveLength(2)
    expect(await sold(staff)).toEqual(['created', 'removed', 'created'])
  })
})

describe('the first of the staff', () => {
  // Three starts and two ends in good order: more than the usual time on a machine under load.
  it('is made by the link of the last start, once', { timeout: 180_000 }, async () => {
    const fresh = await startService()
    try {
      const linkOf = () => /\/welcome#([\w-]{43})/.exec(fresh.stdout)?.[1] ?? ''
      const client = () => new ApiClient(fresh)
      const first = linkOf()
      expect((await client().post('/first-staff/open', { token: first })).status).toBe(200)
      await fresh.end()
      await fresh.start()
      expect((await client().post('/first-staff/open', { token: first })).json.code).toBe('link-over')
      const token = linkOf()
      const wanted = { token, address: 'root@example.net', name: 'Root', password: panelPassword, language: 'en' }
      expect((await client().post('/first-staff', { ...wanted, password: 'short' })).json.code).toBe(
        'password-too-short',
      )
      const signedInClient = client()
      expect((await signedInClient.post('/first-staff', wanted)).status).toBe(204)
      expect((await signedInClient.get('/session')).json.principal).toMatchObject({ role: 'staff', name: 'Root' })
      expect((await client().post('/first-staff', { ...wanted, address: 'x@example.net' })).json.code).toBe('link-over')
      await fresh.end()
      await fresh.start()
      expect(fresh.stdout).not.toContain('/welcome#')
    } finally {
      await fresh.stop()
    }
  })
})
