/**
 * What is told of mailboxes, in the mail itself: suspended, closed, forwarded, shared, in the bin, by other names; over SMTP
 * and IMAP on the whole service.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LineClient } from '../faults/line-client.ts'
import type { ApiClient } from './api-client.ts'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { signInOver } from './mail-sign-in.ts'
import { type Service, startService } from './service.ts'

let service: Service
/** Another mail service, where forwards lead. */
let far: Service
let dns: DnsServer
let staff: ApiClient
const alice = people.owner
const bob = people.neighbour

beforeAll(async () => {
  dns = await startDns({ 'far.test': { MX: [[10, 'mx.far.test']] }, 'mx.far.test': { A: ['127.0.0.1'] } })
  far = await startService({ FACTEUR_HOSTNAME: 'mx.far.test' })
  await far.cli(['domain', 'add', 'far.test'])
  await far.cli(['mailbox', 'add', 'ext@far.test', '--password-stdin'], { stdin: `${panelPassword}\n` })
  service = await startPanelService({
    FACTEUR_DNS_SERVERS: dns.address,
    FACTEUR_QUEUE_PORT: String(far.ports.smtp),
  })
  staff = await signedIn(service, 'staff')
})
afterAll(async () => {
  await service?.stop()
  await far?.stop()
  await dns?.close()
})

/** The answers to RCPT of mail from elsewhere; where all are taken, the message follows. */
async function deliver(subject: string, ...recipients: string[]): Promise<string[]> {
  const client = await LineClient.open(service.ports.smtp)
  try {
    const ask = async (line: string): Promise<string> => {
      client.send(`${line}\r\n`)
      let said: string
      do said = await client.line()
      while (said[3] === '-')
      return said
    }
    await client.reply('2')
    await ask('EHLO away.test')
    await ask('MAIL FROM:<sender@away.test>')
    const answers: string[] = []
    for (const recipient of recipients) answers.push(await ask(`RCPT TO:<${recipient}>`))
    if (answers.every(answer => answer.startsWith('250'))) {
      await ask('DATA')
      const text = `From: sender@away.test\r\nSubject: ${subject}\r\n\r\nhello\r\n.`
      expect(await ask(text)).toMatch(/^250/)
    }
    return answers
  } finally {
    client.close()
  }
}

/** Sends as `from`, signed in as `user`; what the server said where it refuses. */
async function submit(user: string, from: string, to: string, subject = 'x'): Promise<string> {
  const transport = createTransport({
    host: 'localhost',
    port: service.ports.submissions,
    secure: true,
    auth: { user, pass: panelPassword },
    tls: { ca: readFileSync(path.join(service.data, 'tls', 'certificate.pem')) },
  })
  try {
    return (await transport.sendMail({ from, to, subject, text: 'hello' })).response
  } catch (error) {
    return error instanceof Error && 'response' in error ? String(error.response) : String(error)
  } finally {
    transport.close()
  }
}

async function withInbox<T>(of: Service, user: string, read: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: of.ports.imaps,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user, pass: panelPassword },
    logger: false,
  })
  await client.connect()
  try {
    await client.mailboxOpen('INBOX')
    return await read(client)
  } finally {
    await client.logout()
  }
}

const subjects = (user: string, of: Service = service): Promise<string[]> =>
  withInbox(of, user, async client => {
    const found: string[] = []
    for await (const { envelope } of client.fetch('1:*', { envelope: true })) found.push(envelope?.subject ?? '')
    return found
  })

async function arrived(user: string, subject: string, of: Service = service): Promise<void> {
  await expect.poll(() => subjects(user, of), { interval: 100 }).toContain(subject)
}

/** UIDs, UIDVALIDITY and UIDNEXT of INBOX. */
async function uidsOf(client: ImapFlow) {
  const uids: number[] = []
  for await (const { uid } of client.fetch('1:*', { uid: true })) uids.push(uid)
  const { mailbox } = client
  if (!mailbox) throw new Error('no mailbox is open')
  return { uids, validity: mailbox.uidValidity, next: mailbox.uidNext }
}

const change = async (address: string, body: object): Promise<void> => {
  expect((await staff.patch(`/mailboxes/${address}`, body)).status).toBe(200)
}

