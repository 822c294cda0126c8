/** The form of the auto-reply over the API: what it takes, who may set it, and what state it says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storePath } from '../../src/ops/data-folder.ts'
import { openSqliteReader } from '../../src/store/sqlite/open.ts'
import type { ApiClient } from './api-client.ts'
import { type Person, people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

let service: Service
const clients = {} as Record<Person, ApiClient>

beforeAll(async () => {
  service = await startPanelService()
  for (const person of Object.keys(people) as Person[]) clients[person] = await signedIn(service, person)
})
afterAll(() => service.stop())

const DAY = 24 * 60 * 60_000
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10)
const content = {
  enabled: true,
  fromDay: null as string | null,
  untilDay: null as string | null,
  timeZone: 'Europe/Paris',
  subject: 'Absente',
  text: 'Bonjour,\r\n\r\nje suis de retour lundi.\r\n',
  audience: 'everyone',
  intervalDays: 7,
}

describe('an auto-reply', () => {
  it('is off until it is set', async () => {
    await clients.owner.patch('/profile', { timeZone: 'Europe/Brussels' })
    expect((await clients.owner.get('/auto-reply')).json).toEqual({
      ...content,
      enabled: false,
      subject: '',
      text: '',
      timeZone: 'Europe/Brussels',
      address: people.owner,
      state: 'off',
      startsAt: null,
      endsAt: null,
      updatedAt: null,
    })
  })

  it('is kept as it is set, and says what state it is in', async () => {
    const set = await clients.owner.put('/auto-reply', { ...content, untilDay: inDays(3) })
    expect(set.json).toMatchObject({
      state: 'active',
      untilDay: inDays(3),
      text: 'Bonjour,\n\nje suis de retour lundi.',
      updatedAt: expect.any(Number),
    })
    expect((await clients.owner.get('/auto-reply')).json).toEqual(set.json)
    const later = await clients.owner.put('/auto-reply', { ...content, fromDay: inDays(2), untilDay: inDays(3) })
    expect(later.json.state).toBe('scheduled')
    const last = await clients.owner.put('/auto-reply', { ...content, fromDay: inDays(-30), untilDay: inDays(1) })
    expect(last.json.state).toBe('active')
  })

  it('may be written while it is off, with days that are over', async () => {
    const draft = { ...content, enabled: false, text: '', fromDay: inDays(-9), untilDay: inDays(-3) }
    expect((await clients.owner.put('/auto-reply', draft)).json).toMatchObject({ state: 'off', text: '' })
  })

  it.each([
    ['days the wrong way round', { fromDay: inDays(3), untilDay: inDays(2) }, 'untilDay', 'auto-reply-days'],
    ['days that are over', { untilDay: inDays(-2) }, 'untilDay', 'auto-reply-past'],
    ['a day there is not', { untilDay: '2027-02-29' }, 'untilDay', 'invalid-auto-reply'],
    ['a day in another form', { fromDay: '4/12/2026' }, 'fromDay', 'invalid-request'],
    ['a day far away', { untilDay: '9999-12-31' }, 'untilDay', 'invalid-auto-reply'],
    ['no text', { text: ' \n' }, 'text', 'auto-reply-empty'],
    ['another header in its subject', { subject: 'Hi\r\nBcc: x@example.org' }, 'subject', 'invalid-auto-reply'],
    ['a line separator in its subject', { subject: 'Hi\u2028x' }, 'subject', 'invalid-auto-reply'],
    ['a NUL in its text', { text: 'a\u0000b' }, 'text', 'invalid-auto-reply'],
    ['an offset for a time zone', { timeZone: '+01:00' }, 'timeZone', 'invalid-auto-reply'],
    ['no such time zone', { timeZone: 'Europe/Nowhere' }, 'timeZone', 'invalid-auto-reply'],
    ['an answer a second', { intervalDays: 0 }, 'intervalDays', 'invalid-request'],
    ['another audience', { audience: 'lists' }, 'audience', 'invalid-request'],
    ['more text than anyone reads', { text: 'x'.repeat(10_001) }, 'text', 'invalid-request'],
  ])('is refused with %s', async (_, change, field, code) => {
    const before = (await clients.owner.get('/auto-reply')).json
    const answer = await clients.owner.put('/auto-reply', { ...content, ...change })
    expect(answer.json).toMatchObject({ status: 400, code, errors: [{ field }] })
    expect((await clients.owner.get('/auto-reply')).json).toEqual(before)
  })

  it('of a mailbox is set by its manager and by staff, and by no other', async () => {
    const path = `/mailboxes/${people.neighbour}/auto-reply`
    for (const person of ['manager', 'staff'] as const) {
      const subject = `By ${person}`
      expect((await clients[person].put(path, { ...content, subject })).json).toMatchObject({
        subject,
        address: people.neighbour,
      })
      expect((await clients.neighbour.get('/auto-reply')).json.subject).toBe(subject)
      expect((await clients[person].get(path)).json.subject).toBe(subject)
    }
    expect((await clients.owner.put(path, content)).json.code).toBe('not-allowed')
    for (const [person, address] of [
      ['otherManager', people.neighbour],
      ['manager', people.otherOwner],
      ['manager', 'nobody@example.org'],
      ['staff', 'no address'],
    ] as const) {
      const refused = await clients[person].put(`/mailboxes/${encodeURIComponent(address)}/auto-reply`, content)
      expect(refused.json).toMatchObject({ status: 404, code: 'mailbox-not-found' })
    }
  })

  it('leaves what was and what is in the audit log', async () => {
    await clients.neighbour.put('/auto-reply', { ...content, subject: 'One' })
    await clients.neighbour.put('/auto-reply', { ...content, subject: 'Two' })
    const store = await openSqliteReader({ path: storePath(service) })
    const none = { domains: null, actorId: null, before: null }
    const [entry] = await store.read('audit.list', { ...none, target: people.neighbour, limit: 1 })
    await store.close()
    expect(entry).toMatchObject({
      action: 'autoReply.update',
      domain: 'example.org',
      before: { subject: 'One' },
      after: { subject: 'Two' },
    })
  })

  it('is only for who has a mailbox', async () => {
    expect((await clients.staff.get('/auto-reply')).json.code).toBe('not-allowed')
  })
})
