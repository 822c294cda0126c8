/**
 * Limits of sending in the whole service: what is refused and for how long, who is told of it in which language, what staff
 * do about it, and which limit holds. The mails are read over IMAP; hours pass by the clock of the test.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { awaitMail, inboxOf, type ReadMail } from './fixtures/inbox.ts'
import type { Client } from './fixtures/smtp.ts'
import { panelOf, startTimedService, submitterOf, type TimedService } from './fixtures/timed-service.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const refusal =
  '554 5.7.0 Your message could not be sent. The limit on the number of allowed outgoing messages was exceeded.'
const alice = 'alice@example.org'
const bob = 'bob@example.org'
const staff = { fr: 'admin@service.test', en: 'root@service.test' }
const managers = { fr: 'chef@service.test', en: 'boss@service.test' }

let service: TimedService
let desk: ApiClient
const clients: Client[] = []

beforeAll(async () => {
  service = await startTimedService({
    // What is sent stays in the queue: only its acceptance counts here.
    settings: { FACTEUR_DNS_SERVERS: '127.0.0.1:9' },
    async seed(store, add) {
      for (const name of ['service.test', 'example.org', 'example.com', 'example.net'])
        await store.write('domain.add', { name, at: 1 })
      for (const language of ['fr', 'en'] as const) {
        await add(staff[language], { role: 'staff', language })
        await add(managers[language], { role: 'manager', domains: ['example.org', 'example.com'], language })
      }
      await add(alice, { language: 'fr' })
      await add(bob, { language: 'en' })
      for (const address of ['one@example.com', 'two@example.com', 'any@example.net']) await add(address)
    },
  })
  desk = await panelOf(service, staff.fr)
})
afterAll(() => service?.stop())
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

async function submitter(address: string, password?: string): Promise<Client> {
  const client = await submitterOf(service, address, password)
  clients.push(client)
  return client
}

/** One message to so many; the answer. */
async function send(client: Client, from: string, count: number): Promise<string> {
  const to = Array.from({ length: count }, (_, index) => `to${index}@far.test`)
  const answer = await client.deliver({ from, to }, `From: ${from}\r\nSubject: Offer\r\n\r\nhello\r\n`)
  await client.ask('RSET')
  return answer
}

const wordsOf = ({ text }: ReadMail): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ')
const setLimit = async (address: string, hourlyLimit: number | null): Promise<void> =>
  expect((await desk.patch(`/mailboxes/${address}`, { hourlyLimit })).status).toBe(200)
const about = (start: string, name: string) => (mail: ReadMail) => mail.subject === `${start}${name}`

