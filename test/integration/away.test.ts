/**
 * Auto-replies in the whole service, from the panel to the server of who is answered: who sets them, whom they go to, the days
 * they are given on, and that they end by themselves. Months pass by the clock of the test.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { inboxOf, type ReadMail } from './fixtures/inbox.ts'
import { type RemoteServer, startRemote } from './fixtures/remote-smtp.ts'
import { Client } from './fixtures/smtp.ts'
import { panelOf, startTimedService, submitterOf, type TimedService } from './fixtures/timed-service.ts'

const HOUR = 60 * 60_000
const alice = 'alice@example.org'
const bob = 'bob@example.org'
const manager = 'chef@service.test'
const staff = 'admin@service.test'

let dns: DnsServer
let remote: RemoteServer
let service: TimedService
beforeAll(async () => {
  dns = await startDns({ 'far.test': { MX: [[10, 'mx.far.test']] }, 'mx.far.test': { A: ['127.0.0.1'] } })
  remote = await startRemote()
  service = await startTimedService({
    now: Date.UTC(2026, 9, 10, 12),
    settings: { FACTEUR_DNS_SERVERS: dns.address, FACTEUR_QUEUE_PORT: String(remote.port) },
    async seed(store, add) {
      for (const name of ['service.test', 'example.org']) await store.write('domain.add', { name, at: 1 })
      await add(alice, { language: 'fr', timeZone: 'Europe/Paris' })
      await add(bob, { language: 'en', timeZone: 'America/New_York' })
      await add(manager, { role: 'manager', domains: ['example.org'] })
      await add(staff, { role: 'staff' })
    },
  })
})
afterAll(async () => {
  await service?.stop()
  await remote?.close()
  await dns?.close()
})
beforeEach(() => {
  remote.messages.length = 0
})

const content = {
  ...{ enabled: true, fromDay: null, untilDay: null, timeZone: 'Europe/Paris', subject: '', text: 'Absente.' },
  ...{ audience: 'everyone', intervalDays: 7 },
}
const setBy = async (client: ApiClient, address: string, change: object): Promise<void> => {
  const path = address === '' ? '/auto-reply' : `/mailboxes/${address}/auto-reply`
  expect((await client.put(path, { ...content, ...change })).status).toBe(200)
}

let written = 0
/** From elsewhere, by port 25. */
async function deliver(from: string, to: string, field = ''): Promise<void> {
  const client = await Client.greeted(service.ports.smtp)
  const text = `From: ${from || 'mailer@far.test'}\r\nTo: ${to}\r\nSubject: News\r\nMessage-ID: <m${++written}@far.test>\r\n${field}\r\nhello\r\n`
  expect(await client.deliver({ from, to: [to] }, text)).toMatch(/^250/)
  client.destroy()
}

