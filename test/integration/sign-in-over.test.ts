/** Open sessions of mail programs end with the credential that opened them, and no others: over real sockets, on the whole service. */
import { ImapFlow } from 'imapflow'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { panelPassword as password, signedIn, startPanelService } from './fixtures/panel.ts'
import { isInstalled } from './fixtures/programs.ts'
import { type MailLines, type MailPort, sessionOver, signInOver } from './mail-sign-in.ts'
import type { Service } from './service.ts'

let service: Service
let staff: ApiClient
let number = 0
let address: string
let owner: ApiClient
const opened: MailLines[] = []

beforeAll(async () => {
  service = await startPanelService()
  staff = await signedIn(service, 'staff')
})
afterAll(() => service?.stop())
beforeEach(async () => {
  for (const lines of opened.splice(0)) lines.end()
  address = await newMailbox()
  owner = await ownerOf(address)
})

async function newMailbox(): Promise<string> {
  const name = `u${++number}@example.org`
  const made = await service.cli(['mailbox', 'add', name, '--password-stdin'], { stdin: password })
  expect(made).toMatchObject({ exitCode: 0 })
  return name
}

async function ownerOf(name: string): Promise<ApiClient> {
  const client = new ApiClient(service)
  expect((await client.signIn(name, password)).status).toBe(200)
  return client
}

async function open(protocol: MailPort, user = address, secret = password): Promise<MailLines> {
  const lines = await sessionOver(service, protocol, user, secret)
  opened.push(lines)
  return lines
}

interface MadeAppPassword {
  secret: string
  id: string
}

async function appPassword(from: ApiClient, more: object = {}): Promise<MadeAppPassword> {
  const body = { label: 'Program', protocols: ['imap', 'pop3', 'submission'], networks: [], expiresAt: null, ...more }
  const made = await from.post('/app-passwords', body)
  expect(made.status).toBe(201)
  return { secret: made.json.secret, id: made.json.appPassword.appPasswordId }
}

/** What an idle IMAP client is told, and that nothing comes after it. */
async function saidToIdle(imap: MailLines): Promise<string> {
  const said = await imap.next()
  await expect(imap.next()).rejects.toThrow('hung up')
  return said
}

async function idle(user = address, secret = password): Promise<MailLines> {
  const imap = await open('imaps', user, secret)
  await imap.ask('b SELECT INBOX', /^b OK/)
  await imap.ask('c IDLE', /^\+/)
  return imap
}

/** The answer to a command that comes once the service knows; then the end. */
async function refused(lines: MailLines, command: string): Promise<string> {
  const said = await lines.ask(command, /^/)
  await expect(lines.next()).rejects.toThrow('hung up')
  return said
}

describe('what ends every session of a mailbox', () => {
  it.each<[string, () => Promise<unknown>, imap: string, pop3: string, smtp: string]>([
    [
      'sign-in switched off',
      () => staff.patch(`/mailboxes/${address}`, { signInEnabled: false }),
      '* BYE [CONTACTADMIN] Sign-in was switched off for this mailbox',
      '-ERR [AUTH] Sign-in was switched off for this mailbox',
      '421 4.7.13 Sign-in was switched off for this mailbox',
    ],
    [
      'the bin',
      () => staff.delete(`/mailboxes/${address}`),
      '* BYE [CONTACTADMIN] This mailbox was removed',
      '-ERR [AUTH] This mailbox was removed',
      '421 4.7.13 This mailbox was removed',
    ],
    [
      'another password, set on the command line',
      () => service.cli(['mailbox', 'passwd', address, '--password-stdin'], { stdin: 'another good one' }),
      '* BYE [EXPIRED] The password was changed: sign in with the new one',
      '-ERR [AUTH] The password was changed: sign in with the new one',
      '421 4.7.8 The password was changed: sign in with the new one',
    ],
    [
      'another password, set by the owner',
      () => owner.put('/password', { current: password, next: 'another good one', endAppPasswords: false }),
      '* BYE [EXPIRED] The password was changed: sign in with the new one',
      '-ERR [AUTH] The password was changed: sign in with the new one',
      '421 4.7.8 The password was changed: sign in with the new one',
    ],
    [
      'a second factor',
      addCodes,
      '* BYE [ALERT] An app password is needed here from now on: make one in the panel, under Security',
      '-ERR [AUTH] An app password is needed here from now on: make one in the panel, under Security',
      '421 4.7.9 An app password is needed here from now on: make one in the panel, under Security',
    ],
  ])('%s', async (_, change, imapSays, pop3Says, smtpSays) => {
    const [imap, pop3, smtp, other] = [await idle(), await open('pop3s'), await open('submissions'), await newMailbox()]
    const others = await open('imaps', other)
    await change()
    expect(await saidToIdle(imap)).toBe(imapSays)
    expect(await refused(pop3, 'STAT')).toBe(pop3Says)
    expect(await refused(smtp, `MAIL FROM:<${address}>`)).toBe(smtpSays)
    expect(await others.ask('b NOOP', /^b /)).toMatch(/^b OK/)
  })
})

