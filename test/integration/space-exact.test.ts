/**
 * Room of mailboxes and of a domain, with all that fills them coming at once over real sockets: mail from elsewhere, mail of
 * users of the service, and what IMAP clients file. Not one byte too many gets in, and nothing is refused that there was room for.
 */
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hashPassword } from '../../src/accounts/passwords.ts'
import type { ApiClient } from './api-client.ts'
import { awaitMail } from './fixtures/inbox.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { Client } from './fixtures/smtp.ts'
import { submitterOf } from './fixtures/timed-service.ts'
import type { Service } from './service.ts'

/** Octets of each message, as they are counted. */
const SIZE = 800
const mailboxes = [
  // What fits beside what is there, and what is left over then.
  { address: 'a@room.test', fit: 100, left: 0 },
  { address: 'b@room.test', fit: 250, left: SIZE - 1 },
  { address: 'c@room.test', fit: 400, left: 1 },
  { address: 'd@room.test', fit: 450, left: 400 },
]
const SMTP = { sockets: 40, each: 30 }
const SUBMISSION = { sockets: 10, each: 20 }
const IMAP = { sockets: 20, each: 30 }

let service: Service
let staff: ApiClient
beforeAll(async () => {
  service = await startPanelService({ FACTEUR_LIMITS_LOOPBACK: 'false' }, async store => {
    const passwordHash = await hashPassword(panelPassword)
    await store.write('domain.add', { name: 'room.test', at: 1 })
    for (const { address } of mailboxes)
      await store.write('account.add', { address, passwordHash, quotaBytes: null, mailboxes: [], at: 1 })
  })
  staff = await signedIn(service, 'staff')
})
afterAll(() => service?.stop())

const used = async (address: string): Promise<number> => (await staff.get(`/mailboxes/${address}`)).json.usedBytes
const setQuota = (address: string, quotaBytes: number) => staff.patch(`/mailboxes/${address}`, { quotaBytes })

/** One message of so many octets. */
function message(octets: number, from: string): string {
  const header = `From: ${from}\r\nDate: Mon, 23 Nov 2026 20:00:00 +0000\r\nMessage-ID: <room@away.test>\r\n\r\n`
  const lines = `${'x'.repeat(70)}\r\n`.repeat(Math.floor((octets - header.length - 2) / 72))
  return `${header}${lines}${'y'.repeat(octets - header.length - lines.length - 2)}\r\n`
}

async function deliver(client: Client, from: string, to: string, octets: number): Promise<string> {
  const answer = await client.deliver({ from, to: [to] }, message(octets, from))
  if (!answer.startsWith('250')) await client.ask('RSET')
  return answer
}

async function imap(user: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: service.ports.imaps,
    secure: true,
    auth: { user, pass: panelPassword },
    logger: false,
    tls: { rejectUnauthorized: false },
  })
  await client.connect()
  return client
}

async function append(client: ImapFlow): Promise<string> {
  try {
    await client.append('INBOX', message(SIZE, 'd@room.test'))
    return '250'
  } catch (error) {
    return error instanceof Error && 'serverResponseCode' in error ? String(error.serverResponseCode) : String(error)
  }
}