describe('what a mailbox sends', () => {
  it('is warned of at 80 %, once, in the language of its owner; then refused, and staff are told once, each in his', async () => {
    await setLimit(alice, 10)
    await setLimit(bob, 10)
    const { secret } = (
      await (await panelOf(service, alice)).post('/app-passwords', { label: 'ERP', protocols: ['submission'] })
    ).json
    const client = await submitter(alice, secret)
    expect(await send(client, alice, 7)).toMatch(/^250/)
    expect(await send(client, alice, 1)).toMatch(/^250/)
    expect(await send(client, alice, 1)).toMatch(/^250/)
    const french = wordsOf(await awaitMail(service, alice, about('Limite d’envoi bientôt atteinte\u00a0: ', alice)))
    expect(french).toContain(`${alice} a envoyé 8 messages dans la dernière heure, sur 10 permis.`)
    expect(french).toContain('demandez à l’assistance de relever la limite')

    const english = await submitter(bob)
    expect(await send(english, bob, 8)).toMatch(/^250/)
    const warning = await awaitMail(service, bob, about('Sending limit nearly reached: ', bob))
    expect(wordsOf(warning)).toContain(`${bob} has sent 8 messages within the last hour, of 10 allowed.`)

    // At its second recipient; it says so before each message from then on.
    expect(await send(client, alice, 12)).toBe(refusal)
    for (let again = 0; again < 3; again++) expect(await send(client, alice, 1)).toBe(refusal)

    const incident = await awaitMail(service, staff.fr, about('Envoi bloqué\u00a0: ', `${alice} a dépassé sa limite`))
    const told = wordsOf(incident)
    expect(told).toContain(`Un message de ${alice} a dépassé la limite d’envoi de ${alice}.`)
    expect(told).toContain('Limite par heure : 10 destinataires')
    expect(told).toContain('Déjà envoyés dans l’heure : 9')
    expect(told).toContain('Destinataires du message refusé : 2')
    expect(told).toContain('Par exemple : to0@far.test, to1@far.test')
    expect(told).toContain('127.0.0.1 : mot de passe d’application « ERP »')
    expect(told).toContain(`/mailboxes/${encodeURIComponent(alice)}`)
    const other = wordsOf(await awaitMail(service, staff.en, about('Sending blocked: ', `${alice} was over its limit`)))
    expect(other).toContain('Limit an hour: 10 recipients')
    expect(other).toContain('Sent within the hour: 9')
    expect(other).toContain('127.0.0.1: app password “ERP”')

    for (const address of Object.values(staff)) expect(await inboxOf(service, address)).toHaveLength(1)
    // The owner was warned once; managers hear of what is of their domains as a whole.
    expect((await inboxOf(service, alice)).filter(({ subject }) => subject.includes('Limite'))).toHaveLength(1)
    for (const address of Object.values(managers)) expect(await inboxOf(service, address)).toEqual([])
    expect((await (await panelOf(service, managers.en)).get(`/mailboxes/${alice}/sending`)).json).toMatchObject({
      used: 9,
      limit: 10,
      blockedUntil: service.time.now() + HOUR,
    })
  })

  it('is refused for the whole of an hour, and not a millisecond longer', async () => {
    service.time.advance(HOUR - 1)
    expect(await send(await submitter(alice), alice, 1)).toBe(refusal)
    service.time.advance(1)
    expect(await send(await submitter(alice), alice, 10)).toMatch(/^250/)
  })

  it('counts for an hour from when it was sent: the window slides', async () => {
    service.time.advance(2 * HOUR)
    const client = await submitter(alice)
    expect(await send(client, alice, 4)).toMatch(/^250/)
    service.time.advance(30 * MINUTE)
    expect(await send(client, alice, 6)).toMatch(/^250/)
    service.time.advance(30 * MINUTE)
    const own = await panelOf(service, alice)
    expect((await own.get('/mailbox/sending')).json).toMatchObject({ used: 6, blockedUntil: null })
    expect(await send(client, alice, 4)).toMatch(/^250/)
    expect(await send(client, alice, 1)).toBe(refusal)
    expect((await inboxOf(service, staff.fr)).filter(({ subject }) => subject.includes(alice)).length).toBeGreaterThan(
      0,
    )
  })

  it('goes again at once where staff raise the limit, until the raise is over', async () => {
    const client = await submitter(alice)
    expect(await send(client, alice, 1)).toBe(refusal)
    const raised = await desk.put(`/mailboxes/${alice}/sending/raise`, { limit: 30, hours: 2 })
    expect(raised.json).toMatchObject({ limit: 30, usualLimit: 10, blockedUntil: null, used: 10 })
    expect(await send(client, alice, 20)).toMatch(/^250/)
    service.time.advance(HOUR)
    expect(await send(client, alice, 30)).toMatch(/^250/)
    // The raise ends, and with it what was sent by its leave still counts.
    service.time.advance(HOUR - 1)
    expect((await desk.get(`/mailboxes/${alice}/sending`)).json).toMatchObject({ limit: 30, used: 30 })
    service.time.advance(1)
    expect((await desk.get(`/mailboxes/${alice}/sending`)).json).toMatchObject({ limit: 10, used: 0, raise: null })
    expect(await send(client, alice, 11)).toBe(refusal)
  })

  it('goes again at once where staff end the block, within what is left', async () => {
    const client = await submitter(alice)
    expect(await send(client, alice, 1)).toBe(refusal)
    expect((await desk.delete(`/mailboxes/${alice}/sending/block`)).json).toMatchObject({ blockedUntil: null, used: 0 })
    expect(await send(client, alice, 10)).toMatch(/^250/)
    expect(await send(client, alice, 1)).toBe(refusal)
  })
})

