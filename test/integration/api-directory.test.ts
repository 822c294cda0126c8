/** Domains, mailboxes, aliases and groups over the API: what staff, a manager and an owner may, and what becomes of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, ApiClient } from './api-client.ts'
import { type Person, people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

let service: Service
const clients = {} as Record<Person, ApiClient>
const MB = 1024 * 1024

beforeAll(async () => {
  service = await startPanelService()
  for (const person of Object.keys(people) as Person[]) clients[person] = await signedIn(service, person)
})
afterAll(() => service.stop())
afterEach(async () => {
  const { stdout } = await service.cli(['verify', '--json'])
  expect(JSON.parse(stdout).damage).toEqual([])
})

const made = async (answer: Promise<Answer>): Promise<Answer['json']> => {
  const { status, json } = await answer
  expect({ status, json }).toMatchObject({ status: 201 })
  return json
}
const done = async (answer: Promise<Answer>): Promise<Answer['json']> => {
  const { status, json } = await answer
  expect([200, 204]).toContain(status)
  return json
}
const refused = async (answer: Promise<Answer>, status: number, code: string): Promise<void> => {
  const { json } = await answer
  expect(json).toMatchObject({ status, code })
}
const addresses = async (client: ApiClient, query: string): Promise<string[]> =>
  (await done(client.get(`/mailboxes?${query}`))).items.map(({ address }: { address: string }) => address)

describe('domains', () => {
  it('are made, told of, changed and removed by staff', async () => {
    const { staff } = clients
    expect(await made(staff.post('/domains', { name: 'Exämple.net' }))).toMatchObject({
      name: 'xn--exmple-cua.net',
      mailboxes: 0,
      usedBytes: 0,
      soldBytes: 0,
      quotaBytes: null,
      aliases: [],
    })
    await refused(staff.post('/domains', { name: 'example.org' }), 409, 'domain-exists')
    await refused(staff.post('/domains', { name: 'no domain' }), 400, 'invalid-domain')
    const change = { maxMailboxes: 2, quotaBytes: 5 * MB, defaultQuotaBytes: MB, domainHourlyLimit: 300 }
    expect(await done(staff.patch('/domains/xn--exmple-cua.net', change))).toMatchObject(change)
    await refused(staff.patch('/domains/xn--exmple-cua.net', { maxMailboxes: -1 }), 400, 'invalid-request')
    await made(staff.post('/domains/xn--exmple-cua.net/aliases', { name: 'other.example' }))
    await refused(staff.post('/domains', { name: 'other.example' }), 409, 'domain-is-alias')
    expect((await done(staff.get('/domains?search=OTHER'))).items).toMatchObject([{ aliases: ['other.example'] }])
    await refused(staff.delete('/domains/example.org/aliases/other.example'), 404, 'domain-alias-not-found')
    await done(staff.delete('/domains/xn--exmple-cua.net/aliases/other.example'))
    await done(staff.delete('/domains/xn--exmple-cua.net'))
    await refused(staff.get('/domains/xn--exmple-cua.net'), 404, 'domain-not-found')
    await refused(staff.delete('/domains/example.org'), 409, 'domain-not-empty')
  })

  it('are listed with what they have, page by page', async () => {
    const first = await done(clients.staff.get('/domains?limit=1'))
    expect(first).toMatchObject({ items: [{ name: 'example.com', mailboxes: 1, soldBytes: 100 * MB }], total: 2 })
    const second = await done(clients.staff.get(`/domains?limit=1&after=${first.next}`))
    expect(second).toMatchObject({ items: [{ name: 'example.org', mailboxes: 2 }], next: null })
  })

  it('are a manager’s own, and not what was sold of them', async () => {
    const { manager } = clients
    expect((await done(manager.get('/domains'))).items).toMatchObject([{ name: 'example.org' }])
    await refused(manager.get('/domains/example.com'), 404, 'domain-not-found')
    await refused(manager.patch('/domains/example.com', { catchAll: null }), 404, 'domain-not-found')
    await done(manager.patch('/domains/example.org', { catchAll: people.owner }))
    await done(manager.patch('/domains/example.org', { catchAll: null }))
    await refused(manager.patch('/domains/example.org', { maxMailboxes: 1000 }), 403, 'not-yours-to-change')
    for (const answer of [
      manager.post('/domains', { name: 'example.edu' }),
      manager.delete('/domains/example.org'),
      manager.post('/domains/example.org/aliases', { name: 'example.edu' }),
    ])
      await refused(answer, 403, 'not-allowed')
  })
})

describe('mailboxes', () => {
  it('are made without a password, changed, removed, restored and purged', async () => {
    const { manager } = clients
    const created = await made(
      manager.post('/mailboxes', { address: 'Dora@example.org', name: 'Dora', quotaBytes: 10 * MB }),
    )
    expect(created).toMatchObject({ address: 'dora@example.org', name: 'Dora', state: 'waiting', quotaBytes: 10 * MB })
    expect(JSON.stringify(created)).not.toMatch(/password_|argon/)
    await refused(manager.post('/mailboxes', { address: 'dora@example.org' }), 409, 'mailbox-exists')
    const path = '/mailboxes/dora@example.org'
    expect(
      await done(manager.patch(path, { signInEnabled: false, sendingEnabled: false, name: 'Dora D.' })),
    ).toMatchObject({
      name: 'Dora D.',
      state: 'receiving',
      receivingEnabled: true,
    })
    expect(
      await done(manager.put(`${path}/forward`, { targets: ['d@elsewhere.example'], keepCopy: true })),
    ).toMatchObject({
      forward: { targets: ['d@elsewhere.example'], keepCopy: true },
    })
    await refused(
      manager.put(`${path}/forward`, { targets: ['dora@example.org'], keepCopy: true }),
      400,
      'target-is-itself',
    )
    await done(manager.delete(path))
    await refused(manager.get(path), 404, 'mailbox-not-found')
    await refused(manager.post('/mailboxes', { address: 'dora@example.org' }), 409, 'address-in-bin')
    const bin = await done(manager.get('/bin'))
    expect(bin.items).toMatchObject([{ address: 'dora@example.org', name: 'Dora D.' }])
    expect(bin.items[0].purgedAt - bin.items[0].removedAt).toBe(30 * 24 * 60 * 60_000)
    expect((await done(clients.otherManager.get('/bin'))).items).toEqual([])
    await refused(clients.otherManager.post('/bin/dora@example.org/restore'), 404, 'not-in-bin')
    expect(await done(manager.post('/bin/dora@example.org/restore'))).toMatchObject({
      state: 'receiving',
      forward: { keepCopy: true },
    })
    await refused(manager.delete('/bin/dora@example.org'), 404, 'not-in-bin')
    await done(manager.delete(path))
    await done(manager.delete('/bin/dora@example.org'))
    expect((await done(manager.get('/bin'))).items).toEqual([])
  })

  it('made twice with one key are made once', async () => {
    const headers = { 'idempotency-key': 'one' }
    const body = { address: 'twice@example.org' }
    const first = await made(clients.manager.post('/mailboxes', body, { headers }))
    expect(await made(clients.manager.post('/mailboxes', body, { headers }))).toEqual(first)
    await done(clients.manager.delete('/mailboxes/twice@example.org'))
    await done(clients.manager.delete('/bin/twice@example.org'))
  })

  it('are found over all domains, by words in any order, without accents and case', async () => {
    const { staff } = clients
    await made(staff.post('/mailboxes', { address: 'hl@example.com', name: 'Hélène Dupont' }))
    await made(staff.post('/mailboxes', { address: 'support@example.org', kind: 'shared' }))
    expect(await addresses(staff, '')).toEqual([
      'alice@example.org',
      'bob@example.org',
      'carol@example.com',
      'hl@example.com',
      'support@example.org',
    ])
    expect(await addresses(staff, 'search=dupont%20HELENE')).toEqual(['hl@example.com'])
    expect(await addresses(staff, 'search=EXAMPLE.COM&sort=address&descending=true')).toEqual([
      'hl@example.com',
      'carol@example.com',
    ])
    expect(await addresses(staff, 'state=waiting')).toEqual(['hl@example.com'])
    expect(await addresses(staff, 'kind=shared')).toEqual(['support@example.org'])
    expect(await addresses(staff, 'domain=example.com')).toEqual(['carol@example.com', 'hl@example.com'])
    expect(await addresses(staff, 'almostFull=true')).toEqual([])
    expect(await addresses(staff, 'sort=name&search=hl')).toEqual(['hl@example.com'])
    await refused(staff.get('/mailboxes?domain=example.net'), 404, 'domain-not-found')
    await refused(staff.get('/mailboxes?sort=colour'), 400, 'invalid-request')
    await done(staff.delete('/mailboxes/hl@example.com'))
    await done(staff.delete('/mailboxes/support@example.org'))
    await done(staff.delete('/bin/support@example.org'))
  })

  it('of a domain with letters of all kinds are found and asked for as people write it', async () => {
    const { staff } = clients
    const [domain, address] = ['xn--mller-kva.example', 'jürgen@xn--mller-kva.example']
    const typed = encodeURIComponent('Jürgen@Müller.example')
    await made(staff.post('/domains', { name: 'Müller.example' }))
    await made(staff.post('/mailboxes', { address: 'Jürgen@Müller.example', planId: null }))
    await made(staff.post('/aliases', { address: 'info@müller.example', kind: 'alias', targets: [people.owner] }))
    for (const search of ['M%C3%9CLLER', 'm%C3%BCller.ex', 'mller-kva', typed])
      expect(await addresses(staff, `search=${search}`), search).toEqual([address])
    const found = async (path: string): Promise<unknown> => (await done(staff.get(path))).items
    expect(await found('/domains?search=M%C3%9Cller')).toMatchObject([{ name: domain }])
    expect(await found('/aliases?search=m%C3%BCller.ex')).toMatchObject([{ address: `info@${domain}` }])
    expect(await found(`/audit?search=${typed}`)).toMatchObject([{ action: 'mailbox.create', target: address }])
    expect(await found(`/ledger?address=${typed}`)).toMatchObject([{ address }])
    expect(await found('/ledger?domain=M%C3%BCller.example')).toMatchObject([{ address }])
    expect(await done(staff.get(`/mailboxes/${typed}/plan`))).toMatchObject({ address })
    expect(await done(staff.get('/domains/M%C3%BCller.example/plan-self-service'))).toMatchObject({ selfService: null })
    expect(await done(staff.get('/dashboard?domain=M%C3%BCller.example'))).toMatchObject({ mailboxes: 1 })
    const { current } = await done(staff.get('/statements'))
    expect(await done(staff.get(`/statements/${current}/domains/M%C3%BCller.example`))).toMatchObject({ domain })
    await done(staff.delete(`/mailboxes/${typed}`))
    await done(staff.delete(`/bin/${typed}`))
    await done(staff.delete(`/domains/${domain}`))
  })

  it.each(['address', 'name', 'used', 'full', 'quota', 'created'])(
    'are paged by %s, each once, both ways',
    async sort => {
      const { staff } = clients
      const whole = await addresses(staff, `sort=${sort}`)
      for (const descending of [false, true]) {
        const seen: string[] = []
        let after = ''
        for (let page = 0; page < 10; page++) {
          const { items, next, total } = await done(
            staff.get(`/mailboxes?sort=${sort}&descending=${descending}&limit=1${after}`),
          )
          expect(total).toBe(whole.length)
          seen.push(...items.map(({ address }: { address: string }) => address))
          if (next === null) break
          after = `&after=${next}`
        }
        expect(seen.toSorted()).toEqual(whole.toSorted())
        if (!descending) expect(seen).toEqual(whole)
      }
    },
  )

  it('of other domains are none of a manager’s', async () => {
    const { manager } = clients
    expect(await addresses(manager, '')).toEqual([people.owner, people.neighbour])
    expect(await addresses(manager, 'search=carol')).toEqual([])
    await refused(manager.get('/mailboxes?domain=example.com'), 404, 'domain-not-found')
    const other = `/mailboxes/${people.otherOwner}`
    await refused(manager.get(other), 404, 'mailbox-not-found')
    await refused(manager.patch(other, { sendingEnabled: false }), 404, 'mailbox-not-found')
    await refused(manager.delete(other), 404, 'mailbox-not-found')
    await refused(
      manager.put(`${other}/forward`, { targets: ['x@y.example'], keepCopy: true }),
      404,
      'mailbox-not-found',
    )
    await refused(manager.post('/mailboxes', { address: 'x@example.com' }), 404, 'domain-not-found')
    await refused(manager.patch(`/mailboxes/${people.owner}`, { hourlyLimit: 5 }), 403, 'not-yours-to-change')
  })

  it('are not an owner’s to administer', async () => {
    const { owner } = clients
    for (const answer of [
      owner.get('/mailboxes'),
      owner.get(`/mailboxes/${people.owner}`),
      owner.patch(`/mailboxes/${people.owner}`, { quotaBytes: null }),
      owner.post('/mailboxes', { address: 'x@example.org' }),
      owner.delete(`/mailboxes/${people.neighbour}`),
      owner.get('/domains'),
      owner.get('/bin'),
      owner.get('/aliases'),
    ])
      await refused(answer, 403, 'not-allowed')
  })

  it('are counted against what the domain may have, fifty at once', async () => {
    const { staff, manager } = clients
    await done(staff.patch('/domains/example.org', { maxMailboxes: 5 }))
    const attempts = Array.from({ length: 50 }, (_, i) => manager.post('/mailboxes', { address: `n${i}@example.org` }))
    const answers = await Promise.all(attempts)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3)
    for (const { status, json } of answers)
      if (status !== 201) expect(json).toMatchObject({ status: 409, code: 'domain-full' })
    expect(answers.find(({ status }) => status === 409)?.json.title).toBe(
      'The domain example.org has reached its number of mailboxes (5).',
    )
    await done(staff.patch('/domains/example.org', { maxMailboxes: null }))
    for (const { status, json } of answers) {
      if (status !== 201) continue
      await done(manager.delete(`/mailboxes/${json.address}`))
      await done(manager.delete(`/bin/${json.address}`))
    }
  })

  it('say in the reader’s language how much is left', async () => {
    const { staff, manager } = clients
    await done(staff.patch('/domains/example.org', { quotaBytes: 201.5 * MB }))
    const headers = { 'accept-language': 'fr' }
    const { json } = await manager.post('/mailboxes', { address: 'x@example.org', quotaBytes: 2 * MB }, { headers })
    expect(json).toMatchObject({ code: 'domain-space', detail: 'Espace restant\u00a0: 1,5\u00a0Mo.' })
    await done(staff.patch('/domains/example.org', { quotaBytes: null }))
  })
})

it('of a manager or staff keeps its mail from who manages its domain: he sees and sets nothing that would send it on', async () => {
  const { manager, staff, neighbour } = clients
  const path = `/mailboxes/${people.neighbour}`
  const { principalId } = (await done(neighbour.get('/session'))).principal
  const changes = {
    filters: { rules: [] },
    'sending-rules': { copiesCc: [], copiesBcc: ['spy@example.net'], filesSentCopy: false },
    'bounce-copy': { copyTo: 'spy@example.net' },
    'auto-reply': {
      ...{ enabled: false, fromDay: null, untilDay: null, timeZone: 'Europe/Paris' },
      ...{ subject: '', text: '', audience: 'everyone', intervalDays: 7 },
    },
    pop3: { keepDays: 1 },
    forward: { targets: ['spy@example.net'], keepCopy: true },
  }
  for (const role of ['manager', 'staff']) {
    await done(staff.patch(`/users/${principalId}`, { role, domains: ['example.org'] }))
    for (const [name, change] of Object.entries(changes)) {
      await refused(manager.put(`${path}/${name}`, change), 403, 'not-yours-to-change')
      if (name === 'forward') continue
      await refused(manager.get(`${path}/${name}`), 403, 'not-yours-to-change')
      for (const who of [neighbour, staff]) await done(who.get(`${path}/${name}`))
    }
  }
  await done(staff.patch(`/users/${principalId}`, { role: 'owner' }))
  for (const name of ['filters', 'sending-rules', 'bounce-copy', 'auto-reply', 'pop3'])
    await done(manager.get(`${path}/${name}`))
})

describe('aliases and groups', () => {
  it('are made, changed, found and removed by the manager of their domain', async () => {
    const { manager, otherManager } = clients
    const alias = { address: 'info@example.org', kind: 'alias', targets: [people.owner] }
    await made(manager.post('/aliases', alias))
    await refused(manager.post('/aliases', alias), 409, 'alias-exists')
    await refused(manager.post('/aliases', { ...alias, address: people.neighbour }), 409, 'mailbox-exists')
    await refused(manager.post('/aliases', { ...alias, address: 'x@example.com' }), 404, 'domain-not-found')
    const targets = [people.owner, people.neighbour, 'ext@elsewhere.example']
    await made(manager.post('/aliases', { address: 'team@example.org', kind: 'group', name: 'L’équipe', targets }))
    await refused(manager.put('/aliases/info@example.org', { targets: ['info@example.org'] }), 400, 'target-is-itself')
    await done(manager.put('/aliases/info@example.org', { targets: ['team@example.org'] }))
    await refused(manager.put('/aliases/team@example.org', { targets: ['info@example.org'] }), 409, 'alias-loop')
    const list = async (client: ApiClient, query: string) =>
      (await done(client.get(`/aliases?${query}`))).items.map(({ address }: { address: string }) => address)
    expect(await list(manager, '')).toEqual(['info@example.org', 'team@example.org'])
    expect(await list(manager, 'kind=group&search=ELSEWHERE')).toEqual(['team@example.org'])
    expect(await list(otherManager, '')).toEqual([])
    await refused(otherManager.get('/aliases/info@example.org'), 404, 'alias-not-found')
    await refused(otherManager.delete('/aliases/info@example.org'), 404, 'alias-not-found')
    expect((await done(manager.get(`/mailboxes/${people.owner}`))).aliases).toMatchObject([
      { address: 'team@example.org', name: 'L’équipe' },
    ])
    await done(manager.delete('/aliases/info@example.org'))
    await done(manager.delete('/aliases/team@example.org'))
  })

  it('are nobody’s way to the mail of who signs in above him: a reset of his password would come with it', async () => {
    const { manager, staff } = clients
    const boss = 'boss@example.org'
    const user = await made(staff.post('/users', { address: boss, role: 'staff' }))
    const alias = { address: boss, kind: 'alias', targets: [people.owner] }
    await refused(manager.post('/aliases', alias), 403, 'not-yours-to-change')
    await refused(manager.post('/aliases', { ...alias, kind: 'group', name: 'Us' }), 403, 'not-yours-to-change')
    await made(staff.post('/aliases', alias))
    await refused(manager.put(`/aliases/${boss}`, { targets: [people.neighbour] }), 403, 'not-yours-to-change')
    await done(staff.delete(`/aliases/${boss}`))
    await done(staff.delete(`/users/${user.user.principalId}`))
    await made(staff.post('/domains/example.org/aliases', { name: 'example.biz' }))
    const other = await made(staff.post('/users', { address: 'boss@example.biz', role: 'staff' }))
    await refused(manager.post('/aliases', alias), 403, 'not-yours-to-change')
    await refused(manager.post('/mailboxes', { address: boss }), 403, 'not-yours-to-change')
    await done(staff.delete(`/users/${other.user.principalId}`))
    await done(staff.delete('/domains/example.org/aliases/example.biz'))
  })
})

describe('a shared mailbox', () => {
  it('has members, whom its manager names', async () => {
    const { manager, owner } = clients
    await made(manager.post('/mailboxes', { address: 'support@example.org', kind: 'shared', name: 'Support' }))
    const members = '/mailboxes/support@example.org/members'
    await done(manager.put(`${members}/${people.owner}`, { maySend: true }))
    await refused(manager.put(`${members}/${people.otherOwner}`, { maySend: true }), 404, 'mailbox-not-found')
    await refused(
      manager.put(`/mailboxes/${people.owner}/members/${people.neighbour}`, { maySend: true }),
      409,
      'mailbox-not-shared',
    )
    expect(await done(manager.get(members))).toMatchObject([{ address: people.owner, maySend: true }])
    expect((await done(owner.get('/mailbox/addresses'))).shared).toEqual([
      { address: 'support@example.org', name: 'Support', maySend: true },
    ])
    await done(manager.delete(`${members}/${people.owner}`))
    await refused(manager.delete(`${members}/${people.owner}`), 404, 'member-not-found')
    await done(manager.delete('/mailboxes/support@example.org'))
    await done(manager.delete('/bin/support@example.org'))
  })
})

describe('an owner', () => {
  it('sees the own addresses, and forwards the own mail', async () => {
    const { owner, staff } = clients
    await made(staff.post('/domains/example.org/aliases', { name: 'example.info' }))
    await made(staff.post('/aliases', { address: 'a@example.org', kind: 'alias', targets: ['alice@example.info'] }))
    await made(
      staff.post('/aliases', { address: 'all@example.org', kind: 'group', name: 'All', targets: [people.owner] }),
    )
    expect(await done(owner.get('/mailbox/addresses'))).toEqual({
      address: people.owner,
      domainAliases: ['example.info'],
      aliases: ['a@example.org'],
      groups: [{ address: 'all@example.org', name: 'All' }],
      shared: [],
      forward: null,
    })
    const forward = { targets: ['alice@elsewhere.example'], keepCopy: false }
    expect(await done(owner.put('/mailbox/forward', forward))).toEqual(forward)
    expect((await done(owner.get('/mailbox/addresses'))).forward).toEqual(forward)
    await refused(owner.put('/mailbox/forward', { ...forward, targets: [people.owner] }), 400, 'target-is-itself')
    await done(owner.delete('/mailbox/forward'))
    await refused(clients.staff.get('/mailbox/addresses'), 403, 'not-allowed')
    await done(staff.delete('/aliases/a@example.org'))
    await done(staff.delete('/aliases/all@example.org'))
    await done(staff.delete('/domains/example.org/aliases/example.info'))
  })
})
