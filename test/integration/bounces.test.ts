/**
 * What comes back to a sender: real refusals of a remote server, through the whole service, read over IMAP by people of
 * both languages; and what the service itself answers to a real SMTP client.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { inboxOf, type ReadMail } from './fixtures/inbox.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { isInstalled, run } from './fixtures/programs.ts'
import { type RemoteServer, startRemote } from './fixtures/remote-smtp.ts'
import type { Service } from './service.ts'

const alice = people.owner
const bob = people.neighbour
let dns: DnsServer
let remote: RemoteServer
let service: Service
let owner: ApiClient
let neighbour: ApiClient
let receiver: Server
const events: { type: string; data: Record<string, unknown> }[] = []

/** What the remote server answers to RCPT, by local part, and what the bounce says of it. */
const refusals: Record<string, { answer: string; fr: string; en: string }> = {
  unknown: {
    answer: '550 5.1.1 <unknown@there.test>: Recipient address rejected: User unknown',
    fr: 'L’adresse unknown@there.test n’existe pas.',
    en: 'The address unknown@there.test does not exist.',
  },
  full: {
    answer: '552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]',
    fr: 'La boîte full@there.test est pleine.',
    en: 'The mailbox full@there.test is full.',
  },
  large: {
    answer: '552 5.3.4 Message size exceeds fixed limit',
    fr: 'Le message est trop gros pour le serveur de there.test.',
    en: 'The message is too big for the server of there.test.',
  },
  spam: {
    answer:
      '550-5.7.1 [192.0.2.1] Our system has detected that this message is\n550 5.7.1 likely unsolicited mail. - gsmtp',
    fr: 'Le serveur de there.test a pris le message pour un indésirable.',
    en: 'The server of there.test took the message for junk.',
  },
  blocked: {
    answer:
      '550 5.7.1 Unfortunately, messages from [192.0.2.1] were not sent. part of their network is on our block list (S3150).',
    fr: 'L’adresse de notre serveur figure sur une liste noire.',
    en: 'The address of our server is on a blocklist.',
  },
  dmarc: {
    answer: '550 5.7.509 Access denied, sending domain example.org does not pass DMARC verification.',
    fr: 'refuse le message comme votre nom de domaine le demande (DMARC).',
    en: 'refuses the message as your domain name asks it to (DMARC).',
  },
  relay: {
    answer: '554 5.7.1 <relay@there.test>: Relay access denied',
    fr: 'Le serveur vers lequel there.test dirige son courrier ne l’accepte pas.',
    en: 'The server that there.test directs its mail to does not accept it.',
  },
  hostile: {
    answer: '550 5.7.1 policy <script>alert(1)</script>\u0007 Subject: gotcha',
    fr: 'Le serveur de there.test refuse le message selon ses propres règles.',
    en: 'The server of there.test refuses the message by rules of its own.',
  },
}
const copies = 'bounces@there.test'

beforeAll(async () => {
  dns = await startDns({
    'there.test': { MX: [[10, 'mx.there.test']] },
    'mx.there.test': { A: ['127.0.0.1'] },
    'nullmx.test': { MX: [[0, '.']] },
  })
  remote = await startRemote({
    answer: line => refusals[/^RCPT TO:<([^@>]*)@/.exec(line)?.[1] ?? '']?.answer ?? null,
  })
  service = await startPanelService(
    {
      FACTEUR_DNS_SERVERS: dns.address,
      FACTEUR_QUEUE_PORT: String(remote.port),
      FACTEUR_WEBHOOKS_PRIVATE_ADDRESSES: 'true',
    },
    async store => {
      const none = { passwordHash: null, mailboxes: [], at: Date.now() }
      await store.write('account.add', { ...none, address: 'packed@example.org', quotaBytes: 10 })
    },
  )
  owner = await signedIn(service, 'owner')
  neighbour = await signedIn(service, 'neighbour')
  await neighbour.patch('/profile', { language: 'en', timeZone: 'America/New_York' })
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      events.push(JSON.parse(body))
      response.writeHead(204).end()
    })
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await service?.stop()
  await remote?.close()
  await dns?.close()
  receiver?.close()
})

/** Sent with swaks, as that person; more of its options may follow. */
const send = (user: string, to: string, subject: string, more: string[] = []) =>
  run('swaks', [
    ...['--server', '127.0.0.1', '--port', String(service.ports.submissions), '--tls-on-connect', '--helo', 'laptop'],
    ...['--auth', 'PLAIN', '--auth-user', user, '--auth-password', panelPassword, '--from', user],
    ...['--to', to, '--header', `Subject: ${subject}`, '--header', 'Message-ID: <order-17@erp.test>', ...more],
  ])

async function until(user: string, found: (mail: ReadMail) => boolean): Promise<ReadMail> {
  for (let i = 0; i < 600; i++) {
    const mail = (await inboxOf(service, user)).find(found)
    if (mail) return mail
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`no such mail for ${user}`)
}

