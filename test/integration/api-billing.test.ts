/** Plans, the ledger, statements and "get more space" over the API, by staff, a manager and an owner. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { type Service, startService } from './service.ts'

const GB = 1024 ** 3
const password = 'correct horse'
const alice = 'alice@example.org'
let service: Service
let staff: ApiClient
let manager: ApiClient
let owner: ApiClient

const plan = (planId: string, storageBytes: number, monthlyPrice: number) => ({
  planId,
  name: planId.toUpperCase(),
  description: '',
  storageBytes,
  hourlyLimit: null,
  monthlyPrice,
  currency: 'EUR',
  isOffered: true,
})
const small = plan('small', 5 * GB, 300)
const large = plan('large', 50 * GB, 900)
const price = { monthlyPrice: 900, currency: 'EUR' }

async function signedIn(address: string): Promise<ApiClient> {
  const client = new ApiClient(service)
  expect((await client.signIn(address, password)).status).toBe(200)
  return client
}

beforeAll(async () => {
  service = await startService({ FACTEUR_QUEUE_PORT: '9' })
  for (const domain of ['example.org', 'example.com']) await service.cli(['domain', 'add', domain])
  const addresses = [alice, 'boss@example.org', 'admin@example.org', 'carol@example.com']
  for (const address of addresses)
    await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: password })
  await service.cli(['user', 'role', 'boss@example.org', 'manager', '--domain', 'example.org'])
  await service.cli(['user', 'role', 'admin@example.org', 'staff'])
  staff = await signedIn('admin@example.org')
  manager = await signedIn('boss@example.org')
  owner = await signedIn(alice)
  for (const body of [small, large]) expect((await staff.post('/plans', body)).status).toBe(201)
})
afterAll(() => service.stop())

describe('the catalogue', () => {
  it('is for staff to change, and never holds a plan twice', async () => {
    expect((await staff.post('/plans', small)).json.code).toBe('plan-exists')
    expect((await manager.post('/plans', plan('other', GB, 1))).status).toBe(403)
    expect((await staff.post('/plans', { ...small, planId: 'Not a slug' })).json.errors[0].field).toBe('planId')
    expect((await staff.post('/plans', { ...small, planId: 'x', currency: 'XYZ' })).status).toBe(400)
    expect((await manager.get('/plans')).json.items.map((each: { planId: string }) => each.planId)).toEqual([
      'small',
      'large',
    ])
  })
})

describe('a mailbox', () => {
  beforeEach(async () => {
    expect((await staff.put(`/mailboxes/${alice}/plan`, { planId: 'small' })).status).toBe(200)
  })

  it('gets quota, terms, an entry and a line of the statement with its plan, whatever the catalogue says later', async () => {
    const given = (await staff.get(`/mailboxes/${alice}/plan`)).json
    expect(given).toMatchObject({ quotaBytes: 5 * GB, terms: { planId: 'small', monthlyPrice: 300 } })
    await staff.patch('/plans/small', { monthlyPrice: 350 })
    expect((await staff.get(`/mailboxes/${alice}/plan`)).json.terms.monthlyPrice).toBe(300)
    const { current } = (await manager.get('/statements')).json
    const { lines, isFinal } = (await manager.get(`/statements/${current}/domains/example.org`)).json
    expect(isFinal).toBe(false)
    expect(lines).toMatchObject([{ address: alice, planId: 'small', monthlyPrice: 300 }])
    const ledger = (await manager.get(`/ledger?address=${alice}`)).json.items
    expect(ledger[0]).toMatchObject({ kind: 'changed', terms: { planId: 'small' }, madeBy: 'admin@example.org' })
    await staff.patch('/plans/small', { monthlyPrice: 300 })
    const [changed] = (await staff.get('/audit?action=plan.update&search=small')).json.items
    expect(changed).toMatchObject({ before: { monthlyPrice: 350, currency: 'EUR' }, after: { monthlyPrice: 300 } })
    const audit = (await staff.get(`/audit?target=${alice}`)).json.items
    expect(audit.some((entry: { action: string }) => entry.action === 'plan.assign')).toBe(true)
  })

  it('changes its plan by its manager at the price he saw, and by no other', async () => {
    const other = await manager.put('/mailboxes/carol@example.com/plan', { planId: 'small' })
    expect(other.json.code).toBe('mailbox-not-found')
    const stale = { planId: 'large', seen: { monthlyPrice: 1, currency: 'EUR' } }
    expect((await manager.put(`/mailboxes/${alice}/plan`, stale)).json.code).toBe('plan-terms-changed')
    const answer = await manager.put(`/mailboxes/${alice}/plan`, { planId: 'large', seen: price })
    expect(answer.json.terms.planId).toBe('large')
    expect((await manager.put(`/mailboxes/${alice}/plan`, { planId: null })).status).toBe(403)
    expect((await staff.put(`/mailboxes/${alice}/plan`, { planId: null })).json).toMatchObject({
      terms: null,
      quotaBytes: 50 * GB,
    })
  })

  it('keeps every one of many changes at once in the ledger, each upon the one before', async () => {
    const before = (await staff.get(`/ledger?address=${alice}&limit=200`)).json.items.length
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => staff.put(`/mailboxes/${alice}/plan`, { planId: i % 2 ? 'large' : 'small' })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    const entries = (await staff.get(`/ledger?address=${alice}&limit=200`)).json.items
    expect(entries.length).toBe(before + 8)
    const now = (await staff.get(`/mailboxes/${alice}/plan`)).json
    expect(now.terms.planId).toBe(entries[0].terms.planId)
    expect(now.quotaBytes).toBe(entries[0].terms.storageBytes)
  })

  it('is no longer sold in the bin, and is again once it is restored', async () => {
    const lines = async (): Promise<unknown[]> => {
      const { current } = (await staff.get('/statements')).json
      return (await staff.get(`/statements/${current}/domains/example.org`)).json.lines
    }
    expect(await lines()).toHaveLength(1)
    await service.cli(['mailbox', 'remove', alice])
    expect(await lines()).toHaveLength(0)
    await service.cli(['mailbox', 'restore', alice])
    expect(await lines()).toHaveLength(1)
    owner = await signedIn(alice)
  })
})

describe('more space', () => {
  beforeEach(async () => {
    await staff.put(`/mailboxes/${alice}/plan`, { planId: 'small' })
    await manager.put('/domains/example.org/plan-self-service', { selfService: null })
  })

  it('has to be asked for where nobody allowed to choose; the manager gets a mail', async () => {
    const offer = (await owner.get('/mailbox/plan')).json
    expect(offer).toMatchObject({ mayChoose: false, terms: { planId: 'small' }, larger: [{ planId: 'large' }] })
    const refused = await owner.put('/mailbox/plan', { planId: 'large', seen: price })
    expect(refused.json.code).toBe('no-self-service')
    const asked = await owner.post('/mailbox/plan-requests', { planId: 'large', message: 'For photos' })
    expect(asked).toMatchObject({ status: 202, json: { told: 1 } })
    const boss = (await manager.get('/mailbox/space')).json
    expect(boss.messages).toBe(1)
    for (let i = 0; i < 2; i++) await owner.post('/mailbox/plan-requests', { planId: 'large', message: '' })
    expect((await owner.post('/mailbox/plan-requests', { planId: 'large', message: '' })).status).toBe(429)
  })

  it('is chosen where the manager allows it: larger plans alone, at the price that was shown', async () => {
    const allowed = await manager.put('/domains/example.org/plan-self-service', { selfService: true })
    expect(allowed.json).toEqual({ selfService: true, holds: true })
    expect((await owner.put('/domains/example.org/plan-self-service', { selfService: true })).status).toBe(403)
    const stale = await owner.put('/mailbox/plan', { planId: 'large', seen: { ...price, monthlyPrice: 1 } })
    expect(stale.json.code).toBe('plan-terms-changed')
    const chosen = await owner.put('/mailbox/plan', { planId: 'large', seen: price })
    expect(chosen.json).toMatchObject({ terms: { planId: 'large' }, quotaBytes: 50 * GB, larger: [] })
    const back = { planId: 'small', seen: { monthlyPrice: 300, currency: 'EUR' } }
    expect((await owner.put('/mailbox/plan', back)).json.code).toBe('plan-not-larger')
    expect((await staff.get(`/ledger?address=${alice}&limit=1`)).json.items[0].madeBy).toBe(alice)
  })
})

describe('a statement', () => {
  it('is exported for spreadsheets of both languages, and for programs', async () => {
    const { current } = (await manager.get('/statements')).json
    const french = await manager.get(`/statements/${current}/csv?language=fr`)
    expect(french.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(french.headers['content-disposition']).toContain(`releve-${current}`)
    expect(french.text).toMatch(/^\ufeffMois;Domaine;Boîte mail;/)
    expect(french.text).toContain(`;${alice};`)
    const english = await manager.get(`/statements/${current}/csv?language=en`)
    expect(english.text).toMatch(/^\ufeffMonth,Domain,Mailbox,/)
    expect(english.text.split('\r\n').at(-1)).toBe('')
    const { domains } = JSON.parse((await manager.get(`/statements/${current}/json`)).text)
    expect(domains).toMatchObject([{ domain: 'example.org' }])
  })

  it('is of domains one manages, of months that have begun', async () => {
    const { current } = (await manager.get('/statements')).json
    expect((await manager.get(`/statements/${current}/domains/example.com`)).json.code).toBe('domain-not-found')
    expect((await manager.get('/statements/2099-01')).json.code).toBe('month-not-begun')
    expect((await manager.get('/statements/2026-13')).json.code).toBe('invalid-month')
    expect((await owner.get(`/statements/${current}`)).status).toBe(403)
  })
})

describe('the dashboard', () => {
  it('counts what was received and sent, of one’s domains', async () => {
    const totals = (await manager.get('/dashboard')).json
    expect(totals).toMatchObject({ domains: 1, mailboxes: 3, queueWaiting: null })
    expect((await staff.get('/dashboard')).json).toMatchObject({ domains: 2, mailboxes: 4 })
    const series = (await manager.get('/dashboard/series?period=month')).json
    expect(series.traffic).toHaveLength(30)
    expect(series.space.at(-1)).toMatchObject({ mailboxes: 3 })
    expect((await manager.get('/dashboard/series?period=day')).json.traffic).toHaveLength(24)
    expect((await owner.get('/mailbox/traffic?period=week')).json.traffic).toHaveLength(168)
    expect((await manager.get('/dashboard?domain=example.com')).json.code).toBe('domain-not-found')
    expect((await manager.get('/dashboard/top?by=space&period=week')).status).toBe(200)
  })
})
