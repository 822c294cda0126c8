/**
 * What Facteur is for, with two of them as two mail services and the programs people use: mail from elsewhere is received and
 * read over IMAP and POP3; mail of a signed-in user leaves through the queue and arrives there; what can't arrive comes back.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { isInstalled, run } from './fixtures/programs.ts'
import { type Service, startService } from './service.ts'

const password = 'correct horse battery'
let dns: DnsServer
let here: Service
let far: Service

beforeAll(async () => {
  dns = await startDns({
    'far.test': { MX: [[10, 'mx.far.test']] },
    'mx.far.test': { A: ['127.0.0.1'] },
    'nullmx.test': { MX: [[0, '.']] },
  })
  far = await startService({ FACTEUR_HOSTNAME: 'mx.far.test' })
  here = await startService({
    FACTEUR_HOSTNAME: 'mail.here.test',
    FACTEUR_DNS_SERVERS: dns.address,
    FACTEUR_QUEUE_PORT: String(far.ports.smtp),
  })
  for (const [service, domain, names] of [
    [here, 'here.test', ['alice', 'bob']],
    [far, 'far.test', ['carol']],
  ] as const) {
    await service.cli(['domain', 'add', domain])
    for (const name of names)
      await service.cli(['mailbox', 'add', `${name}@${domain}`, '--password-stdin'], { stdin: `${password}\n` })
  }
})

afterAll(async () => {
  await here?.stop()
  await far?.stop()
  await dns?.close()
})

/** The message of that subject in INBOX, as soon as it is there. */
async function message(service: Service, user: string, subject: string): Promise<string> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: service.ports.imaps,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user, pass: password },
    logger: false,
  })
  await client.connect()
  try {
    await client.mailboxOpen('INBOX')
    for (;;) {
      const arrived = new Promise(resolve => client.once('exists', resolve))
      const found = await client.search({ subject }, { uid: true })
      if (found && found.length > 0) {
        const fetched = await client.fetchOne(String(found[0]), { source: true }, { uid: true })
        return fetched ? (fetched.source?.toString('latin1') ?? '') : ''
      }
      await arrived
    }
  } finally {
    await client.logout()
  }
}

const submission = (): string[] => [
  ...[
    '--server',
    '127.0.0.1',
    '--port',
    String(here.ports.submissions),
    '--tls-on-connect',
    '--helo',
    'laptop.here.test',
  ],
  ...['--auth', 'PLAIN', '--auth-user', 'alice@here.test', '--auth-password', password, '--from', 'alice@here.test'],
]

const submit = (to: string, subject: string) =>
  run('swaks', [...submission(), '--to', to, '--header', `Subject: ${subject}`, '--body', `for ${to}`])

describe.skipIf(!isInstalled('swaks'))('a mail service (skipped where swaks is not installed)', () => {
  it('receives mail from elsewhere', async () => {
    const args = ['--server', '127.0.0.1', '--port', String(here.ports.smtp), '--helo', 'mx.away.test', '-tls']
    const sent = await run('swaks', [
      ...args,
      ...['--from', 'dave@away.test', '--to', 'alice+news@here.test', '--header', 'Subject: from away'],
    ])
    expect(sent, sent.output).toMatchObject({ code: 0 })
    const text = await message(here, 'alice@here.test', 'from away')
    expect(text).toMatch(/^Return-Path: <dave@away\.test>\r\nReceived: from mx\.away\.test \(\[127\.0\.0\.1\]\)/)
  })

  it('delivers between its own users without leaving the machine', async () => {
    const sent = await submit('bob@here.test', 'to a colleague')
    expect(sent, sent.output).toMatchObject({ code: 0 })
    expect(await message(here, 'bob@here.test', 'to a colleague')).toContain('for bob@here.test')
    expect(dns.questions.filter(question => question.includes('here.test'))).toEqual([])
  })

  it('sends to another service, which has it as it left', async () => {
    const sent = await submit('carol@far.test', 'to the far side')
    expect(sent, sent.output).toMatchObject({ code: 0 })
    const text = await message(far, 'carol@far.test', 'to the far side')
    expect(text).toContain('Return-Path: <alice@here.test>')
    expect(text).toMatch(/Received: from mail\.here\.test[\s\S]*with ESMTPS id/)
    expect(text).toContain('for carol@far.test')
  })

  it('returns what the other service refuses, with its words', async () => {
    await submit('nobody@far.test', 'to nobody there')
    const bounce = await message(here, 'alice@here.test', 'Message non remis')
    expect(bounce).toMatch(/^Return-Path: <>/)
    expect(bounce).toContain('Content-Type: multipart/report')
    expect(bounce).toContain('Final-Recipient: rfc822; nobody@far.test')
    expect(bounce).toContain('Status: 5.1.1')
    expect(bounce).toContain('550 5.1.1 <nobody@far.test>: Recipient address rejected: User unknown')
    expect(bounce).toContain('Subject: to nobody there')
  })

  it.each([
    ['someone@nowhere.test', 'Host or domain name not found'],
    ['someone@nullmx.test', '5.1.10'],
  ])('returns at once what can never arrive: %s', async (to, words) => {
    await submit(to, `to ${to}`)
    // The original's header is in the bounce, so its own text tells the two bounces apart.
    const client = await message(here, 'alice@here.test', 'Message non remis')
    expect(client).toBeTruthy()
    const { output } = await run('curl', [
      ...['-sk', '--user', `alice@here.test:${password}`],
      ...[`imaps://127.0.0.1:${here.ports.imaps}/INBOX?TEXT%20%22${to}%22%20SUBJECT%20%22Message%20non%20remis%22`],
    ])
    const number = /SEARCH.* (\d+)\s*$/m.exec(output)?.[1]
    const bounce = await run('curl', [
      ...['-sk', '--user', `alice@here.test:${password}`],
      ...[`imaps://127.0.0.1:${here.ports.imaps}/INBOX;MAILINDEX=${number}`],
    ])
    expect(bounce.output).toContain(words)
  })

  it.skipIf(!isInstalled('curl'))('serves the same mail over POP3 (curl)', async () => {
    const pop3 = await run('curl', [
      ...['-sk', '--user', `bob@here.test:${password}`, `pop3s://127.0.0.1:${here.ports.pop3s}/1`],
    ])
    expect(pop3.output).toContain('for bob@here.test')
  })

  it.skipIf(!isInstalled('mbsync'))('lets a whole mailbox be taken along (mbsync)', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'facteur-mbsync-'))
    try {
      const file = path.join(folder, 'mbsyncrc')
      writeFileSync(
        file,
        `IMAPStore far
Host localhost
Port ${here.ports.imap}
User alice@here.test
Pass "${password}"
SSLType STARTTLS
CertificateFile ${here.data}/tls/certificate.pem

MaildirStore near
Path ${folder}/
Inbox ${folder}/Inbox
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Near
SyncState *
`,
      )
      const synced = await run('mbsync', ['--config', file, '--all'])
      expect(synced, synced.output).toMatchObject({ code: 0 })
      const kept = ['new', 'cur'].flatMap(part => readdirSync(path.join(folder, 'Inbox', part)))
      expect(kept.length).toBe(4)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('has nothing waiting and nothing wrong at the end', async () => {
    const queue = await here.cli(['queue', 'list', '--json'])
    const waiting = JSON.parse(queue.stdout).filter((entry: { recipients: { status: string }[] }) =>
      entry.recipients.some(({ status }) => status === 'queued'),
    )
    expect(waiting).toEqual([])
    for (const service of [here, far]) expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0, stderr: '' })
  })
})
