/**
 * The sentences that people look up: said by the servers to real clients (swaks, smtplib), on the port for mail from elsewhere
 * and on that of submission; and what their senders read, in both languages, where it is given up after days. Those of a
 * remote server that refuses at once are in bounces.test.ts, that of the sending limit in sending-limits.test.ts.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { awaitMail, type ReadMail } from './fixtures/inbox.ts'
import { panelPassword } from './fixtures/panel.ts'
import { isInstalled, run } from './fixtures/programs.ts'
import { type RemoteServer, startRemote } from './fixtures/remote-smtp.ts'
import { startTimedService, submitterOf, type TimedService } from './fixtures/timed-service.ts'

const DAY = 24 * 60 * 60_000
const alice = 'alice@example.org'
const bob = 'bob@example.org'
const tiny = 'tiny@example.org'

const answers: Record<string, string> = {
  full: '452 4.2.2 Mailbox full',
  limited:
    '554 5.7.0 Your message could not be sent. The limit on the number of allowed outgoing messages was exceeded.',
  malformed: '501 5.1.3 Bad recipient address syntax',
  busy: '451 4.3.0 Try again later',
}
let dns: DnsServer
let remote: RemoteServer
let service: TimedService
beforeAll(async () => {
  dns = await startDns({
    'there.test': { MX: [[10, 'mx.there.test']] },
    'mx.there.test': { A: ['127.0.0.1'] },
    // Nobody listens there.
    'down.test': { A: ['127.0.0.2'] },
    'nullmx.test': { MX: [[0, '.']] },
  })
  remote = await startRemote({ answer: line => answers[/^RCPT TO:<([^@>]*)@/.exec(line)?.[1] ?? ''] ?? null })
  service = await startTimedService({
    settings: { FACTEUR_DNS_SERVERS: dns.address, FACTEUR_QUEUE_PORT: String(remote.port) },
    async seed(store, add) {
      await store.write('domain.add', { name: 'example.org', at: 1 })
      await add(alice, { language: 'fr', timeZone: 'Europe/Paris' })
      await add(bob, { language: 'en', timeZone: 'Europe/London' })
      await add(tiny, { quotaBytes: 1_000 })
    },
  })
})
afterAll(async () => {
  await service?.stop()
  await remote?.close()
  await dns?.close()
})

const wordsOf = ({ text }: ReadMail): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ')

const outside = (to: string, more: string[] = []) =>
  run('swaks', ['--server', `127.0.0.1:${service.ports.smtp}`, '--from', 'someone@away.test', '--to', to, ...more])
const submitted = (to: string, more: string[] = []) =>
  run('swaks', [
    ...['--server', `127.0.0.1:${service.ports.submissions}`, '--tls-on-connect', '--auth', 'PLAIN'],
    ...['--auth-user', alice, '--auth-password', panelPassword, '--from', alice, '--to', to, ...more],
  ])
const python = (script: string) =>
  run('python3', [
    '-c',
    `import smtplib, ssl, sys
inbound, submissions = int(sys.argv[1]), int(sys.argv[2])
def outside():
    return smtplib.SMTP('127.0.0.1', inbound)
def submission():
    client = smtplib.SMTP_SSL('127.0.0.1', submissions, context=ssl._create_unverified_context())
    client.login('${alice}', '${panelPassword}')
    return client
${script}`,
    String(service.ports.smtp),
    String(service.ports.submissions),
  ])

describe.skipIf(!isInstalled('swaks'))(
  'swaks (skipped where it is not installed), from elsewhere and as a user, is told',
  () => {
    it.each([
      ['bob@@there', '501 5.1.3 Bad recipient address syntax'],
      ['bob', '501 5.1.3 Bad recipient address syntax'],
      ['nobody@example.org', '550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown'],
    ])('of %s: %s', async (to, sentence) => {
      for (const { code, output } of await Promise.all([outside(to), submitted(to)])) {
        expect(code).not.toBe(0)
        expect(output).toContain(`* ${sentence}\n`)
      }
    })

    it('452 4.2.2 of a mailbox that has no room for so much, at the end of the text where its size was not declared', async () => {
      for (const send of [outside, submitted]) {
        const { code, output } = await send(tiny, ['--body', 'x'.repeat(1_500)])
        expect(code).not.toBe(0)
        expect(output).toMatch(/ 250 2\.1\.5 .* \S+ \.\n<\S+ 452 4\.2\.2 Mailbox full\n/s)
      }
    })
  },
)

describe.skipIf(!isInstalled('python3'))(
  'smtplib (skipped where python3 is not installed), from elsewhere and as a user, is told',
  () => {
    it('552 5.3.4 of a message above 20 MB: before it is sent where the size is declared, else at its end', async () => {
      const { output } = await python(`
text = 'From: ${alice}\\r\\nSubject: big\\r\\n\\r\\n' + ('x' * 990 + '\\r\\n') * 21200
for open, user in ((outside, 'someone@away.test'), (submission, '${alice}')):
    client = open()
    client.ehlo()
    try:
        client.sendmail(user, '${bob}', text)
    except smtplib.SMTPSenderRefused as error:
        print('MAIL', error.smtp_code, error.smtp_error.decode())
    client = open()
    client.ehlo()
    del client.esmtp_features['size']
    try:
        client.sendmail(user, '${bob}', text)
    except smtplib.SMTPDataError as error:
        print('DATA', error.smtp_code, error.smtp_error.decode())`)
      const line = (at: string) => expect.stringMatching(new RegExp(`^${at} 552 5\\.3\\.4 Error; message file too big`))
      expect(output.trim().split('\n')).toEqual([line('MAIL'), line('DATA'), line('MAIL'), line('DATA')])
    })

    it('452 4.2.2 where the size is declared', async () => {
      const { output } = await python(`
for open, user in ((outside, 'someone@away.test'), (submission, '${alice}')):
    try:
        open().sendmail(user, '${tiny}', 'From: ${alice}\\r\\n\\r\\n' + 'x' * 1500)
    except smtplib.SMTPRecipientsRefused as error:
        print(*error.recipients['${tiny}'])`)
      expect(output.trim().split('\n')).toEqual(Array(2).fill("452 b'4.2.2 Mailbox full'"))
    })

    it('452 4.5.3 of each recipient above a thousand, which a second transaction takes', async () => {
      const { output } = await python(`
client = outside()
def send(recipients):
    return client.sendmail('someone@away.test', recipients, 'Subject: to many\\r\\n\\r\\nhello\\r\\n')
refused = send([f'bob+{n}@example.org' for n in range(1003)])
print(len(refused), *set(refused.values()))
print(len(send(list(refused))))`)
      const sentence = "(452, b'4.5.3 Too many recipients; send to the others in another transaction')"
      expect(output.trim().split('\n')).toEqual([`3 ${sentence}`, '0'])
    })
  },
)

it('an IMAP client that files more than there is room for reads [OVERQUOTA]', async () => {
  const client = new ImapFlow({
    host: 'localhost',
    port: service.ports.imaps,
    secure: true,
    auth: { user: tiny, pass: panelPassword },
    tls: { ca: readFileSync(path.join(service.data, 'tls', 'certificate.pem')) },
    logger: false,
  })
  await client.connect()
  await expect(client.append('INBOX', 'x'.repeat(1_001))).rejects.toMatchObject({
    responseStatus: 'NO',
    serverResponseCode: 'OVERQUOTA',
    responseText: 'There is no room for it in the account',
  })
  await client.logout()
})

describe('what is given up', () => {
  const cases: { to: string; words: RegExp; fr: string; en: string; isLater?: boolean }[] = [
    {
      to: 'someone@nowhere.test',
      words: /Host or domain name not found\. Name service error for name=nowhere\.test type=A: Host not found/,
      fr: 'Le domaine nowhere.test n’existe pas.',
      en: 'The domain nowhere.test does not exist.',
    },
    {
      to: 'someone@nullmx.test',
      words: /556 5\.1\.10 /,
      fr: 'ne reçoit aucun courrier.',
      en: 'The domain nullmx.test accepts no mail at all.',
    },
    {
      to: 'malformed@there.test',
      words: /501 5\.1\.3 Bad recipient address syntax/,
      fr: '« malformed@there.test » n’a pas la forme d’une adresse e-mail.',
      en: '“malformed@there.test” does not have the form of an email address.',
    },
    {
      to: 'limited@there.test',
      words: /554 5\.7\.0 Your message could not be sent\. The limit on the number of allowed outgoing messages/,
      fr: 'Vous avez envoyé trop de messages en une heure.',
      en: 'You have sent too many messages within an hour.',
    },
    {
      to: 'full@there.test',
      words: /452 4\.2\.2 Mailbox full/,
      fr: 'La boîte full@there.test est pleine.',
      en: 'The mailbox full@there.test is full.',
      isLater: true,
    },
    {
      to: tiny,
      // Ours, and for good by now: in its own words a permanent one.
      words: /552 5\.2\.2 Mailbox full/,
      fr: `La boîte ${tiny} est pleine.`,
      en: `The mailbox ${tiny} is full.`,
      isLater: true,
    },
    {
      to: 'someone@down.test',
      words: /Connection refused/,
      fr: 'Le serveur de down.test ne répond pas.',
      en: 'The server of down.test does not answer.',
      isLater: true,
    },
    {
      to: 'busy@there.test',
      words: /451 4\.3\.0 Try again later/,
      fr: 'Le serveur de there.test',
      en: 'The server of there.test',
      isLater: true,
    },
  ]

  it('is told to senders in their language, with the words, why, and what to do', async () => {
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const client = await submitterOf(service, from)
      for (const { to: address } of cases) {
        const text = `From: ${from}\r\nSubject: To ${address}\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(15)}`
        expect(await client.deliver({ from, to: [address, to] }, text)).toMatch(/^250/)
      }
      client.destroy()
    }
    const bounceOf = (user: string, address: string) =>
      awaitMail(
        service,
        user,
        ({ subject }) => /^(?:Message non remis|Not delivered)/.test(subject) && subject.endsWith(`To ${address}`),
      )
    const check = async ({ to, words, fr, en }: (typeof cases)[number]) => {
      const french = wordsOf(await bounceOf(alice, to))
      expect(french, to).toContain(fr)
      expect(french, to).toMatch(words)
      expect(french, to).toMatch(/Ce qui s’est passé .* Pourquoi .* Que faire /)
      expect(french, to).toContain(`n’a pas pu être remis à ${to}. Il ne sera plus essayé.`)
      const english = wordsOf(await bounceOf(bob, to))
      expect(english, to).toContain(en)
      expect(english, to).toMatch(words)
      expect(english, to).toContain(`could not be delivered to ${to}. `)
    }
    for (const each of cases.filter(({ isLater }) => !isLater)) await check(each)
    const later = cases.filter(({ isLater }) => isLater)
    // An attempt that is under way when days pass has taken all its time.
    const tried = (to: string) => service.log.filter(line => line.msg === 'delivery attempt' && line.recipient === to)
    for (const { to } of later) await expect.poll(() => tried(to)).toHaveLength(2)
    service.time.advance(6 * DAY)
    for (const each of later) await check(each)
  })
})
