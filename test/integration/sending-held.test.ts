/**
 * Unusual sending in the whole service: what is held and what is not, who is told in which language, what the owner's trace
 * says, and what becomes of it when staff decide.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { hashPassword } from '../../src/accounts/passwords.ts'
import type { Store } from '../../src/store/store.ts'
import type { Language } from '../../src/store/types/principals.ts'
import type { ApiClient } from './api-client.ts'
import { awaitMail, inboxOf, type ReadMail } from './fixtures/inbox.ts'
import { panelPassword } from './fixtures/panel.ts'
import { Client } from './fixtures/smtp.ts'
import { panelOf, startTimedService, submitterOf, type TimedService } from './fixtures/timed-service.ts'

const DAY = 24 * 60 * 60_000
const now = Date.now()
const alice = 'alice@example.org'
const bob = 'bob@example.org'
const dave = 'dave@example.org'
const staff = { fr: 'admin@service.test', en: 'root@service.test' }

let service: TimedService
let desk: ApiClient
const clients: Client[] = []

/** Since 60 days, and seen at home, in Britain, all along. */
async function settled(store: Store, address: string, language: Language): Promise<void> {
  const at = now - 60 * DAY
  const passwordHash = await hashPassword(panelPassword)
  const account = { address, passwordHash, quotaBytes: null, mailboxes: [], at }
  const { accountId } = await store.write('account.add', account)
  await store.write('principal.update', { principalId: accountId, language })
  const seen = {
    principalId: accountId,
    protocol: 'imap',
    remoteAddress: '81.2.69.142',
    outcome: 'ok',
    credential: 'password',
    label: '',
    client: '',
    firstAt: at,
    lastAt: at,
    count: 1,
  } as const
  await store.write('signIn.record', { seen: [seen], failuresADay: 10 })
}

beforeAll(async () => {
  service = await startTimedService({
    now,
    // What goes elsewhere waits for an answer from there.
    settings: { FACTEUR_DNS_SERVERS: '127.0.0.1:9' },
    async seed(store, add) {
      for (const name of ['service.test', 'example.org']) await store.write('domain.add', { name, at: 1 })
      for (const language of ['fr', 'en'] as const) await add(staff[language], { role: 'staff', language })
      await settled(store, alice, 'fr')
      await settled(store, dave, 'en')
      await add(bob, { language: 'en' })
      await store.write('alias.set', { address: 'team@example.org', targets: [alice, bob], at: 1 })
    },
  })
  desk = await panelOf(service, staff.fr)
})
afterAll(() => service?.stop())
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

async function submitter(address: string): Promise<Client> {
  const client = await submitterOf(service, address)
  clients.push(client)
  return client
}
async function send(client: Client, from: string, to: string[], subject = 'Offer'): Promise<string> {
  const answer = await client.deliver({ from, to }, `From: ${from}\r\nSubject: ${subject}\r\n\r\nhello\r\n`)
  await client.ask('RSET')
  return answer
}
const far = (count: number, name = 'to') => Array.from({ length: count }, (_, index) => `${name}${index}@far.test`)
const wordsOf = ({ text }: ReadMail): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ')
const begins = (start: string) => (mail: ReadMail) => mail.subject.replaceAll('\u00a0', ' ').startsWith(start)
const heldOf = async (address: string) => (await desk.get(`/mailboxes/${address}/sending`)).json.held
const subjectsOf = async (address: string) => (await inboxOf(service, address)).map(({ subject }) => subject)

it('holds what is sent from a new place beyond the habit: all of it, from then on, and nothing else', async () => {
  const client = await submitter(alice)
  // From a hotel: some messages are nothing.
  expect(await send(client, alice, far(50))).toMatch(/^250/)
  expect(await heldOf(alice)).toBeNull()
  // One more is accepted, and waits; for the recipient of this very service as well.
  expect(await send(client, alice, ['last@far.test', bob], 'Held')).toMatch(/^250/)
  expect(await heldOf(alice)).toMatchObject({
    reason: 'new-place',
    facts: { count: 52, usual: 50, remoteAddress: '127.0.0.1', place: '127.0.0.0/16', sample: ['last@far.test', bob] },
    messages: 1,
    recipients: 2,
  })
  expect(await send(client, alice, far(3, 'more'))).toMatch(/^250/)
  expect(await heldOf(alice)).toMatchObject({ messages: 2, recipients: 5 })

  // A new mailbox has no history to compare with; others of the domain go on, and what arrives does.
  expect(await send(await submitter(bob), bob, [alice, ...far(60)], 'To Alice')).toMatch(/^250/)
  await awaitMail(service, alice, begins('To Alice'))
  const outside = await Client.greeted(service.ports.smtp)
  clients.push(outside)
  expect(await send(outside, 'x@far.test', [alice], 'From outside')).toMatch(/^250/)
  await awaitMail(service, alice, begins('From outside'))
  expect(await heldOf(bob)).toBeNull()
  expect(await subjectsOf(bob)).toEqual([])
})