describe('a mailbox that is suspended', () => {
  it('still receives, and nobody signs in to it, sends from it, or gets into the panel', async () => {
    const session = await signedIn(service, 'neighbour')
    await change(bob, { signInEnabled: false, sendingEnabled: false })
    expect(await deliver('while suspended', bob)).toEqual(['250 2.1.5 Recipient OK'])
    for (const protocol of ['imaps', 'pop3s', 'submissions'] as const)
      expect(await signInOver(service, protocol, bob, panelPassword)).toMatchObject({ ok: false })
    expect((await session.get('/session')).status).toBe(401)
    await change(bob, { signInEnabled: true, sendingEnabled: true })
    expect(await subjects(bob)).toContain('while suspended')
  })
})

describe('sending switched off', () => {
  it('refuses submission and says why, for who is signed in already as well', async () => {
    await change(bob, { sendingEnabled: false })
    expect(await submit(bob, bob, alice)).toBe('550 5.7.1 Sending is switched off for this mailbox; it still receives')
    expect(await subjects(bob)).toContain('while suspended')
    await change(bob, { sendingEnabled: true })
    expect(await submit(bob, bob, alice, 'sending again')).toMatch(/^250/)
    await arrived(alice, 'sending again')
  })

  it('leaves forwards, filters and automatic replies', async () => {
    await change(bob, { sendingEnabled: false })
    const own = await signedIn(service, 'neighbour')
    const set = async (resource: string, body: object): Promise<void> =>
      expect(await own.put(resource, body)).toMatchObject({ status: 200 })
    await set('/mailbox/forward', { targets: ['ext@far.test'], keepCopy: true })
    await set('/filters/script', {
      source: 'require "vacation"; redirect "ext+filter@far.test"; vacation :subject "Gone" "I have left"; keep;',
    })
    expect(await submit(alice, alice, bob, 'Who is there?')).toMatch(/^250/)
    await arrived(alice, 'Gone')
    await expect
      .poll(async () => (await subjects('ext@far.test', far)).filter(subject => subject === 'Who is there?').length)
      .toBe(2)
    await set('/filters', { rules: [], replacesScript: true })
    expect((await staff.delete(`/mailboxes/${bob}/forward`)).status).toBe(204)
    await change(bob, { sendingEnabled: true })
  })
})

describe('receiving switched off', () => {
  it('answers 550 5.2.1, to others and to one’s own', async () => {
    await change(bob, { receivingEnabled: false })
    const closed = `550 5.2.1 <${bob}>: Mailbox disabled, not accepting messages`
    expect(await deliver('x', bob)).toEqual([closed])
    expect(await deliver('x', alice, bob)).toEqual(['250 2.1.5 Recipient OK', closed])
    expect(await submit(alice, alice, bob)).toBe(closed)
    await change(bob, { receivingEnabled: true })
    expect(await deliver('x', bob)).toEqual(['250 2.1.5 Recipient OK'])
  })
})

describe('a forward', () => {
  const forward = async (keepCopy: boolean): Promise<void> => {
    expect((await staff.put(`/mailboxes/${bob}/forward`, { targets: ['ext@far.test'], keepCopy })).status).toBe(200)
  }

  it('with a copy is delivered here and there', async () => {
    await forward(true)
    await deliver('forwarded with a copy', bob)
    await arrived('ext@far.test', 'forwarded with a copy', far)
    expect(await subjects(bob)).toContain('forwarded with a copy')
  })

  it('without a copy is delivered there alone', async () => {
    await forward(false)
    await deliver('forwarded without', bob)
    await arrived('ext@far.test', 'forwarded without', far)
    expect(await subjects(bob)).not.toContain('forwarded without')
  })

  it('from a mailbox without room is forwarded once; the copy waits for room', async () => {
    await forward(true)
    await change(bob, { quotaBytes: 1 })
    await deliver('forwarded once', bob)
    await arrived('ext@far.test', 'forwarded once', far)
    await change(bob, { quotaBytes: null })
    const { stdout } = await service.cli(['queue', 'list', '--json'])
    for (const { id, recipients } of JSON.parse(stdout))
      if (recipients.some(({ destination }: { destination: string }) => destination === 'mailbox'))
        await service.cli(['queue', 'retry', String(id)])
    await arrived(bob, 'forwarded once')
    expect((await subjects('ext@far.test', far)).filter(subject => subject === 'forwarded once')).toHaveLength(1)
    expect((await staff.delete(`/mailboxes/${bob}/forward`)).status).toBe(204)
  })
})