it('a connection that was signed out of lives on with the next one who signs in, and ends with that one', async () => {
  const [next, imap] = [await newMailbox(), await open('imaps')]
  await imap.ask('b SELECT INBOX', /^b OK/)
  expect(await imap.ask('c UNAUTHENTICATE', /^c /)).toMatch(/^c OK/)
  expect(await imap.ask(`d LOGIN ${next} "${password}"`, /^d /)).toMatch(/^d OK/)
  await staff.patch(`/mailboxes/${address}`, { signInEnabled: false })
  expect(await imap.ask('e CREATE Here', /^e /)).toMatch(/^e OK/)
  expect(await (await open('imaps', next)).ask('b STATUS Here (MESSAGES)', /^b /)).toMatch(/^b OK/)
  await staff.patch(`/mailboxes/${next}`, { signInEnabled: false })
  expect(await refused(imap, 'f NOOP')).toBe('* BYE [CONTACTADMIN] Sign-in was switched off for this mailbox')
})

async function addCodes(): Promise<void> {
  const { secret } = (await owner.post('/second-factor/codes')).json
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  expect((await owner.post('/second-factor/codes/confirmation', { code })).status).toBe(200)
}

describe('an app password', () => {
  it('that is removed ends its own sessions alone', async () => {
    const [phone, laptop] = [await appPassword(owner), await appPassword(owner)]
    const imap = await idle(address, phone.secret)
    const smtp = await open('submissions', address, phone.secret)
    const [still, withPassword] = [await open('imaps', address, laptop.secret), await open('imaps')]
    expect((await owner.delete(`/app-passwords/${phone.id}`)).status).toBe(204)
    expect(await saidToIdle(imap)).toBe('* BYE [EXPIRED] This app password is no longer valid')
    expect(await refused(smtp, 'NOOP')).toBe('421 4.7.8 This app password is no longer valid')
    for (const lines of [still, withPassword]) expect(await lines.ask('b NOOP', /^b /)).toMatch(/^b OK/)
  })

  it('goes on when the password is changed, and a second factor is added', async () => {
    const { secret } = await appPassword(owner)
    const [first, second] = [await idle(), await open('imaps', address, secret)]
    await addCodes()
    await saidToIdle(first)
    await service.cli(['mailbox', 'passwd', address, '--password-stdin'], { stdin: 'another good one' })
    expect(await second.ask('b NOOP', /^b /)).toMatch(/^b OK/)
  })

  it('that is no longer for a protocol or a network ends there', async () => {
    const { secret, id } = await appPassword(owner)
    const [imap, pop3] = [await idle(address, secret), await open('pop3s', address, secret)]
    expect((await owner.patch(`/app-passwords/${id}`, { protocols: ['pop3'] })).status).toBe(200)
    const text = 'This app password is no longer for this protocol or this network'
    expect(await saidToIdle(imap)).toBe(`* BYE [AUTHORIZATIONFAILED] ${text}`)
    expect(await pop3.ask('STAT', /^/)).toMatch(/^\+OK/)
    expect((await owner.patch(`/app-passwords/${id}`, { networks: ['192.0.2.1'] })).status).toBe(200)
    expect(await refused(pop3, 'STAT')).toBe(`-ERR [AUTH] ${text}`)
  })

  it('for a shared mailbox ends with the membership, with the right to send, and with the member', async () => {
    const [shared, member] = [`shared${number}@example.org`, address]
    expect((await staff.post('/mailboxes', { address: shared, kind: 'shared' })).status).toBe(201)
    const members = `/mailboxes/${shared}/members/${member}`
    await staff.put(members, { maySend: true })
    const { secret } = await appPassword(owner, { mailbox: shared })
    const [imap, smtp] = [await idle(shared, secret), await open('submissions', shared, secret)]
    await staff.put(members, { maySend: false })
    expect(await refused(smtp, `MAIL FROM:<${shared}>`)).toMatch(/^421 4\.7\.8 This app password is no longer for/)
    expect((await staff.delete(`/mailboxes/${member}`)).status).toBe(204)
    expect(await saidToIdle(imap)).toBe('* BYE [EXPIRED] This app password is no longer valid')
    expect(await signInOver(service, 'imaps', shared, secret)).toMatchObject({ ok: false })
    expect((await staff.post(`/bin/${member}/restore`)).status).toBe(200)
    const again = await idle(shared, secret)
    expect((await staff.delete(members)).status).toBe(204)
    expect(await saidToIdle(again)).toBe('* BYE [EXPIRED] This app password is no longer valid')
  })
})

