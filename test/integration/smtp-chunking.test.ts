/** BDAT (RFC 3030) where its octets matter: pipelined, cut anywhere, too many, refused. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { SmtpLimits } from '../../src/servers/smtp/limits.ts'
import { Client, plainAuth, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
let client: Client
afterEach(async () => {
  client.destroy()
  await service.close()
})

async function start(limits: Partial<SmtpLimits> = {}): Promise<void> {
  service = await startSmtp({ limits })
  client = await Client.greeted(service.ports.inbound)
}

const envelope = 'MAIL FROM:<a@away.test>\r\nRCPT TO:<anna@here.test>\r\n'
const envelopeOk = ['250 2.1.0 Sender OK', '250 2.1.5 Recipient OK']
const chunk = (text: string, last = false) => `BDAT ${Buffer.byteLength(text)}${last ? ' LAST' : ''}\r\n${text}`
const accepted = /^250 2\.6\.0 Accepted, id /

describe('BDAT', () => {
  it('is taken in one packet with its envelope and the next message (RFC 3030 §4.2)', async () => {
    await start()
    const text = 'Subject: x\r\n\r\n.\r\nQUIT\r\n..\r\n'
    client.send(
      `${envelope}${chunk(text.slice(0, 11))}${chunk(text.slice(11), true)}${envelope}${chunk('y\r\n', true)}NOOP\r\n`,
    )
    const answers = await client.replies(8)
    expect(answers).toEqual([
      ...envelopeOk,
      '250 2.0.0 11 octets received',
      expect.stringMatching(accepted),
      ...envelopeOk,
      expect.stringMatching(accepted),
      '250 2.0.0 OK',
    ])
    const [first, second] = await service.inbox('anna@here.test')
    expect(first!.endsWith(`+0000\r\n${text}`)).toBe(true)
    expect(second!.endsWith('+0000\r\n\r\ny\r\n')).toBe(true)
  })

  it('may be cut anywhere, between CR and LF too', async () => {
    await start()
    const wire = `${envelope}${chunk('Subject: x\r')}${chunk('\n\r\nhello\r\n', true)}`
    for (const octet of wire) {
      client.send(octet)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect((await client.replies(4))[3]).toMatch(accepted)
    expect((await service.inbox('anna@here.test'))[0]!.endsWith('+0000\r\nSubject: x\r\n\r\nhello\r\n')).toBe(true)
  })

  it.each([
    ['a bare LF', 'a\nb\r\n', '550 5.6.11 Bare <CR> or <LF> in the message; lines end with <CR><LF>'],
    ['a CR at the end', 'a\r\nb\r', '550 5.6.11 Bare <CR> or <LF> in the message; lines end with <CR><LF>'],
    ['NUL', 'a\0\r\n', '550 5.6.0 NUL in the message'],
  ])('with %s is refused: no BINARYMIME is offered', async (_, text, answer) => {
    await start()
    client.send(`${envelope}${chunk(text, true)}`)
    expect((await client.replies(3))[2]).toBe(answer)
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK')
  })

  it('above the limit is refused with its chunk; those pipelined behind are thrown away', async () => {
    await start({ maxMessageBytes: 1000, maxBytesInFlight: 50_000 })
    const big = `${'x'.repeat(98)}\r\n`.repeat(6)
    const commands = `${chunk('MAIL FROM:<evil@away.test>\r\n')}${chunk('QUIT\r\n', true)}`
    client.send(`${envelope}${chunk(big)}${chunk(big)}${commands}NOOP\r\n`)
    expect(await client.replies(7)).toEqual([
      ...envelopeOk,
      '250 2.0.0 600 octets received',
      '552 5.3.4 Error; message file too big: the limit is 1000 bytes',
      '503 5.5.1 MAIL first',
      '503 5.5.1 MAIL first',
      '250 2.0.0 OK',
    ])
    expect(await service.inbox('anna@here.test')).toEqual([])
  })

  it('to be refused is read to its end, however long it says it is', async () => {
    await start()
    client.send('BDAT 3000000 LAST\r\n')
    for (let i = 0; i < 30; i++) client.send(Buffer.alloc(100_000, 'RSET\r\n'))
    expect(await client.reply()).toBe('503 5.5.1 MAIL first')
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK')
  })

  it('whose transaction is reset gives its memory back', async () => {
    await start({ maxBytesInFlight: 20_000 })
    const block = `${'x'.repeat(998)}\r\n`.repeat(30)
    client.send(`${envelope}${chunk(block)}`)
    await client.replies(3)
    const other = await Client.greeted(service.ports.inbound)
    other.send(`${envelope}${chunk('a\r\n', true)}`)
    expect((await other.replies(3))[2]).toBe('452 4.3.1 Too many messages under way; try again later')
    expect(await client.ask('RSET')).toBe('250 2.0.0 Flushed')
    other.send(`${envelope}${chunk('a\r\n', true)}`)
    expect((await other.replies(3))[2]).toMatch(accepted)
    other.destroy()
  })

  it('breaks off with its connection', async () => {
    await start({ maxBytesInFlight: 20_000 })
    client.send(`${envelope}BDAT 500000\r\n${'x'.repeat(60_000)}`)
    await client.replies(2)
    await sleep(50)
    client.destroy()
    client = await Client.greeted(service.ports.inbound)
    const again = async (): Promise<string | undefined> => {
      client.send(`RSET\r\n${envelope}${chunk('a\r\n', true)}`)
      return (await client.replies(4))[3]
    }
    await expect.poll(again).toMatch(accepted)
  })

  it('is refused without a sign-in on submission, and its text is no command', async () => {
    await start()
    const submission = await Client.greeted(service.ports.plain)
    submission.send(chunk('MAIL FROM:<anna@here.test>\r\n', true))
    expect(await submission.reply()).toBe('530 5.7.0 Authentication required')
    expect(await submission.ask(`AUTH PLAIN ${plainAuth('anna@here.test', 'secret')}`)).toMatch(/^235/)
    submission.send(
      `MAIL FROM:<anna@here.test>\r\nRCPT TO:<bob@here.test>\r\n${chunk('From: anna@here.test\r\n\r\nhi\r\n', true)}`,
    )
    expect((await submission.replies(3))[2]).toMatch(accepted)
    expect((await service.inbox('bob@here.test'))[0]).toMatch(
      /\r\nMessage-ID: <\S+>\r\nFrom: anna@here\.test\r\n\r\nhi\r\n$/,
    )
    submission.destroy()
  })
})