async function told(found: (event: (typeof events)[number]) => boolean): Promise<void> {
  for (let i = 0; i < 1_200 && !events.some(found); i++) await new Promise(resolve => setTimeout(resolve, 50))
}

/** What a person reads of it: its lines as one, whatever their folding. */
const wordsOf = ({ text }: ReadMail): string => text.replaceAll('\u00a0', ' ').replace(/\s+/g, ' ')

describe.skipIf(!isInstalled('swaks'))('a bounce (skipped where swaks is not installed)', () => {
  it.each(Object.entries(refusals))('of %s says why and what to do, to each in his language', async (name, known) => {
    const to = `${name}@there.test`
    const sent = await Promise.all([send(alice, to, `devis ${name}`), send(bob, to, `offer ${name}`)])
    expect(sent.map(({ code }) => code)).toEqual([0, 0])

    const french = wordsOf(await until(alice, ({ subject }) => subject.endsWith(`devis ${name}`)))
    expect(french).toContain(`Bonjour, Votre message « devis ${name} » du `)
    expect(french).toContain(`n’a pas pu être remis à ${to}. Il ne sera plus essayé.`)
    expect(french).toContain(known.fr)
    expect(french).toMatch(/Ce qui s’est passé .* Pourquoi .* Que faire .* Réponse du serveur mx\.there\.test/)
    expect(french).not.toContain('What to do')

    const english = wordsOf(await until(bob, ({ subject }) => subject.endsWith(`offer ${name}`)))
    expect(english).toContain(`Hello, Your message “offer ${name}” of `)
    expect(english).toMatch(/ (?:EDT|EST|GMT-[45]) could not be delivered to/)
    expect(english).toContain(known.en)
    expect(english).not.toContain('Que faire')
  })

  it.each([
    [
      'someone@nowhere.test',
      'Host or domain name not found. Name service error for name=nowhere.test type=A: Host not found',
      'Le domaine nowhere.test n’existe pas.',
    ],
    ['someone@nullmx.test', '556 5.1.10 Domain nullmx.test does not accept mail (nullMX)', 'ne reçoit aucun courrier.'],
  ])('to %s has the sentence that people look up', async (to, sentence, french) => {
    await send(alice, to, `to ${to}`)
    const words = wordsOf(await until(alice, ({ subject }) => subject.endsWith(`to ${to}`)))
    expect(words).toContain(sentence)
    expect(words).toContain(french)
  })
})

describe.skipIf(!isInstalled('swaks'))(
  'the service itself answers a client (swaks; skipped where it is not installed)',
  () => {
    it.each([
      ['bob@@there', '501 5.1.3 Bad recipient address syntax'],
      ['nobody@example.org', '550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown'],
      ['packed@example.org', '452 4.2.2 Mailbox full'],
    ])('%s: %s', async (to, sentence) => {
      const { code, output } = await send(alice, to, 'refused')
      expect(code).not.toBe(0)
      expect(output).toContain(sentence)
    })
  },
)

const python = (script: string, user: string = alice) =>
  run('python3', ['-c', script, String(service.ports.submissions), user, panelPassword])
const login = `
import smtplib, ssl, sys
port, user, password = sys.argv[1:]
context = ssl._create_unverified_context()
client = smtplib.SMTP_SSL('127.0.0.1', int(port), context=context)
client.login(user, password)
`

describe.skipIf(!isInstalled('python3'))(
  'the service itself answers a client (smtplib; skipped where python3 is not installed)',
  () => {
    it('552 5.3.4 before the data, where the size is declared', async () => {
      const { output } = await python(`${login}
try:
    client.sendmail(user, 'bob@example.org', 'Subject: big\\r\\n\\r\\n' + 'x' * 76 * 300000)
except smtplib.SMTPSenderRefused as error:
    print(error.smtp_code, error.smtp_error.decode())`)
      expect(output).toMatch(/^552 5\.3\.4 Error; message file too big/)
    })
  },
)

