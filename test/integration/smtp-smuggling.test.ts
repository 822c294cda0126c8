/** What is known as SMTP smuggling, and its relatives: one message more than its sender sent must never appear. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
let client: Client
beforeEach(async () => {
  service = await startSmtp()
  client = await Client.greeted(service.ports.inbound)
})
afterEach(async () => {
  client.destroy()
  await service.close()
})

async function upToData(): Promise<void> {
  await client.ask('MAIL FROM:<a@away.test>')
  await client.ask('RCPT TO:<anna@here.test>')
  expect(await client.ask('DATA')).toMatch(/^354/)
}

const bare = '550 5.6.11 Bare <CR> or <LF> in the message; lines end with <CR><LF>'
const second = 'MAIL FROM:<evil@away.test>\r\nRCPT TO:<bob@here.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nhello\r\n'

describe('smuggling', () => {
  it.each([
    ['LF . LF', '\n.\n'],
    ['LF . CR LF', '\n.\r\n'],
    ['CR LF . LF', '\r\n.\n'],
    ['CR . CR', '\r.\r'],
    ['CR . CR LF', '\r.\r\n'],
    ['CR LF . CR', '\r\n.\r'],
    ['CR . LF', '\r.\n'],
    ['CR LF . CR CR LF', '\r\n.\r\r\n'],
    ['CR CR LF . CR LF is an end, but of a message with a bare CR', '\r\r\n.\r\n'],
  ])('%s brings no second message, and a clear answer', async (name, end) => {
    await upToData()
    client.send(`Subject: first\r\n\r\nhello${end}${name.includes('is an end') ? '' : second}`)
    if (!name.includes('is an end')) client.send('.\r\n')
    expect(await client.reply()).toBe(bare)
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK')
    expect(await service.inbox('anna@here.test')).toEqual([])
    expect(await service.inbox('bob@here.test')).toEqual([])
  })

  it('NUL in the text is refused', async () => {
    await upToData()
    client.send('Subject: x\r\n\r\na\0b\r\n.\r\n')
    expect(await client.reply()).toBe('550 5.6.0 NUL in the message')
  })

  it('the same ends are found octet by octet', async () => {
    await upToData()
    for (const octet of 'a\n.\r\nMAIL FROM:<evil@away.test>\r\n.\r\n') {
      client.send(octet)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(await client.reply()).toBe(bare)
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK')
  })

  it('commands within the text are text', async () => {
    await upToData()
    client.send(`Subject: x\r\n\r\nQUIT\r\n${second}\r\n.\r\n`)
    expect(await client.reply()).toMatch(/^250 2\.6\.0 Accepted/)
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK')
    expect(await service.inbox('bob@here.test')).toEqual([])
    const [text] = await service.inbox('anna@here.test')
    expect(text).toContain(`\r\nQUIT\r\n${second}`)
  })

  it('text sent before the answer to DATA is neither run nor taken (RFC 2920 §3.1)', async () => {
    client.send('MAIL FROM:<a@away.test>\r\nRCPT TO:<anna@here.test>\r\nDATA\r\nSubject: x\r\n\r\nhi\r\n.\r\n')
    expect(await client.replies(4)).toEqual([
      '250 2.1.0 Sender OK',
      '250 2.1.5 Recipient OK',
      '554 5.5.0 Text sent before the answer to DATA',
      '(closed)',
    ])
    expect(await service.inbox('anna@here.test')).toEqual([])
  })

  it('text behind a refused DATA ends the session before it runs far', async () => {
    client.send('MAIL FROM:<a@away.test>\r\nRCPT TO:<nobody@here.test>\r\nDATA\r\n')
    await client.replies(3)
    client.send(`${'Received: x\r\n'.repeat(30)}.\r\nRSET\r\n${second}`)
    const answers = await client.replies(30)
    expect(answers).toContain('(closed)')
    expect(await service.inbox('bob@here.test')).toEqual([])
  })

  it.each([
    ['a bare LF', 'NOOP\nRSET\r\n', '500 5.5.2 Bare <LF>; commands end with <CR><LF>'],
    ['a CR within', 'NOOP\rRSET\r\n', '500 5.5.2 Control characters in a command'],
    ['a NUL within', 'NOOP\0\r\n', '500 5.5.2 Control characters in a command'],
    ['octets that are no UTF-8', Buffer.from('VRFY \xff\r\n', 'latin1'), '500 5.5.2 A command is not UTF-8'],
    ['more than 12,288 octets', `NOOP ${'x'.repeat(13_000)}\r\n`, '500 5.5.2 Line too long'],
    ['far more, in pieces', `NOOP ${'x'.repeat(1_000_000)}\r\n`, '500 5.5.2 Line too long'],
  ])('a command with %s is not run', async (_, command, answer) => {
    client.send(command)
    expect(await client.reply()).toBe(answer)
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK')
  })

  it.each([
    ['LF', '\n', '500 5.5.2 Bare <LF>; commands end with <CR><LF>'],
    ['CR', '\r', '500 5.5.2 Control characters in a command'],
  ])('what a bare %s parts is one line, with one answer (RFC 5321 §2.3.8)', async (_, end, answer) => {
    await client.ask('MAIL FROM:<a@away.test>')
    client.send(`RCPT TO:<anna@here.test>${end}RCPT TO:<bob@here.test>\r\nDATA\r\n`)
    expect(await client.replies(2)).toEqual([answer, '503 5.5.1 RCPT first'])
  })

  it('who ends lines with LF alone is told so, and sent away with the second', async () => {
    client.send('NOOP\n')
    expect(await client.reply()).toBe('500 5.5.2 Bare <LF>; commands end with <CR><LF>')
    client.send('QUIT\n')
    expect(await client.replies(2)).toEqual(['421 4.5.2 Commands end with <CR><LF>', '(closed)'])
  })

  it('what is sent behind STARTTLS in plain text is thrown away', async () => {
    expect(await client.startTls('MAIL FROM:<evil@away.test>\r\nRCPT TO:<bob@here.test>\r\n')).toMatch(/^220/)
    expect(await client.ask('RCPT TO:<bob@here.test>')).toBe('503 5.5.1 Error: send HELO/EHLO first')
    expect(await client.ask('EHLO client.test')).not.toContain('STARTTLS')
    expect(await client.ask('RCPT TO:<bob@here.test>')).toBe('503 5.5.1 MAIL first')
  })

  it('an envelope from before STARTTLS is forgotten', async () => {
    await client.ask('MAIL FROM:<a@away.test>')
    await client.ask('RCPT TO:<anna@here.test>')
    await client.startTls()
    await client.ask('EHLO client.test')
    expect(await client.ask('DATA')).toBe('503 5.5.1 MAIL first')
  })

  it('who talks before the greeting is sent away', async () => {
    for (let i = 0; i < 5; i++) {
      const early = Client.hasty(service.ports.inbound, 'EHLO spammer.test\r\nMAIL FROM:<a@away.test>\r\n')
      expect(await early.replies(2)).toEqual(['421 4.7.0 mx.here.test You talk too soon', '(closed)'])
    }
  })
})