describe('another name of the domain', () => {
  it('is the same for delivery and for sending, and not for signing in', async () => {
    expect((await staff.post('/domains/example.org/aliases', { name: 'example.info' })).status).toBe(201)
    expect(await deliver('by another name', 'alice+x@example.info')).toEqual(['250 2.1.5 Recipient OK'])
    await arrived(alice, 'by another name')
    expect(await deliver('x', 'nobody@example.info')).toEqual([
      '550 5.1.1 <nobody@example.info>: Recipient address rejected: User unknown',
    ])
    expect(await submit(alice, 'alice@example.info', bob, 'as the other name')).toMatch(/^250/)
    expect(await submit(alice, 'bob@example.info', bob)).toContain('not owned by user')
    expect(await signInOver(service, 'imaps', 'alice@example.info', panelPassword)).toMatchObject({ ok: false })
    expect((await staff.delete('/domains/example.org/aliases/example.info')).status).toBe(204)
    expect((await deliver('x', 'alice@example.info'))[0]).toContain('Relaying denied')
  })
})

describe('a group', () => {
  it('reaches its members here and elsewhere, each once', async () => {
    const group = { address: 'team@example.org', kind: 'group', name: 'Team', targets: [alice, bob, 'ext@far.test'] }
    expect((await staff.post('/aliases', group)).status).toBe(201)
    await deliver('to the team', 'team@example.org', alice)
    for (const user of [alice, bob]) await arrived(user, 'to the team')
    await arrived('ext@far.test', 'to the team', far)
    expect((await subjects(alice)).filter(subject => subject === 'to the team')).toHaveLength(1)
    expect(await submit(alice, 'team@example.org', bob)).toContain('not owned by user')
  })
})

describe('a shared mailbox', () => {
  it('is sent for by those of its members who may, from their own sign-in', async () => {
    const support = 'support@example.org'
    expect((await staff.post('/mailboxes', { address: support, kind: 'shared' })).status).toBe(201)
    const set = (member: string, maySend: boolean) => staff.put(`/mailboxes/${support}/members/${member}`, { maySend })
    await set(alice, true)
    await set(bob, false)
    expect(await submit(alice, support, bob, 'from support')).toMatch(/^250/)
    await arrived(bob, 'from support')
    const readsOnly = `550 5.7.1 <${support}>: You read this shared mailbox, but may not send for it`
    expect(await submit(bob, support, alice)).toBe(readsOnly)
    const app = { label: 'x', mailbox: support, networks: [], expiresAt: null }
    const reader = await signedIn(service, 'neighbour')
    const refused = await reader.post('/app-passwords', { ...app, protocols: ['submission'] })
    expect(refused.json.code).toBe('not-a-sender')
    // One that was made while he might.
    await set(bob, true)
    const { secret } = (await reader.post('/app-passwords', { ...app, protocols: ['imap', 'submission'] })).json
    expect(await signInOver(service, 'submissions', support, secret)).toMatchObject({ ok: true })
    await set(bob, false)
    expect((await signInOver(service, 'submissions', support, secret)).said).toBe(
      '535 5.7.8 This app password is not for this protocol or this network',
    )
    expect(await signInOver(service, 'imaps', support, secret)).toMatchObject({ ok: true })
    await change(support, { sendingEnabled: false })
    expect(await submit(alice, support, bob)).toBe(`550 5.7.1 <${support}>: Sending is switched off for this address`)
    expect(await deliver('to support', support)).toEqual(['250 2.1.5 Recipient OK'])
  })
})

describe('a mailbox in the bin', () => {
  it('is refused as unknown, and comes back with its mail, UIDs and password', async () => {
    const before = await withInbox(service, bob, uidsOf)
    expect(before.uids.length).toBeGreaterThan(2)
    expect((await staff.delete(`/mailboxes/${bob}`)).status).toBe(204)
    expect(await deliver('x', bob)).toEqual([`550 5.1.1 <${bob}>: Recipient address rejected: User unknown`])
    for (const protocol of ['imaps', 'pop3s', 'submissions'] as const)
      expect(await signInOver(service, protocol, bob, panelPassword)).toMatchObject({ ok: false })
    // The group goes on without it.
    expect(await deliver('without bob', 'team@example.org')).toEqual(['250 2.1.5 Recipient OK'])
    expect((await staff.post(`/bin/${bob}/restore`)).status).toBe(200)
    const after = await withInbox(service, bob, uidsOf)
    expect(after).toEqual(before)
    expect(await deliver('after the bin', bob)).toEqual(['250 2.1.5 Recipient OK'])
    await arrived(bob, 'after the bin')
  })
})