describe('in the middle of something', () => {
  it('IMAP: commands that were sent together are not all run, and a long message is not awaited', async () => {
    const imap = await open('imaps')
    imap.send('b APPEND INBOX {100000}\r\n')
    expect(await imap.next()).toMatch(/^\+/)
    imap.send('x'.repeat(50_000))
    await staff.patch(`/mailboxes/${address}`, { signInEnabled: false })
    expect(await saidToIdle(imap)).toMatch(/^\* BYE \[CONTACTADMIN\]/)
  })

  it('SMTP: a message under way is refused, and not kept', async () => {
    const smtp = await open('submissions')
    await smtp.ask(`MAIL FROM:<${address}>`, /^250/)
    await smtp.ask(`RCPT TO:<${address}>`, /^250/)
    await smtp.ask('DATA', /^354/)
    smtp.send(`From: ${address}\r\n\r\n`)
    await staff.patch(`/mailboxes/${address}`, { signInEnabled: false })
    expect(await refused(smtp, '.')).toMatch(/^421 4\.7\.13/)
    await staff.patch(`/mailboxes/${address}`, { signInEnabled: true })
    expect(await (await open('pop3s')).ask('STAT', /^/)).toBe('+OK 0 0')
  })

  it('POP3: QUIT removes nothing any more, and the next one gets in before it', async () => {
    const smtp = await open('submissions')
    await smtp.ask(`MAIL FROM:<${address}>`, /^250/)
    await smtp.ask(`RCPT TO:<${address}>`, /^250/)
    await smtp.ask('DATA', /^354/)
    await smtp.ask(`From: ${address}\r\nSubject: x\r\n\r\nhello\r\n.`, /^250/)
    const pop3 = await open('pop3s')
    await pop3.ask('DELE 1', /^\+OK/)
    await service.cli(['mailbox', 'passwd', address, '--password-stdin'], { stdin: 'another good one' })
    const next = await open('pop3s', address, 'another good one')
    expect(await next.ask('STAT', /^/)).toMatch(/^\+OK 1 /)
    expect(await refused(pop3, 'QUIT')).toMatch(/^-ERR \[AUTH\] The password was changed/)
    expect(await next.ask('STAT', /^/)).toMatch(/^\+OK 1 /)
  })
})

describe('mail programs', () => {
  it('imapflow is closed while it waits for mail', async () => {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: service.ports.imaps,
      secure: true,
      tls: { rejectUnauthorized: false },
      auth: { user: address, pass: password },
      logger: false,
    })
    client.on('error', () => {})
    await client.connect()
    await client.mailboxOpen('INBOX')
    const closed = new Promise(resolve => client.once('close', () => resolve('closed')))
    const idling = client.idle()
    await staff.patch(`/mailboxes/${address}`, { signInEnabled: false })
    expect(await closed).toBe('closed')
    await Promise.allSettled([idling])
  })

  it.runIf(isInstalled('python3'))(
    'poplib is told at its next command (skipped where python3 is not installed)',
    async () => {
      const script = `
import poplib, ssl, subprocess, sys
context = ssl._create_unverified_context()
pop = poplib.POP3_SSL('127.0.0.1', int(sys.argv[1]), context=context)
pop.user(sys.argv[2]); pop.pass_(sys.argv[3])
print(pop.stat(), flush=True)
sys.stdin.readline()
try:
    pop.stat()
except poplib.error_proto as error:
    print(error)
`
      const { spawn } = await import('node:child_process')
      const child = spawn('python3', ['-c', script, String(service.ports.pop3s), address, password])
      let said = ''
      const told = new Promise<void>(resolve => child.stdout.on('data', text => resolve(void (said += text))))
      const ended = new Promise(resolve => child.once('close', resolve))
      await told
      await staff.delete(`/mailboxes/${address}`)
      child.stdin.end('\n')
      await ended
      expect(said).toBe("(0, 0)\nb'-ERR [AUTH] This mailbox was removed'\n")
    },
  )
})

it('staff who have to have a second factor from now on lose the sessions that the password opened', async () => {
  expect((await service.cli(['user', 'role', address, 'staff'])).exitCode).toBe(0)
  const [imap, pop3] = [await idle(), await open('pop3s')]
  expect((await staff.patch('/service/settings', { secondFactorForStaff: true })).status).toBe(200)
  expect(await saidToIdle(imap)).toMatch(/^\* BYE \[ALERT\]/)
  expect(await refused(pop3, 'STAT')).toMatch(/^-ERR \[AUTH\]/)
})