/** Whose server got an automatic reply, in order. */
const answered = (): string[] => remote.messages.flatMap(({ recipients }) => recipients.map(addressIn))
const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? ''
describe('an auto-reply', () => {
  it('reaches who wrote, from nobody, whoever of owner, manager and staff set it', async () => {
    const owner = await panelOf(service, alice)
    await setBy(owner, '', { subject: 'Par moi', text: 'Je suis absente.' })
    await deliver('one@far.test', alice)
    await setBy(await panelOf(service, manager), alice, { subject: 'Par le responsable' })
    await deliver('two@far.test', alice)
    await setBy(await panelOf(service, staff), alice, { subject: 'Par l’assistance' })
    await deliver('three@far.test', alice)
    await expect.poll(answered).toHaveLength(3)
    const [first] = remote.messages
    expect(first!.mail).toMatch(/^MAIL FROM:<>/)
    expect(first!.data).toMatch(/^Subject: Par moi\r$/m)
    expect(first!.data).toMatch(/^From: alice@example\.org\r$/m)
    expect(first!.data).toMatch(/^Auto-Submitted: auto-replied\r$/m)
    expect(first!.data).toContain('Je suis absente.')
    expect(remote.messages[1]!.data).toMatch(/^Subject: Par le responsable\r$/m)
    expect(answered()).toEqual(['one@far.test', 'two@far.test', 'three@far.test'])
  })

  it('goes to no list, robot or bounce, and to a person among them', async () => {
    await deliver('news@far.test', alice, 'List-Id: <news.far.test>\r\n')
    await deliver('shop@far.test', alice, 'Auto-Submitted: auto-generated\r\n')
    await deliver('batch@far.test', alice, 'Precedence: bulk\r\n')
    await deliver('no-reply@far.test', alice)
    await deliver('', alice, 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n')
    await deliver('owner-news@far.test', alice)
    await deliver('person@far.test', alice)
    await expect.poll(answered).toEqual(['person@far.test'])
  })

  it('of two who are away ends with the first, also where one answers by a script', async () => {
    await setBy(await panelOf(service, staff), alice, { subject: 'Absente' })
    const other = await panelOf(service, bob)
    await setBy(other, '', { subject: 'Away' })
    const send = async (subject: string): Promise<void> => {
      const client = await submitterOf(service, bob)
      const text = `From: ${bob}\r\nTo: ${alice}\r\nSubject: ${subject}\r\n\r\nhello\r\n`
      expect(await client.deliver({ from: bob, to: [alice] }, text)).toMatch(/^250/)
      client.destroy()
    }
    const own = (subject: string) => async (): Promise<string[]> =>
      (await inboxOf(service, bob)).map(mail => mail.subject).filter(found => found.includes(subject))
    await send('Lunch?')
    await expect.poll(own('Absente')).toEqual(['Absente'])
    // Bob's own would have come back by the time of a message that alice gets after it.
    await send('Dinner?')
    const subjects = (await inboxOf(service, alice)).map(({ subject }) => subject)
    expect(subjects.filter(subject => /Away|Lunch|Dinner/.test(subject))).toEqual(['Lunch?', 'Dinner?'])
    await setBy(other, '', { enabled: false })

    const source = 'require "vacation"; vacation :subject "By script" "Away.";'
    expect((await other.put('/filters/script', { source })).status).toBeLessThan(300)
    service.time.advance(8 * 24 * HOUR)
    await send('Again?')
    await expect.poll(own('Absente')).toEqual(['Absente', 'Absente'])
    expect((await inboxOf(service, alice)).map(({ subject }) => subject)).not.toContain('By script')
    expect((await (await panelOf(service, bob)).put('/filters', { rules: [], replacesScript: true })).status).toBe(200)
  })

  it('of a remote program that says nothing of being one is given once', async () => {
    for (let i = 0; i < 5; i++) await deliver('robot@far.test', alice)
    await deliver('person2@far.test', alice)
    await expect.poll(answered).toEqual(['robot@far.test', 'person2@far.test'])
  })
})

describe('the days of an auto-reply', () => {
  const wordsOf = ({ text }: ReadMail): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ')
  const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds

  // In their order: time only goes forward.
  it.each([
    // Clocks are put back: a day of 25 hours.
    ['Europe/Paris', alice, '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 'dimanche 25 octobre 2026'],
    ['America/New_York', bob, '2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 'Sunday, 1 November 2026'],
    // They are put forward: 23 hours.
    ['America/New_York', bob, '2027-03-14', '2027-03-14T05:00:00Z', '2027-03-15T04:00:00Z', 'Sunday, 14 March 2027'],
    ['Europe/Paris', alice, '2027-03-28', '2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z', 'dimanche 28 mars 2027'],
    // By half an hour.
    ['Australia/Lord_Howe', bob, '2027-04-04', '2027-04-03T13:00:00Z', '2027-04-04T13:30:00Z', 'Sunday, 4 April 2027'],
  ])(
    'in %s (%s) are whole on %s, when the clocks change; then it is off, and its owner is told',
    async (timeZone, owner, day, first, end, named) => {
      // Long after what was done before; a session of months ago is over.
      service.time.advance(Math.max(at(first) - 6 * HOUR - service.time.now(), 0))
      const client = await panelOf(service, owner)
      await setBy(client, '', { fromDay: day, untilDay: day, timeZone })
      expect((await client.get('/auto-reply')).json).toMatchObject({
        state: 'scheduled',
        startsAt: at(first),
        endsAt: at(end),
      })
      const told = (await inboxOf(service, owner)).length
      for (const [time, from] of [
        [at(first) - 1, 'early'],
        [at(first), 'first'],
        [at(end) - 1, 'last'],
        [at(end), 'late'],
      ] as const) {
        service.time.advance(time - service.time.now())
        await deliver(`${from}-${day}@far.test`, owner)
        // A reply that is on its way while the clock jumps a day is tried again much later.
        if (from === 'first') await expect.poll(answered).toHaveLength(1)
      }
      await expect.poll(answered).toHaveLength(2)
      expect(answered()).toEqual([`first-${day}@far.test`, `last-${day}@far.test`])

      const ends = async (): Promise<ReadMail[]> =>
        (await inboxOf(service, owner)).slice(told).filter(({ subject }) => /désactivée|switched off/.test(subject))
      const ended = async (): Promise<number> => {
        // What is over is looked for every hour.
        service.time.advance(HOUR)
        return (await ends()).length
      }
      await expect.poll(ended, { interval: 200 }).toBe(1)
      const [mail] = await ends()
      expect(wordsOf(mail!)).toContain(named)
      expect(wordsOf(mail!)).toContain(owner)
      expect((await (await panelOf(service, owner)).get('/auto-reply')).json).toMatchObject({
        ...{ enabled: false, state: 'off', fromDay: day, untilDay: day, text: content.text },
      })
      await deliver(`after-${day}@far.test`, owner)
      // Nothing more was said of it.
      expect(await ended()).toBe(1)
      expect(answered()).toHaveLength(2)
    },
  )
})
