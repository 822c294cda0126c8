/** A mailbox made with its link at once, and one for somebody who signs in already. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { signInOver } from './mail-sign-in.ts'
import type { Service } from './service.ts'

let service: Service
let staff: ApiClient
let manager: ApiClient
const tokenOf = (url: string): string => /#([\w-]{43})$/.exec(url)?.[1] ?? ''
const DAY_MS = 24 * 60 * 60_000

beforeAll(async () => {
  service = await startPanelService()
  staff = await signedIn(service, 'staff')
  manager = await signedIn(service, 'manager')
})
afterAll(() => service?.stop())

describe('a mailbox with its link', () => {
  it('is made in one call, and the link opens it', async () => {
    const wanted = { address: 'Dora@example.org', name: 'Dora', link: { codeDigits: 6, expiryDays: 2 } }
    const headers = { 'idempotency-key': 'dora' }
    const { status, json } = await manager.post('/mailboxes', wanted, { headers })
    expect(status).toBe(201)
    expect(json).toMatchObject({
      address: 'dora@example.org',
      hasPassword: true,
      link: { address: 'dora@example.org' },
    })
    expect(json.link.code).toMatch(/^\d{6}$/)
    expect(Math.abs(json.link.expiresAt - Date.now() - 2 * DAY_MS)).toBeLessThan(60_000)
    // The same key gives the same link, whose token is nowhere else.
    expect((await manager.post('/mailboxes', wanted, { headers })).json).toEqual(json)
    const token = tokenOf(json.link.url)
    const revealed = await new ApiClient(service).post('/link/reveal', { token, code: json.link.code })
    expect(revealed.json.address).toBe('dora@example.org')
    expect((await signInOver(service, 'imaps', 'dora@example.org', revealed.json.password)).ok).toBe(true)
    const actions = (await staff.get('/audit?target=dora@example.org')).json.items
    expect(actions.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['mailbox.create', 'link.create']),
    )
  })

  it('is mailed where that is asked for, and can do without', async () => {
    const link = { sendTo: people.owner }
    const sent = await manager.post('/mailboxes', { address: 'erin@example.org', link })
    expect(sent.json.link).toMatchObject({ code: null, sentTo: people.owner })
    const without = await manager.post('/mailboxes', { address: 'fred@example.org' })
    expect(without.json).toMatchObject({ hasPassword: false, link: null })
  })

  it.each([
    [{ sendTo: 'nobody' }, 400, 'invalid-recipient'],
    [{ sendTo: 'gina@example.org' }, 400, 'send-to-itself'],
    [{ expiryDays: 31 }, 400, 'invalid-request'],
    [{ codeDigits: 3 }, 400, 'invalid-request'],
  ])('is not made where the link can’t be: %j', async (link, status, code) => {
    const answer = await manager.post('/mailboxes', { address: 'gina@example.org', link })
    expect(answer.json).toMatchObject({ status, code })
    expect((await staff.get('/mailboxes/gina@example.org')).status).toBe(404)
  })

  it('leaves no link behind where it can’t be made', async () => {
    const before = (await staff.get('/credential-links')).json.items.length
    const taken = await manager.post('/mailboxes', { address: people.owner, link: {} })
    expect(taken.json.code).toBe('mailbox-exists')
    const shared = await manager.post('/mailboxes', { address: 'all@example.org', kind: 'shared', link: {} })
    expect(shared.json.code).toBe('mailbox-shared')
    expect((await manager.post('/mailboxes', { address: 'x@example.com', link: {} })).status).toBe(404)
    expect((await staff.get('/credential-links')).json.items).toHaveLength(before)
  })
})

describe('the mailbox of somebody who signs in already', () => {
  const signIn = async (address: string): Promise<ApiClient> => {
    const client = new ApiClient(service)
    expect((await client.signIn(address, panelPassword)).status).toBe(200)
    return client
  }

  it('of the staff is his, with role, password and open sessions', async () => {
    expect((await staff.post('/domains', { name: 'example.net' })).status).toBe(201)
    const { json } = await staff.post('/mailboxes', { address: people.staff, name: 'Sam', link: {} })
    expect(json).toMatchObject({ address: people.staff, role: 'staff', name: 'Sam', hasPassword: true, link: null })
    expect((await staff.get('/session')).json.principal).toMatchObject({ role: 'staff', hasMailbox: true })
    expect((await signInOver(service, 'imaps', people.staff, panelPassword)).ok).toBe(true)
    await signIn(people.staff)
    const listed = (await staff.get('/users?role=staff')).json.items
    expect(listed).toMatchObject([{ address: people.staff, hasMailbox: true }])
    expect((await staff.post('/mailboxes', { address: people.staff })).json.code).toBe('mailbox-exists')
    const { stdout } = await service.cli(['verify', '--json'])
    expect(JSON.parse(stdout).damage).toEqual([])
  })

  it('who manages domains can be made by himself, and not by another manager', async () => {
    const { principalId } = (await manager.get('/session')).json.principal
    for (const user of (await staff.get('/users?role=manager')).json.items)
      await staff.patch(`/users/${user.principalId}`, { domains: ['example.net', 'example.org'] })
    const other = await signedIn(service, 'otherManager')
    const refused = await other.post('/mailboxes', { address: people.manager, link: {} })
    expect(refused.json).toMatchObject({ status: 403, code: 'not-yours-to-change' })
    expect((await manager.post('/mailboxes', { address: people.manager })).status).toBe(201)
    expect((await staff.get(`/users/${principalId}`)).json).toMatchObject({ role: 'manager', hasMailbox: true })
    expect((await manager.get('/mailboxes/bob@example.org')).status).toBe(200)
  })

  it('keeps no password that the command line sets anew, and becomes nobody’s shared mailbox', async () => {
    const shared = await staff.post('/mailboxes', { address: people.otherManager, kind: 'shared' })
    expect(shared.json.code).toBe('mailbox-exists')
    const args = ['mailbox', 'add', people.otherManager, '--password-stdin']
    expect((await service.cli(args, { stdin: 'another good one\n' })).exitCode).toBe(0)
    expect((await signInOver(service, 'imaps', people.otherManager, 'another good one')).ok).toBe(true)
    expect((await new ApiClient(service).signIn(people.otherManager, panelPassword)).status).toBe(401)
  })
})