it('is told to staff once, each in his language, and to the owner', async () => {
  const french = wordsOf(await awaitMail(service, staff.fr, begins(`Envois retenus : ${alice} envoie de façon`)))
  expect(french).toContain('52 destinataires en une heure depuis un endroit où cette boîte ne s’est jamais connectée')
  expect(french).toContain(`Destinataires, par exemple : last@far.test, ${bob}`)
  expect(french).toContain('Adresse IP : 127.0.0.1 (127.0.0.0/16)')
  expect(french).toContain('127.0.0.1 : mot de passe principal')
  expect(french).toContain(`/mailboxes/${encodeURIComponent(alice)}/sending`)
  const english = wordsOf(await awaitMail(service, staff.en, begins(`Sending held: ${alice} sends in an unusual way`)))
  expect(english).toContain('52 recipients within an hour from a place this mailbox never signed in from')
  for (const address of Object.values(staff)) expect(await subjectsOf(address)).toHaveLength(1)
  const owner = wordsOf(await awaitMail(service, alice, begins('Vos messages attendent une vérification')))
  expect(owner).toContain('changez votre mot de passe dès maintenant')
  expect(owner).toContain('/security')
})

it('is what the trace tells its sender', async () => {
  const own = await panelOf(service, alice)
  const { items } = (await own.get('/mailbox/traces?recipient=last@far.test')).json
  const [recipient] = items[0].recipients.filter(({ address }: { address: string }) => address === 'last@far.test')
  expect(recipient.outcome).toMatchObject({ kind: 'held', hold: 'new-place' })
  expect(recipient.text).toContain(
    'this mailbox sends in an unusual way, and the staff of the service have to look at it',
  )
  expect(recipient.explanation).toMatchObject({ class: 'sending-held' })
})

it('goes out when staff release it, recipients here included, and is not held again for that', async () => {
  expect((await (await panelOf(service, alice)).delete(`/mailboxes/${alice}/sending/hold`)).status).toBe(403)
  expect((await desk.delete(`/mailboxes/${alice}/sending/hold`)).json).toMatchObject({ held: null })
  await awaitMail(service, bob, begins('Held'))
  expect(wordsOf(await awaitMail(service, alice, begins('Vos messages partent')))).toContain(
    '2 messages (5 destinataires)',
  )
  expect((await desk.delete(`/mailboxes/${alice}/sending/hold`)).status).toBe(409)
  const client = await submitter(alice)
  expect(await send(client, alice, far(60, 'again'))).toMatch(/^250/)
  expect(await heldOf(alice)).toBeNull()
  const entries = (await desk.get('/audit')).json.items
  expect(entries).toContainEqual(expect.objectContaining({ action: 'sending.release', target: alice, actor: staff.fr }))
})

it('is held for many unknown users as well; dropped, it is gone and the mailbox stays held', async () => {
  // By several connections, as one that makes so many errors is closed.
  for (let from = 0; from < 25; from += 5) {
    const guessing = await submitter(dave)
    await guessing.ask(`MAIL FROM:<${dave}>`)
    for (let i = from; i < from + 5; i++)
      expect(await guessing.ask(`RCPT TO:<nobody${i}@example.org>`)).toMatch(/^550 5\.1\.1/)
  }
  const told = wordsOf(await awaitMail(service, staff.en, begins(`Sending held: ${dave}`)))
  expect(told).toContain('25 recipients that do not exist within 24 hours; the threshold is 25.')
  await awaitMail(service, dave, begins('Your messages wait to be checked'))
  const client = await submitter(dave)
  expect(await send(client, dave, [bob], 'Spam')).toMatch(/^250/)
  expect((await desk.get('/sending/holds')).json.items).toMatchObject([
    { address: dave, reason: 'unknown-users', messages: 1, recipients: 1 },
  ])
  expect((await desk.delete(`/mailboxes/${dave}/sending/held-messages`)).json).toMatchObject({
    held: { messages: 0, recipients: 0 },
  })
  const gone = wordsOf(await awaitMail(service, dave, begins('Messages that were held have not been sent')))
  expect(gone).toContain('1 message (1 recipient)')
  expect(await send(client, dave, [bob], 'More spam')).toMatch(/^250/)
  expect(await heldOf(dave)).toMatchObject({ recipients: 1 })
  expect(await subjectsOf(bob)).not.toContain('Spam')
})

it('comes back to its sender, with an explanation, where nobody decides in time, and was never told as delivered', async () => {
  const client = await submitter(dave)
  await client.ask(`MAIL FROM:<${dave}>`)
  await client.ask('RCPT TO:<team@example.org> NOTIFY=SUCCESS,FAILURE')
  await client.ask('DATA')
  client.send(`From: ${dave}\r\nSubject: To many\r\n\r\nhello\r\n.\r\n`)
  expect(await client.reply()).toMatch(/^250/)
  service.time.advance(5 * DAY)
  const report = wordsOf(await awaitMail(service, dave, ({ text }) => text.includes('waited too long')))
  expect(report).toContain(bob)
  expect(await subjectsOf(dave)).not.toContain('Passed on to several: To many')
  // Signed in anew: a session does not last so long.
  desk = await panelOf(service, staff.fr)
  expect(report).toContain('Your message waits to be checked, or has waited too long for it.')
  expect(await heldOf(dave)).toMatchObject({ recipients: 0 })
})