describe('what a domain sends', () => {
  it('is warned of to its managers, refused to all its mailboxes, and told to staff with who it was', async () => {
    expect((await desk.patch('/domains/example.com', { domainHourlyLimit: 10 })).status).toBe(200)
    const [one, two] = [await submitter('one@example.com'), await submitter('two@example.com')]
    expect(await send(one, 'one@example.com', 5)).toMatch(/^250/)
    expect(await send(two, 'two@example.com', 4)).toMatch(/^250/)
    const french = await awaitMail(
      service,
      managers.fr,
      about('Limite d’envoi bientôt atteinte\u00a0: ', 'example.com'),
    )
    expect(wordsOf(french)).toContain('example.com a envoyé 9 messages dans la dernière heure, sur 10 permis.')
    const english = await awaitMail(service, managers.en, about('Sending limit nearly reached: ', 'example.com'))
    expect(wordsOf(english)).toContain('/domains/example.com')

    expect(await send(two, 'two@example.com', 2)).toBe(refusal)
    expect(await send(one, 'one@example.com', 1)).toBe(refusal)
    const told = wordsOf(
      await awaitMail(service, staff.en, about('Sending blocked: ', 'example.com was over its limit')),
    )
    expect(told).toContain('A message of two@example.com was over the sending limit of example.com.')
    expect(told).toContain('127.0.0.1: main password')
    // Others are not concerned.
    const other = await submitter('any@example.net')
    expect(await send(other, 'any@example.net', 11)).toMatch(/^250/)

    expect((await desk.put('/domains/example.com/sending/raise', { limit: 20, hours: 1 })).status).toBe(200)
    expect(await send(one, 'one@example.com', 11)).toMatch(/^250/)
    expect(await send(one, 'one@example.com', 1)).toBe(refusal)
  })
})

describe('the limit that holds', () => {
  const any = 'any@example.net'
  /** How many messages to one recipient are taken, after a while in which none was sent. */
  async function taken(): Promise<number> {
    service.time.advance(3 * HOUR)
    const client = await submitter(any)
    for (let count = 0; count < 20; count++) if ((await send(client, any, 1)) === refusal) return count
    return Number.POSITIVE_INFINITY
  }

  it('is the nearest one: of the mailbox, else of its domain, of its plan, of the service; higher or lower', async () => {
    const { json } = await desk.patch('/service/settings', { mailboxHourlyLimit: 3 })
    expect(json).toBeDefined()
    expect(await taken()).toBe(3)
    const plan = { name: 'P', description: '', storageBytes: 1e9, monthlyPrice: 100, currency: 'EUR', isOffered: true }
    for (const [planId, hourlyLimit] of [
      ['two', 2],
      ['none', null],
    ] as const)
      expect((await desk.post('/plans', { ...plan, planId, hourlyLimit })).status).toBe(201)
    const give = async (planId: string): Promise<void> =>
      expect((await desk.put(`/mailboxes/${any}/plan`, { planId })).status).toBe(200)
    await give('two')
    expect(await taken()).toBe(2)
    await desk.patch('/domains/example.net', { mailboxHourlyLimit: 5 })
    expect(await taken()).toBe(5)
    await setLimit(any, 4)
    expect(await taken()).toBe(4)
    // Another plan leaves what was set for the mailbox alone.
    await give('none')
    expect(await taken()).toBe(4)
    await setLimit(any, null)
    await desk.patch('/domains/example.net', { mailboxHourlyLimit: null })
    // A plan that says nothing leaves it to the service.
    expect(await taken()).toBe(3)
    await setLimit(any, 0)
    expect(await taken()).toBe(0)
  })

  it('and the one of the domain as a whole, of itself or of the service', async () => {
    await setLimit(any, 10)
    await desk.patch('/service/settings', { domainHourlyLimit: 4 })
    expect(await taken()).toBe(4)
    await desk.patch('/domains/example.net', { domainHourlyLimit: 6 })
    expect(await taken()).toBe(6)
    await desk.patch('/domains/example.net', { domainHourlyLimit: 12 })
    expect(await taken()).toBe(10)
  })
})
