/** Submission: who may send, as whom, and what is mended on the way. */
import { createSecureContext } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSelfSigned } from '../../src/ops/self-signed.ts'
import type { SecureContextSource } from '../../src/ops/tls.ts'
import { Client, plainAuth, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
let client: Client
beforeEach(async () => {
  service = await startSmtp()
  await service.store.write('alias.set', { address: 'info@here.test', targets: ['anna@here.test'], at: 0 })
  await service.store.write('domain.update', { name: 'here.test', catchAll: 'anna@here.test' })
  client = await Client.greeted(service.ports.submissions, { tls: true })
})
afterEach(async () => {
  client.destroy()
  await service.close()
})

const accepted = /^250 2\.6\.0 Accepted, id /
const signIn = () => client.ask(`AUTH PLAIN ${plainAuth('anna@here.test', 'secret')}`)
const message = (from: string) => `From: ${from}\r\nDate: x\r\nMessage-ID: <1@away.test>\r\n\r\nhello\r\n`

describe('a sign-in', () => {
  it('is asked of the authenticator with what it needs', async () => {
    expect(await signIn()).toBe('235 2.7.0 Authentication successful')
    expect(service.signIns).toEqual([
      { user: 'anna@here.test', password: 'secret', protocol: 'submission', remoteAddress: '127.0.0.1' },
    ])
  })

  it.each([
    ['credentials', '535 5.7.8 Authentication credentials invalid'],
    ['app-password-needed', '534 5.7.9 An app password is needed here: make one in the panel, under Security'],
    ['not-allowed', '535 5.7.8 This app password is not for this protocol or this network'],
    ['expired', '535 5.7.8 This app password has expired'],
    ['throttled', '454 4.7.0 Too many failed sign-ins; try again later'],
    ['unavailable', '454 4.7.0 Temporary authentication failure'],
  ] as const)('that fails for %s says so', async (reason, answer) => {
    service.outcome = { ok: false, reason }
    expect(await signIn()).toBe(answer)
  })

  // RFC 4954 §4, §6
  it.each([
    ['too long', 'A'.repeat(13_000), '500 5.5.6 The response is too long'],
    ['no text', 'AGFubmF\0', '501 5.5.2 The response is not valid base64'],
    ['no UTF-8', '\xff', '501 5.5.2 The response is not valid base64'],
  ])('ends with a response that is %s, and is no wrong password', async (_, response, answer) => {
    expect(await client.ask('AUTH PLAIN')).toBe('334')
    client.send(Buffer.from(`${response}\r\n`, 'latin1'))
    expect(await client.reply()).toBe(answer)
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK')
    expect(service.signIns).toEqual([])
  })

  it('without TLS is taken where the setting allows it', async () => {
    const plain = await Client.connect(service.ports.plain)
    await plain.reply()
    expect(await plain.ask('EHLO client.test')).toMatch(/\n250 AUTH PLAIN LOGIN$/)
    expect(await plain.ask(`AUTH PLAIN ${plainAuth('anna@here.test', 'secret')}`)).toMatch(/^235/)
    expect(await plain.ask('STARTTLS')).toBe('500 5.5.2 Error: command not recognized')
    plain.destroy()
  })

  it('leaves no password in the log', async () => {
    await signIn()
    await client.ask('QUIT')
    await client.ended()
    const log = JSON.stringify(service.log)
    expect(log).toContain('anna@here.test')
    expect(log).not.toContain('secret')
    expect(log).not.toContain(plainAuth('anna@here.test', 'secret'))
  })
})

describe('a sender', () => {
  it('may send no more from the moment that it is switched off, within a message too', async () => {
    await signIn()
    for (const command of ['MAIL FROM:<anna@here.test>', 'RCPT TO:<bob@here.test>', 'DATA']) await client.ask(command)
    const accountId = service.accounts.get('anna@here.test')!
    await service.store.write('account.update', { accountId, sendingEnabled: false })
    client.send(`${message('anna@here.test')}.\r\n`)
    expect(await client.reply()).toBe('550 5.7.1 Sending is switched off for this mailbox; it still receives')
    expect(await service.inbox('bob@here.test')).toEqual([])
  })

  it.each(['anna@here.test', 'ANNA@Here.test', 'anna+shop@here.test', 'info@here.test', 'info+x@here.test'])(
    'may be %s',
    async address => {
      await signIn()
      expect(await client.deliver({ from: address, to: ['bob@here.test'] }, message(address))).toMatch(accepted)
    },
  )

  it.each(['an..na@here.test', '"an..na"@here.test'])('may be %s, whose local part asks for quotes', async address => {
    const quoted = '"an..na"@here.test'
    await service.store.write('alias.set', { address: quoted, targets: ['anna@here.test'], at: 0 })
    await signIn()
    expect(await client.deliver({ from: address, to: ['bob@here.test'] }, message(address))).toMatch(accepted)
    expect(await client.deliver({ from: address, to: [address] }, message(address))).toMatch(accepted)
  })

  it.each(['bob@here.test', 'nobody@here.test', 'anna@away.test', 'bob+anna@here.test', 'postmaster@here.test'])(
    'may not be %s, neither in the envelope nor in the header',
    async address => {
      await signIn()
      const refusal = `550 5.7.1 <${address}>: Sender address rejected: not owned by user`
      expect(await client.deliver({ from: address, to: ['bob@here.test'] }, '')).toBe(refusal)
      expect(await client.deliver({ from: 'anna@here.test', to: ['bob@here.test'] }, message(address))).toBe(refusal)
    },
  )

  it('may be nobody, for notifications, under his name', async () => {
    await signIn()
    const to = ['bob@here.test']
    expect(await client.deliver({ from: '', to }, message('anna@here.test'))).toMatch(accepted)
    expect(await client.deliver({ from: '', to }, message('bob@here.test'))).toMatch(/^550 5\.7\.1/)
  })

  it.each([
    ['two From fields', 'From: anna@here.test\r\nFrom: bob@here.test\r\n\r\n'],
    ['no From field', 'Subject: x\r\n\r\n'],
    ['no header', '\r\nFrom: anna@here.test\r\n'],
  ])('who gives %s is refused', async (_, text) => {
    await signIn()
    expect(await client.deliver({ from: 'anna@here.test', to: ['bob@here.test'] }, text)).toBe(
      '554 5.6.0 A message has one From field',
    )
  })

  it('who hides another address in a display name is who the address says', async () => {
    await signIn()
    const text = message('"anna@here.test" <bob@here.test>')
    expect(await client.deliver({ from: 'anna@here.test', to: ['bob@here.test'] }, text)).toMatch(/^550 5\.7\.1 <bob@/)
  })

  it.each([
    '"Bob" <bob@here.test> <anna@here.test>',
    'Anna <anna@here.test>, <bob@here.test> <anna@here.test>',
    'bob@here.test:anna@here.test;',
    'anna@here.test bob@here.test',
    'anna@here.test\r\nSender: <bob@here.test> <anna@here.test>',
  ])('may not be %j, of whom programs show one or the other', async from => {
    await signIn()
    expect(await client.deliver({ from: 'anna@here.test', to: ['bob@here.test'] }, message(from))).toBe(
      '554 5.6.0 The addresses of From or Sender can be read in two ways',
    )
  })
})

describe('a Sender field', () => {
  const send = async (sender: string) => {
    await signIn()
    const text = message(`anna@here.test\r\nSender: ${sender}`)
    return client.deliver({ from: 'anna@here.test', to: ['bob@here.test'] }, text)
  }

  it.each(['anna@here.test', 'Anna <ANNA+x@Here.test>', 'info@here.test', 'bob@away.test', 'anna', ''])(
    'may be %j',
    async sender => {
      expect(await send(sender)).toMatch(accepted)
    },
  )

  it.each(['bob@here.test', 'Anna <BOB+x@here.test>', 'nobody@here.test'])(
    'may not be %j, which readers would take for the writer',
    async sender => {
      const [address] = /[^ <]+@here\.test/.exec(sender)!
      expect(await send(sender)).toBe(`550 5.7.1 <${address}>: Sender address rejected: not owned by user`)
    },
  )

  it('names one address (RFC 5322 §3.6.2)', async () => {
    for (const senders of ['anna@here.test, a@away.test', 'anna@here.test\r\nSender: a@away.test'])
      expect(await send(senders)).toBe('554 5.6.0 A Sender field names one address')
  })
})

describe('a submitted message', () => {
  it('gets Date and Message-ID, loses Bcc, and goes where its envelope says', async () => {
    await signIn()
    const answer = await client.deliver(
      { from: 'anna@here.test', to: ['bob@here.test', 'someone@away.test'] },
      'From: anna@here.test\r\nBcc: someone@away.test\r\nSubject: x\r\n\r\nhello\r\n',
    )
    const id = /id (\S+)$/.exec(answer)![1]
    const mended =
      `Date: Mon, 23 Nov 2026 20:00:00 +0000\r\nMessage-ID: <${id}@mx.here.test>\r\n` +
      'From: anna@here.test\r\nSubject: x\r\n\r\nhello\r\n'
    const [delivered] = await service.inbox('bob@here.test')
    expect(delivered).toMatch(
      /^Return-Path: <anna@here\.test>\r\nReceived: from client\.test .*\r\n .*\r\n by mx\.here\.test with ESMTPSA id /,
    )
    expect(delivered!.endsWith(`+0000\r\n${mended}`)).toBe(true)
    const [queued] = await service.queue()
    expect(queued).toMatchObject({
      address: 'someone@away.test',
      destination: 'away.test',
      reversePath: 'anna@here.test',
    })
    expect(queued!.text.endsWith(`+0000\r\n${mended}`)).toBe(true)
  })

  it('for this service alone leaves nothing in the queue', async () => {
    await signIn()
    await client.deliver({ from: 'anna@here.test', to: ['bob@here.test'] }, message('anna@here.test'))
    expect(await service.queue()).toEqual([])
    expect(service.wakes).toBe(0)
  })

  it('is held to the same rules as any other', async () => {
    await signIn()
    const to = ['bob@here.test']
    expect(await client.deliver({ from: 'anna@here.test', to }, 'From: anna@here.test\n\nx\r\n')).toMatch(
      /^550 5\.6\.11/,
    )
    expect(await client.ask('MAIL FROM:<anna@here.test> SIZE=99999999')).toMatch(/^552 5\.3\.4/)
    expect(await client.deliver({ from: 'anna@here.test', to: ['no one@here.test'] }, '')).toMatch(/^501 5\.1\.3/)
  })
})

describe('a certificate that changes', () => {
  it('serves the next handshakes, on all ports', async () => {
    const pems = ['old.test', 'new.test'].map(name => makeSelfSigned([name], Date.now()))
    const listeners = new Set<() => void>()
    const source: SecureContextSource = {
      current: () => createSecureContext(pems[0]),
      pem: () => pems[0]!,
      onChange: listener => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    await service.close()
    service = await startSmtp({ certificate: source })
    const names = async (): Promise<(string | undefined)[]> => {
      const implicit = await Client.connect(service.ports.submissions, { tls: true })
      const upgraded = await Client.greeted(service.ports.inbound)
      await upgraded.startTls()
      const found = [implicit.certificateName, upgraded.certificateName]
      implicit.destroy()
      upgraded.destroy()
      return found
    }
    expect(await names()).toEqual(['old.test', 'old.test'])
    pems.shift()
    for (const listener of listeners) listener()
    expect(await names()).toEqual(['new.test', 'new.test'])
    await service.close()
    expect(listeners.size).toBe(0)
    service = await startSmtp()
  })
})
