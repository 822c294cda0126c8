/** What a stranger can ask for, and where it ends. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/ops/log.ts'
import { InboundPolicy } from '../../src/policy/inbound/runner.ts'
import { accepted, refuse } from '../../src/policy/inbound/verdict.ts'
import { MessageBudget } from '../../src/servers/message-budget.ts'
import { defaultLimits, type SmtpLimits } from '../../src/servers/smtp/limits.ts'
import { SmtpServer } from '../../src/servers/smtp/server.ts'
import { Client, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
const clients: Client[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await service.close()
})

async function start(limits: Partial<SmtpLimits> = {}): Promise<void> {
  service = await startSmtp({ limits })
}

async function greeted(): Promise<Client> {
  const client = await Client.greeted(service.ports.inbound)
  clients.push(client)
  return client
}

async function upToData(client: Client): Promise<string> {
  await client.ask('MAIL FROM:<a@away.test>')
  await client.ask('RCPT TO:<anna@here.test>')
  return await client.ask('DATA')
}

const envelope = { from: 'a@away.test', to: ['anna@here.test'] }

describe('the size of a message', () => {
  const tooBig = '552 5.3.4 Error; message file too big: the limit is 1000 bytes'

  it('is refused at MAIL where it is declared', async () => {
    await start({ maxMessageBytes: 1000 })
    const client = await greeted()
    expect(await client.ask('MAIL FROM:<a@away.test> SIZE=1001')).toBe(tooBig)
    expect(await client.ask('MAIL FROM:<a@away.test> SIZE=99999999999999999999')).toBe(tooBig)
    expect(await client.ask('MAIL FROM:<a@away.test> SIZE=1000')).toBe('250 2.1.0 Sender OK')
  })

  it('is refused after the dot where it was not, and little of it is held', async () => {
    await start({ maxMessageBytes: 1000, maxBytesInFlight: 100_000 })
    const client = await greeted()
    expect(await upToData(client)).toMatch(/^354/)
    const line = `${'x'.repeat(70)}\r\n`
    for (let i = 0; i < 20; i++) client.send(line.repeat(5_000))
    client.send('.\r\n')
    expect(await client.reply()).toBe(tooBig)
    expect(await client.deliver(envelope, 'Subject: small\r\n\r\n')).toMatch(/^250 2\.6\.0/)
  })

  it('of exactly the limit is taken', async () => {
    await start({ maxMessageBytes: 1000 })
    const client = await greeted()
    const text = (size: number) => `Subject: x\r\n\r\n${'y'.repeat(size - 16)}\r\n`
    expect(await client.deliver(envelope, text(1000))).toMatch(/^250 2\.6\.0/)
    expect(await client.deliver(envelope, text(1001))).toBe(tooBig)
  })
})

describe('a session', () => {
  it('ends after too many errors', async () => {
    await start({ maxErrors: 3 })
    const client = await greeted()
    for (let i = 0; i < 2; i++) expect(await client.ask('MAIL FROM:wrong')).toBe('501 5.1.7 Bad sender address syntax')
    expect(await client.ask('MAIL FROM:wrong')).toBe('501 5.1.7 Bad sender address syntax')
    expect(await client.replies(2)).toEqual(['421 4.7.0 Too many errors', '(closed)'])
  })

  it('does not run what was pipelined behind its end', async () => {
    await start({ maxErrors: 1 })
    const client = await greeted()
    client.send('MAIL FROM:wrong\r\nNOOP\r\nNOOP\r\n')
    expect(await client.replies(3)).toEqual([
      '501 5.1.7 Bad sender address syntax',
      '421 4.7.0 Too many errors',
      '(closed)',
    ])
  })

  it('ends after too many commands without a message; a message begins the count anew', async () => {
    await start({ maxIdleCommands: 4 })
    const client = await greeted()
    for (let i = 0; i < 3; i++) expect(await client.ask('NOOP')).toBe('250 2.0.0 OK')
    expect(await client.deliver(envelope, 'Subject: x\r\n\r\n')).toMatch(/^250 2\.6\.0/)
    for (let i = 0; i < 4; i++) expect(await client.ask('RSET')).toBe('250 2.0.0 Flushed')
    expect(await client.ask('RSET')).toBe('421 4.7.0 Too many commands without a message')
  })

  it('ends after ten commands that are none; a message begins the count anew', async () => {
    await start({})
    const client = await greeted()
    // Clients that put an empty line behind each message.
    for (let sent = 0; sent < 12; sent++) {
      expect(await client.deliver(envelope, 'Subject: x\r\n\r\n')).toMatch(/^250 2\.6\.0/)
      expect(await client.ask('')).toBe('500 5.5.2 Error: command not recognized')
    }
    for (let i = 0; i < 8; i++) expect(await client.ask('FOO')).toBe('500 5.5.2 Error: command not recognized')
    expect(await client.ask('FOO')).toMatch(/^421/)
  })

  it('takes thousands of pipelined recipients in turn, and refuses those above the limit', async () => {
    await start({ maxRecipients: 2, maxExcessRecipients: 10_000, maxErrors: 10_000 })
    await service.store.write('domain.update', { name: 'here.test', catchAll: 'anna@here.test' })
    const client = await greeted()
    await client.ask('MAIL FROM:<a@away.test>')
    client.send(Array.from({ length: 3_000 }, (_, i) => `RCPT TO:<user${i}@here.test>\r\n`).join(''))
    const answers = await client.replies(3_000)
    expect(answers.slice(0, 3)).toEqual([
      '250 2.1.5 Recipient OK',
      '250 2.1.5 Recipient OK',
      '452 4.5.3 Too many recipients; send to the others in another transaction',
    ])
    expect(new Set(answers.slice(2)).size).toBe(1)
  })

  it('is refused hundreds of recipients above the limit, and may send to the first and then to those', async () => {
    await start({ maxRecipients: 2 })
    await service.store.write('domain.update', { name: 'here.test', catchAll: 'anna@here.test' })
    const client = await greeted()
    for (let sent = 0; sent < 3; sent++) {
      await client.ask('MAIL FROM:<a@away.test>')
      client.send(Array.from({ length: 500 }, (_, i) => `RCPT TO:<user${i}@here.test>\r\n`).join(''))
      await client.replies(500)
      expect(await client.ask('DATA')).toMatch(/^354/)
      expect(await client.ask('Subject: x\r\n\r\n.')).toMatch(/^250 2\.6\.0/)
    }
  })

  it.each([
    ['the same', ['anna'], 'RSET'],
    ['others', ['anna', 'anna+1', 'anna+2', 'anna+3'], 'EHLO client.test'],
  ])(
    'ends when it goes on beyond the limit of recipients, with %s, in transactions without a message',
    async (_, locals, end) => {
      await start({ maxRecipients: 2, maxExcessRecipients: 5 })
      const client = await greeted()
      const ask = async (count: number): Promise<string[]> => {
        await client.ask('MAIL FROM:<a@away.test>')
        const given = Array.from({ length: count }, (_, i) => `RCPT TO:<${locals[i % locals.length]}@here.test>\r\n`)
        client.send(given.join(''))
        return (await client.replies(count)).map(answer => answer.slice(0, 3))
      }
      const answers = [...(await ask(5)), await client.ask(end), ...(await ask(5))]
      expect(answers.filter(answer => answer === '421' || answer === '(cl')).toEqual(['421'])
      expect(answers.at(-1)).toBe('421')
      expect(await client.reply()).toBe('(closed)')
    },
  )

  it('that is silent is closed, with a word', async () => {
    await start({ idleMs: 1_000 })
    const client = await greeted()
    expect(await client.replies(2)).toEqual(['421 4.4.2 Timeout - closing connection', '(closed)'])
  })

  it.each([
    ['at its beginning', []],
    ['between two chunks', ['MAIL FROM:<a@away.test>', 'RCPT TO:<anna@here.test>', 'BDAT 2\r\nab']],
  ])('that trickles a command %s is closed as if it were silent', async (_, before) => {
    await start({ idleMs: 1_000 })
    const client = await greeted()
    for (const command of before) {
      client.send(`${command}${command.startsWith('BDAT') ? '' : '\r\n'}`)
      expect(await client.reply()).toMatch(/^250/)
    }
    const trickling = setInterval(() => client.send('N'), 100)
    try {
      expect(await client.replies(2)).toEqual(['421 4.4.2 Timeout - closing connection', '(closed)'])
    } finally {
      clearInterval(trickling)
    }
  })

  it('that brings no message for long is closed, whatever it says; a message gives it its time anew', async () => {
    await start({ withoutMessageMs: 60_000 })
    const client = await greeted()
    service.clock.time += 50_000
    expect(await client.deliver(envelope, 'Subject: small\r\n\r\n')).toMatch(/^250/)
    service.clock.time += 50_000
    expect(await client.ask('NOOP')).toMatch(/^250/)
    service.clock.time += 10_001
    client.send('NOOP\r\n')
    expect(await client.replies(2)).toEqual(['421 4.4.2 No message came for too long', '(closed)'])
  })

  it.each([
    ['in STARTTLS', 'inbound'],
    ['on the port for TLS', 'submissions'],
  ] as const)('that does not come to TLS %s is closed, though an octet comes now and then', async (_, port) => {
    await start({ handshakeMs: 1_000, idleMs: 60_000 })
    const socket = connect(service.ports[port], '127.0.0.1')
    const closed = once(socket, 'close')
    socket.on('error', () => {})
    if (port === 'inbound') {
      await once(socket, 'data')
      socket.write('STARTTLS\r\n')
      await once(socket, 'data')
    } else socket.resume()
    // The beginning of a ClientHello of 512 octets.
    socket.write(Buffer.from('160301020001', 'hex'))
    const trickling = setInterval(() => socket.write('\0'), 100)
    try {
      await closed
    } finally {
      clearInterval(trickling)
    }
  })

  it('that is silent within the data is closed, and nothing of it is kept', async () => {
    await start({ idleMs: 1_000 })
    const client = await greeted()
    await upToData(client)
    client.send('Subject: half\r\n')
    expect(await client.replies(2)).toEqual(['421 4.4.2 Timeout - closing connection', '(closed)'])
    expect(await service.inbox('anna@here.test')).toEqual([])
  })

  it('that trickles its message is closed in the end', async () => {
    await start({ dataMs: 60_000 })
    const client = await greeted()
    await upToData(client)
    client.send('Subject: slow\r\n')
    await sleep(50)
    service.clock.time += 60_001
    client.send('x')
    expect(await client.replies(2)).toEqual(['421 4.4.2 The message takes too long', '(closed)'])
  })

  it('that trickles a chunk which is refused is closed in the end', async () => {
    await start({ dataMs: 60_000 })
    const client = await greeted()
    client.send('BDAT 999999999999999\r\nx')
    // An answer to another means that what this one sent was read.
    await greeted()
    service.clock.time += 60_001
    client.send('x')
    expect(await client.replies(2)).toEqual(['421 4.4.2 The message takes too long', '(closed)'])
  })

  it('that breaks off within the data leaves nothing behind', async () => {
    await start()
    const client = await greeted()
    await upToData(client)
    client.send('Subject: half\r\n\r\nhello\r\n')
    client.destroy()
    const other = await greeted()
    expect(await other.deliver(envelope, 'Subject: whole\r\n\r\n')).toMatch(/^250/)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
  })

  it('whose client is gone behind the dot leaves a message that was whole, once', async () => {
    const accepting = Promise.withResolvers<void>()
    service = await startSmtp({
      slowly: operation => {
        if (operation !== 'message.accept') return undefined
        accepting.resolve()
        return sleep(200)
      },
    })
    const client = await greeted()
    await upToData(client)
    client.send('Subject: x\r\n\r\n.\r\nMAIL FROM:<a@away.test>\r\n')
    await accepting.promise
    client.destroy()
    await expect.poll(() => service.inbox('anna@here.test')).toHaveLength(1)
    await expect.poll(() => service.log.map(({ message }) => message)).toContain('message accepted')
  })
})

describe('connections', () => {
  it('from one address are counted, and free again when they end', async () => {
    await start({ maxConnectionsPerAddress: 2 })
    const [first] = [await greeted(), await greeted()]
    const third = await Client.connect(service.ports.inbound)
    expect(await third.replies(2)).toEqual([
      '421 4.7.0 Too many connections from your address; try again later',
      '(closed)',
    ])
    await first.ask('QUIT')
    await first.ended()
    expect(await (await greeted()).ask('NOOP')).toBe('250 2.0.0 OK')
  })

  it('are free again after STARTTLS too', async () => {
    await start({ maxConnectionsPerAddress: 1 })
    for (let i = 0; i < 3; i++) {
      const client = await greeted()
      await client.startTls()
      expect(await client.ask('QUIT')).toBe('221 2.0.0 Bye')
      await client.ended()
      await sleep(20)
    }
  })

  it('in all are counted', async () => {
    await start({ maxConnections: 1 })
    await greeted()
    const second = await Client.connect(service.ports.inbound)
    expect(await second.reply()).toBe('421 4.7.0 Too many connections; try again later')
  })

  it('are counted before their TLS handshake', async () => {
    await start({ maxConnectionsPerAddress: 1 })
    const silent = await Client.connect(service.ports.submissions)
    clients.push(silent)
    const second = await Client.connect(service.ports.submissions)
    expect(await second.reply()).toBe('(closed)')
  })
})

describe('memory for messages under way', () => {
  it('is bounded: new ones are put off, those under way wait, the oldest comes to its end', async () => {
    await start({ maxBytesInFlight: 40_000 })
    const [first, second, third] = [await greeted(), await greeted(), await greeted()]
    await upToData(first)
    await upToData(second)
    const block = `${'x'.repeat(998)}\r\n`.repeat(30)
    first.send(block)
    await sleep(100)
    second.send(block)
    await sleep(100)
    expect(await upToData(third)).toBe('452 4.3.1 Too many messages under way; try again later')
    // The second is not read any more; the first, which is older, is, and gives back.
    second.send('.\r\n')
    first.send(`${block.repeat(4)}.\r\n`)
    expect(await first.reply()).toMatch(/^250 2\.6\.0/)
    expect(await second.reply()).toMatch(/^250 2\.6\.0/)
    expect(await third.ask('DATA')).toMatch(/^354/)
  })

  it('is not waited for by a text that is refused in any case', async () => {
    await start({ maxBytesInFlight: 40_000 })
    const [first, second] = [await greeted(), await greeted()]
    await upToData(first)
    await upToData(second)
    first.send(`${'x'.repeat(998)}\r\n`.repeat(60))
    await sleep(100)
    second.send('a bare LF\n')
    await sleep(100)
    second.send('.\r\n.\r\n')
    expect(await second.reply()).toMatch(/^55\d 5\.6\.\d/)
  })

  it('is given back by connections that break', async () => {
    await start({ maxBytesInFlight: 20_000 })
    const first = await greeted()
    await upToData(first)
    first.send(`${'x'.repeat(998)}\r\n`.repeat(30))
    const second = await greeted()
    await sleep(100)
    expect(await upToData(second)).toMatch(/^452 4\.3\.1/)
    first.destroy()
    await expect.poll(() => second.ask('DATA')).toMatch(/^354/)
  })

  it('is not held for a client that sends octet by octet', async () => {
    await start({ maxBytesInFlight: 20_000 })
    const client = await greeted()
    await upToData(client)
    for (let i = 0; i < 2_000; i++) {
      client.send('y')
      if (i % 50 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    client.send('\r\n.\r\n')
    expect(await client.reply()).toMatch(/^250 2\.6\.0/)
  })
})

describe('the end of the service', () => {
  it('tells idle sessions, and lets a message be answered first', async () => {
    await start()
    const [idle, busy] = [await greeted(), await greeted()]
    await upToData(busy)
    busy.send('Subject: x\r\n')
    await sleep(50)
    const closing = service.close()
    expect(await idle.replies(2)).toEqual(['421 4.3.2 Service closing', '(closed)'])
    busy.send('\r\nhello\r\n.\r\n')
    expect(await busy.reply()).toMatch(/^250 2\.6\.0/)
    expect(await busy.replies(2)).toEqual(['421 4.3.2 Service closing', '(closed)'])
    await closing
    await start()
  })

  it('waits no longer than it was told', async () => {
    await start()
    const client = await greeted()
    await upToData(client)
    const before = Date.now()
    await service.close()
    // The data might come for ten minutes.
    expect(Date.now() - before).toBeLessThan(30_000)
    await start()
  })
})

describe('a client that a rule refuses', () => {
  it('is told in place of the greeting, or to its EHLO', async () => {
    await start()
    const policy = new InboundPolicy([
      {
        name: 'test',
        connect: () => (refuseAt === 'connect' ? refusal : accepted),
        helo: ({ helo }) => (refuseAt === 'helo' && helo === 'bad.test' ? refusal : accepted),
      },
    ])
    const refusal = refuse('mail-loop', 554, '5.7.1', 'Not you')
    let refuseAt: 'connect' | 'helo' = 'connect'
    const server = new SmtpServer({
      role: {
        name: 'smtp',
        authenticator: null,
        connect: facts => policy.judge('connect', facts),
        helo: facts => policy.judge('helo', facts),
        mail: async () => accepted,
        rcpt: async () => accepted,
        message: async () => refusal,
      },
      door: { checkRecipient: () => Promise.reject(), accept: () => Promise.reject() },
      hostname: 'mx.here.test',
      limits: defaultLimits,
      budget: new MessageBudget({ all: 1, ofOne: 1 }),
      clock: service.clock,
      log: silentLog,
      tls: null,
      implicitTls: false,
      plainTextAuth: false,
    })
    const port = await server.start('127.0.0.1', 0)
    const first = await Client.connect(port)
    expect(await first.replies(2)).toEqual(['554 5.7.1 Not you', '(closed)'])
    refuseAt = 'helo'
    const second = await Client.connect(port)
    await second.reply()
    expect(await second.ask('EHLO bad.test')).toBe('554 5.7.1 Not you')
    expect(await second.ask('MAIL FROM:<>')).toBe('503 5.5.1 Error: send HELO/EHLO first')
    expect(await second.ask('HELO good.test')).toBe('250 mx.here.test')
    second.destroy()
    await server.stop(0)
  })
})
