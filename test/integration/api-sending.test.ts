/** Limits of sending over the API: who sees them, who raises them, and what is told of a block. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { type PanelIds, type Person, people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

let service: Service
let at: number
const clients = {} as Record<Person, ApiClient>

beforeAll(async () => {
  service = await startPanelService({}, async (store, ids: PanelIds) => {
    at = Date.now()
    const defaults = { mailbox: 300, domain: null }
    const accountId = ids.owner
    await store.write('sending.charge', { accountId, recipients: 250, defaults, at })
    await store.write('sending.charge', { accountId: ids.otherOwner, recipients: 10, defaults, at })
    const blockedMs = 60 * 60_000
    const block = { sample: ['x@far.test'], blockedMs, at }
    await store.write('sending.block', { ...block, accountId, recipients: 51, defaults })
    const other = { ...block, accountId: ids.otherOwner }
    await store.write('sending.block', { ...other, recipients: 41, defaults: { mailbox: 300, domain: 50 } })
    await store.write('sending.block', { ...other, recipients: 291, defaults })
  })
  for (const person of Object.keys(people) as Person[]) clients[person] = await signedIn(service, person)
})
afterAll(() => service.stop())

const of = (person: Person): string => `/mailboxes/${people[person]}/sending`

describe('limits of sending', () => {
  it('are shown to the owner, the manager of the domain and staff', async () => {
    const gauge = {
      kind: 'mailbox',
      name: people.owner,
      domain: 'example.org',
      used: 250,
      limit: 300,
      usualLimit: 300,
      blockedUntil: at + 60 * 60_000,
      raise: null,
      held: null,
    }
    expect((await clients.owner.get('/mailbox/sending')).json).toEqual(gauge)
    for (const person of ['manager', 'staff'] as const)
      expect((await clients[person].get(of('owner'))).json).toEqual(gauge)
    expect((await clients.otherManager.get(of('owner'))).status).toBe(404)
    const domain = { kind: 'domain', name: 'example.org', used: 250, limit: null, blockedUntil: null }
    expect((await clients.manager.get('/domains/example.org/sending')).json).toMatchObject(domain)
    expect((await clients.otherManager.get('/domains/example.org/sending')).status).toBe(404)
  })

  it('are listed by what is left, of one’s own domains', async () => {
    const addresses = async (person: Person) =>
      (await clients[person].get('/sending/nearest')).json.items.map(({ address }: { address: string }) => address)
    expect(await addresses('staff')).toEqual([people.owner, people.otherOwner])
    expect(await addresses('otherManager')).toEqual([people.otherOwner])
  })

  it('are raised by staff alone, for some hours, which unblocks; and it is in the audit log', async () => {
    const raise = { limit: 1_000, hours: 4 }
    expect((await clients.manager.put(`${of('owner')}/raise`, raise)).status).toBe(403)
    expect((await clients.staff.put(`${of('owner')}/raise`, { limit: 1_000, hours: 100 })).status).toBe(400)
    const raised = await clients.staff.put(`${of('owner')}/raise`, raise)
    expect(raised.json).toMatchObject({
      limit: 1_000,
      usualLimit: 300,
      blockedUntil: null,
      raise: { limit: 1_000, by: people.staff, until: expect.any(Number) },
    })
    expect(raised.json.raise.until - Date.now()).toBeGreaterThan(3.9 * 60 * 60_000)
    const entries = (await clients.staff.get('/audit')).json.items
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'sending.raise', target: people.owner, actor: people.staff }),
    )
    const ended = await clients.staff.delete(`${of('owner')}/raise`)
    expect(ended.json).toMatchObject({ limit: 300, raise: null })
  })

  it('that are set for good on the command line end no block, and say so; it has its own command', async () => {
    const run = async (...args: string[]): Promise<string[]> => {
      const { exitCode, stdout, stderr } = await service.cli(args)
      expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: '' })
      return stdout.trimEnd().split('\n')
    }
    const mailbox = people.otherOwner
    const domain = mailbox.slice(mailbox.indexOf('@') + 1)
    const until = new Date(at + 60 * 60_000).toISOString()
    const blocked = (name: string, owner: string): string =>
      `${name} went over its limit and is blocked until ${until}; where its ${owner} sent that mail: facteur sending unblock ${name}`
    const state = `${mailbox}: sign-in on, sending on, receiving on`
    expect(await run('mailbox', 'set', mailbox, '--hourly-limit', '500')).toEqual([
      `${state}, 500 recipients an hour`,
      blocked(mailbox, 'owner'),
      blocked(domain, 'owners'),
    ])
    expect(await run('sending', 'unblock', mailbox)).toEqual([
      `${mailbox} can send again; 10 of 500 recipients used within the hour`,
    ])
    expect(await run('domain', 'set', domain, '--domain-limit', '60')).toEqual([
      `${domain} may have any number of mailboxes and any space; the domain has 60 recipients an hour`,
      blocked(domain, 'owners'),
    ])
    expect(await run('sending', 'unblock', domain)).toEqual([
      `${domain} can send again; 10 of 60 recipients used within the hour`,
    ])
    expect(await run('sending', 'unblock', domain)).toEqual([
      `${domain} was not blocked; 10 of 60 recipients used within the hour`,
    ])
    expect(await run('mailbox', 'set', mailbox, '--hourly-limit', 'none')).toEqual([
      `${state}, no hourly limit of its own`,
    ])
    const entries = (await clients.staff.get('/audit')).json.items
    for (const target of [mailbox, domain])
      expect(entries).toContainEqual(expect.objectContaining({ action: 'sending.unblock', target }))
  })
})
