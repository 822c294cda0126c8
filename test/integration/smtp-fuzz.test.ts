/** Whatever a client sends, the next one is served. A fixed short run; the seed is told where it fails. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Client, plainAuth, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
beforeAll(async () => {
  service = await startSmtp({ limits: { maxConnectionsPerAddress: 10_000, maxErrors: 1_000, maxIdleCommands: 1_000 } })
})
afterAll(async () => {
  await service.close()
})

const piece = fc.oneof(
  fc.constantFrom(
    'EHLO client.test\r\n',
    'HELO x\r\n',
    'MAIL FROM:<a@away.test>\r\n',
    'MAIL FROM:<anna@here.test> SMTPUTF8 SIZE=10 RET=FULL\r\n',
    'RCPT TO:<anna@here.test>\r\n',
    'RCPT TO:<bob@here.test> NOTIFY=SUCCESS\r\n',
    'DATA\r\n',
    'From: anna@here.test\r\n\r\nhi\r\n',
    '.\r\n',
    '\n.\n',
    'BDAT 10\r\n',
    'BDAT 0 LAST\r\n',
    'BDAT 4 LAST\r\nab\r\n',
    'RSET\r\n',
    'NOOP\r\n',
    'STARTTLS\r\n',
    'AUTH LOGIN\r\n',
    `AUTH PLAIN ${plainAuth('anna@here.test', 'secret')}\r\n`,
    '*\r\n',
    'QUIT\r\n',
    '\r\n',
    '\r',
    '\n',
    '\x16\x03\x01\x02\x00\x01\x00',
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 30 }),
)

it('no sequence of commands, texts and rubbish ends the service or makes it fail', async () => {
  const ports = fc.constantFrom('inbound', 'submission', 'plain', 'submissions' as const)
  await fc.assert(
    fc.asyncProperty(ports, fc.array(piece, { maxLength: 25 }), fc.boolean(), async (name, pieces, atOnce) => {
      const client = await Client.connect(service.ports[name as keyof SmtpService['ports']])
      if (atOnce) client.send(Buffer.from(pieces.join(''), 'latin1'))
      else
        for (const text of pieces) {
          client.send(Buffer.from(text, 'latin1'))
          await new Promise(resolve => setImmediate(resolve))
        }
      await new Promise(resolve => setTimeout(resolve, 5))
      client.destroy()
    }),
    { numRuns: 300 },
  )
  expect(service.log.filter(({ level }) => level === 'error')).toEqual([])
  const client = await Client.greeted(service.ports.inbound)
  expect(await client.deliver({ from: 'a@away.test', to: ['bob@here.test'] }, 'Subject: x\r\n\r\n')).toMatch(/^250/)
  client.destroy()
})