describe.skipIf(!isInstalled('swaks') || !isInstalled('python3'))(
  'bounces of a mailbox that a program uses (skipped where swaks or python3 is not installed)',
  () => {
    it('are copied where its owner says, and nothing comes of a copy that is refused', async () => {
      expect((await owner.get('/bounce-copy')).json).toEqual({ address: alice, copyTo: null })
      for (const copyTo of ['nonsense', alice, 'alice+erp@example.org', 'x@[192.0.2.1]'])
        expect((await owner.put('/bounce-copy', { copyTo })).status).toBe(400)
      expect((await owner.put('/bounce-copy', { copyTo: bob })).json).toEqual({ address: alice, copyTo: bob })

      await send(alice, 'unknown@there.test', 'copied')
      const copy = await until(bob, ({ subject }) => subject.endsWith('copied'))
      expect(copy.to).toContain(alice)
      const bounce = await until(alice, ({ subject }) => subject.endsWith('copied'))
      expect(copy.text).toBe(bounce.text)

      refusals.bounces = { answer: '550 5.1.1 no', fr: '', en: '' }
      await owner.put('/bounce-copy', { copyTo: copies })
      await send(alice, 'unknown@there.test', 'copied away')
      await until(alice, ({ subject }) => subject.endsWith('copied away'))
      for (let i = 0; i < 600 && !remote.commands.some(line => line.includes(copies)); i++)
        await new Promise(resolve => setTimeout(resolve, 50))
      const at = remote.commands.findIndex(line => line.includes(`RCPT TO:<${copies}>`))
      expect(remote.commands[at - 1]).toMatch(/ MAIL FROM:<>/)
      await send(alice, 'full@there.test', 'after it')
      await until(alice, ({ subject }) => subject.endsWith('after it'))
      const mails = await inboxOf(service, alice)
      expect(mails.filter(({ text }) => text.includes(`remis à ${copies}`))).toEqual([])
      expect((await owner.put('/bounce-copy', { copyTo: null })).json).toEqual({ address: alice, copyTo: null })
    })

    it('are the business of who manages the mailbox, and of nobody else; every change is in the log', async () => {
      const manager = await signedIn(service, 'manager')
      const other = await signedIn(service, 'otherManager')
      const path = `/mailboxes/${alice}/bounce-copy`
      expect((await manager.put(path, { copyTo: 'erp@example.net' })).json.copyTo).toBe('erp@example.net')
      expect((await manager.get(path)).json.copyTo).toBe('erp@example.net')
      expect((await other.get(path)).status).toBe(404)
      expect((await other.put(path, { copyTo: null })).status).toBe(404)
      await manager.put(path, { copyTo: null })
      const { items } = (await manager.get('/audit')).json as { items: Record<string, unknown>[] }
      expect(items.find(({ action }) => action === 'bounceCopy.update')).toMatchObject({
        target: alice,
        before: { copyTo: 'erp@example.net' },
        after: { copyTo: null },
      })
    })

    it('are told to a webhook, also where the program wants no bounce', async () => {
      const staff = await signedIn(service, 'staff')
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
      const made = await staff.post('/webhooks', {
        ...{ domain: 'example.org', url, description: 'ERP', events: ['message.bounced', 'message.refused'] },
      })
      expect(made.status).toBeLessThan(300)
      const { output } = await python(`${login}
message = 'From: ' + user + '\\r\\nMessage-ID: <order-18@erp.test>\\r\\nSubject: order\\r\\n\\r\\nx\\r\\n'
client.sendmail(user, 'full@there.test', message, mail_options=['ENVID=order18'], rcpt_options=['NOTIFY=NEVER'])`)
      expect(output).toBe('')
      await told(({ type }) => type === 'message.bounced')
      expect(events.filter(({ type }) => type === 'message.bounced')).toMatchObject([
        {
          type: 'message.bounced',
          data: {
            id: expect.stringMatching(/^[0-9a-z]{16}-\d+$/),
            address: alice,
            sender: alice,
            recipient: 'full@there.test',
            messageId: 'order-18@erp.test',
            envelopeId: 'order18',
            status: '5.1.1',
            answer: refusals.full?.answer,
            remoteHost: 'mx.there.test',
            class: 'mailbox-full',
            whoActs: 'recipient',
            retryUseful: true,
            explanation: { fr: { what: 'La boîte full@there.test est pleine.' }, en: { what: refusals.full?.en } },
          },
        },
      ])
      const mails = await inboxOf(service, alice)
      expect(mails.some(({ subject }) => subject.endsWith('order'))).toBe(false)
    })

    it('as what it is refused while it sends, told to the same webhook and the same address', async () => {
      await neighbour.put('/bounce-copy', { copyTo: alice })
      // In one go, by one who was refused nothing before: what is refused within seconds is one mail, and there is one an hour.
      const { output } = await python(
        `${login}
for recipient in ['nobody@example.org', 'nobody@example.org', 'bob@@there']:
  client.mail(user)
  client.docmd('RCPT', 'TO:<' + recipient + '>')
  client.rset()`,
        bob,
      )
      expect(output).toBe('')
      const isOurs = ({ data }: (typeof events)[number]) =>
        data.recipient === 'nobody@example.org' && data.address === bob
      await told(isOurs)
      expect(events.find(isOurs)).toMatchObject({
        type: 'message.refused',
        data: {
          address: bob,
          sender: bob,
          status: '5.1.1',
          answer: '550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown',
          class: 'unknown-user',
        },
      })
      const mail = await until(alice, ({ subject }) => subject === `Sending refused for ${bob}`)
      expect(wordsOf(mail)).toContain('<bob@@there>')
      expect(wordsOf(mail)).toContain('501 5.1.3 Bad recipient address syntax')
      expect(wordsOf(mail)).toContain('nobody@example.org does not exist')
    })
  },
)