it('is taken to the last byte by two thousand at once, in each mailbox and in the domain they share', {
  timeout: 180_000,
}, async () => {
  const outside = 'someone@away.test'
  const inbound = await Client.greeted(service.ports.smtp)
  const submitter = await submitterOf(service, people.owner)
  // What the servers add to a message: its Received and Return-Path fields. The ids in them grow by the message of a session.
  const added = { smtp: 0, submission: 0 }
  for (const { address, fit } of mailboxes) {
    const before = await used(address)
    expect(await deliver(inbound, outside, address, 1_000)).toMatch(/^250/)
    added.smtp = (await used(address)) - before - 1_000
    expect(await deliver(submitter, people.owner, address, 1_000)).toMatch(/^250/)
    added.submission = (await used(address)) - before - 2_000 - added.smtp
    // Full by more than 95 % before and after, so that no warning comes in between.
    expect(await deliver(inbound, outside, address, fit * SIZE * 21)).toMatch(/^250/)
    await setQuota(address, await used(address))
  }
  for (const { address } of mailboxes) await awaitMail(service, address, ({ subject }) => /95\s?%/.test(subject))
  inbound.destroy()
  submitter.destroy()

  const filled = new Map<string, number>()
  let sold = 0
  for (const { address, fit, left } of mailboxes) {
    filled.set(address, await used(address))
    const quotaBytes = filled.get(address)! + fit * SIZE + left
    expect((await setQuota(address, quotaBytes)).status).toBe(200)
    sold += quotaBytes
  }
  expect((await staff.patch('/domains/room.test', { quotaBytes: sold })).status).toBe(200)

  const answers = new Map(mailboxes.map(({ address }) => [address, [] as string[]]))
  const smtp = async (client: Client, from: string, first: number, each: number, more: number): Promise<void> => {
    // Those of the session whose text came are counted in the id of each, in its Received field.
    let texts = 1
    for (let i = 1; i <= each; i++) {
      const { address } = mailboxes[(first + i) % mailboxes.length]!
      await client.ask(`MAIL FROM:<${from}>`)
      let answer = await client.ask(`RCPT TO:<${address}>`)
      if (answer.startsWith('250')) {
        await client.ask('DATA')
        client.send(`${message(SIZE - more - String(texts++).length + 1, from)}.\r\n`)
        answer = await client.reply()
      } else await client.ask('RSET')
      answers.get(address)!.push(answer)
    }
    client.destroy()
  }
  const work: Promise<void>[] = []
  for (let n = 0; n < SMTP.sockets; n++)
    work.push(Client.greeted(service.ports.smtp).then(client => smtp(client, outside, n, SMTP.each, added.smtp)))
  for (let n = 0; n < SUBMISSION.sockets; n++)
    work.push(
      submitterOf(service, people.owner).then(client =>
        smtp(client, people.owner, n, SUBMISSION.each, added.submission),
      ),
    )
  for (let n = 0; n < IMAP.sockets; n++) {
    const { address } = mailboxes[n % mailboxes.length]!
    work.push(
      imap(address).then(async client => {
        for (let i = 0; i < IMAP.each; i++) answers.get(address)!.push(await append(client))
        await client.logout()
      }),
    )
  }
  await Promise.all(work)

  const all = [...answers.values()].flat()
  expect(all).toHaveLength(2_000)
  const refusals = new Set(all.filter(answer => !answer.startsWith('250')))
  expect([...refusals].toSorted()).toEqual(['452 4.2.2 Mailbox full', 'OVERQUOTA'])
  for (const { address, fit, left } of mailboxes) {
    const given = answers.get(address)!
    expect(given.filter(answer => answer.startsWith('250')).length, address).toBe(fit)
    expect(await used(address), address).toBe(filled.get(address)! + fit * SIZE)
    // To the byte: what is left is taken, and then nothing more is.
    const client = await imap(address)
    const last = left === 0 ? null : 'x'.repeat(left)
    if (last !== null) await client.append('INBOX', last)
    expect((await staff.get(`/mailboxes/${address}`)).json).toMatchObject({
      usedBytes: filled.get(address)! + fit * SIZE + left,
    })
    await expect(client.append('INBOX', 'x')).rejects.toMatchObject({ serverResponseCode: 'OVERQUOTA' })
    await client.logout()
  }
  expect((await staff.get('/domains/room.test')).json).toMatchObject({ usedBytes: sold, quotaBytes: sold })
})

it('of a domain is sold to the last byte by many at once: mailboxes that grow, and new ones', async () => {
  const MB = 1_000_000
  const domain = (await staff.get('/domains/room.test')).json
  await staff.patch('/domains/room.test', { quotaBytes: domain.soldBytes + 10 * MB })
  const wishes = [
    ...mailboxes.map(({ address }) => async () => {
      const { quotaBytes } = (await staff.get(`/mailboxes/${address}`)).json
      return setQuota(address, quotaBytes + MB)
    }),
    ...Array.from(
      { length: 16 },
      (_, n) => async () => staff.post('/mailboxes', { address: `new${n}@room.test`, quotaBytes: MB }),
    ),
  ]
  const statuses = (await Promise.all(wishes.map(wish => wish()))).map(({ status }) => status)
  expect(statuses.filter(status => status < 300)).toHaveLength(10)
  expect(statuses.filter(status => status === 409)).toHaveLength(10)
  expect((await staff.get('/domains/room.test')).json).toMatchObject({
    soldBytes: domain.soldBytes + 10 * MB,
    quotaBytes: domain.soldBytes + 10 * MB,
  })
  expect(await service.end()).toBe(0)
  expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0 })
})
