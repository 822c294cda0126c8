/** The queue against scripted remote servers: who is tried, what each recipient is answered, what becomes of it. */
import { describe, expect, it } from 'vitest'
import { plainMessage, until } from './fixtures/queue.ts'
import { queueFor, remote, twoServers } from './fixtures/scene.ts'

const minute = 60_000

describe('a message', () => {
  it('reaches the server of its domain byte for byte, in one pipelined transaction', async () => {
    const server = await remote()
    const queue = await queueFor(server)
    const id = await queue.submit({ to: ['bob@there.test', 'eve@there.test'] })
    expect(await queue.settled(id)).toMatchObject([{ status: 'delivered', attempts: 1 }, { status: 'delivered' }])
    expect(server.messages).toEqual([
      {
        mail: `MAIL FROM:<anna@here.test> SIZE=${plainMessage.length}`,
        recipients: ['RCPT TO:<bob@there.test>', 'RCPT TO:<eve@there.test>'],
        data: plainMessage,
        session: 1,
        secure: false,
      },
    ])
    expect(queue.log.filter(line => line.message === 'delivery attempt')).toMatchObject([
      {
        queueId: id,
        recipient: 'bob@there.test',
        host: 'mx.there.test',
        address: '127.0.0.1',
        tls: null,
        outcome: 'delivered',
        status: '2.0.0',
        answer: '250 2.0.0 queued',
      },
      { recipient: 'eve@there.test' },
    ])
  })

  it('goes one command at a time to a server without PIPELINING', async () => {
    const server = await remote({ extensions: ['8BITMIME'] })
    const queue = await queueFor(server)
    await queue.settled(await queue.submit({ to: ['bob@there.test'], eightBit: true }))
    await queue.settled(await queue.submit({ to: ['eve@there.test'] }))
    expect(server.commands).toEqual([
      '1 EHLO mail.here.test',
      '1 MAIL FROM:<anna@here.test> BODY=8BITMIME',
      '1 RCPT TO:<bob@there.test>',
      '1 DATA',
      '1 MAIL FROM:<anna@here.test>',
      '1 RCPT TO:<eve@there.test>',
      '1 DATA',
    ])
  })

  it('goes to a server that knows HELO only', async () => {
    const server = await remote({ answer: line => (line.startsWith('EHLO') ? '502 5.5.1 what?' : null) })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([{ status: 'delivered' }])
    expect(server.commands.slice(0, 3)).toEqual([
      '1 EHLO mail.here.test',
      '1 HELO mail.here.test',
      '1 MAIL FROM:<anna@here.test>',
    ])
  })

  it('of many megabytes arrives whole', async () => {
    const server = await remote()
    const queue = await queueFor(server)
    const text = `Subject: large\r\n\r\n${`${'x'.repeat(70)}\r\n.dot\r\n`.repeat(100_000)}`
    const id = await queue.submit({ to: ['bob@there.test'], text })
    expect(await queue.settled(id)).toMatchObject([{ status: 'delivered' }])
    expect(server.messages[0]?.data === text).toBe(true)
  })

  it('goes to the next server where the first does not answer', async () => {
    const server = await remote({}, { host: '127.0.0.3' })
    const queue = await queueFor(server, {
      zone: {
        'there.test': {
          MX: [
            [20, 'second.there.test'],
            [10, 'first.there.test'],
          ],
        },
        'first.there.test': { A: ['127.0.0.2'] },
        'second.there.test': { A: ['127.0.0.3'] },
      },
    })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'delivered', last: { remoteHost: 'second.there.test', remoteAddress: '127.0.0.3' } },
    ])
  })

  it('goes to the next server where none of the many addresses of the first answers', async () => {
    const server = await remote()
    const queue = await queueFor(server, {
      zone: {
        'there.test': {
          MX: [
            [10, 'first.there.test'],
            [20, 'mx.there.test'],
          ],
        },
        'first.there.test': { A: Array.from({ length: 8 }, (_, i) => `127.0.1.${i + 1}`) },
      },
    })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'delivered', last: { remoteHost: 'mx.there.test' } },
    ])
  })

  it('asks for no other server once it is delivered', async () => {
    const server = await remote()
    const queue = await queueFor(server, {
      zone: {
        'there.test': {
          MX: [
            [10, 'mx.there.test'],
            [20, 'second.there.test'],
          ],
        },
      },
    })
    await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    expect(queue.dns.questions.sort()).toEqual(['A mx.there.test', 'AAAA mx.there.test', 'MX there.test'])

    // By then all answers are too old, and the connection is still there.
    queue.time.advance(10 * minute)
    await queue.settled(await queue.submit({ to: ['eve@there.test'] }))
    expect(server.connections).toBe(1)
    expect(queue.dns.questions).toHaveLength(3)
  })

  it('goes to the next address where one family has no way out', async () => {
    const server = await remote()
    const queue = await queueFor(server, {
      zone: { 'mx.there.test': { AAAA: ['2001:db8::1', '::1'], A: ['127.0.0.1'] } },
    })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([{ status: 'delivered' }])
  })

  it('goes over IPv6', async () => {
    const server = await remote({}, { host: '::1' })
    const queue = await queueFor(server, { zone: { 'mx.there.test': { AAAA: ['::1'] } } })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'delivered', last: { remoteAddress: '::1' } },
    ])
  })

  it('goes to the domain itself where there is no MX, and to no address of this machine or its neighbours', async () => {
    const server = await remote()
    const queue = await queueFor(server, { zone: { 'plain.test': { A: ['127.0.0.1'] } } })
    const id = await queue.submit({ to: ['bob@plain.test', 'eve@[127.0.0.1]'] })
    expect(await queue.settled(id)).toMatchObject([
      { status: 'delivered', last: { remoteHost: 'plain.test' } },
      { status: 'failed', last: { text: '550 5.1.2 Address literal [127.0.0.1] leads to no public address' } },
    ])
  })

  it('goes in as many transactions as its recipients take, over one connection', async () => {
    const server = await remote()
    const queue = await queueFor(server, { settings: { recipientsPerTransaction: 2 } })
    const to = ['a', 'b', 'c', 'd', 'e'].map(name => `${name}@there.test`)
    const rows = await queue.settled(await queue.submit({ to }))
    expect(rows.map(row => row.status)).toEqual(Array(5).fill('delivered'))
    expect(server.messages.map(message => message.recipients.length)).toEqual([2, 2, 1])
    expect(server.connections).toBe(1)
  })

  it('goes again at once for recipients that were too many', async () => {
    const server = await remote({
      answer: (line, { transaction }) =>
        line.startsWith('RCPT') && transaction.recipients.length === 2 ? '452 4.5.3 too many recipients' : null,
    })
    const queue = await queueFor(server)
    const to = ['a', 'b', 'c', 'd', 'e'].map(name => `${name}@there.test`)
    const rows = await queue.settled(await queue.submit({ to }))
    expect(rows.map(row => row.status)).toEqual(Array(5).fill('delivered'))
    expect(server.messages.map(message => message.recipients.length)).toEqual([2, 2, 1])
  })
})

describe('a recipient', () => {
  it('is settled by its own answer', async () => {
    const answers: Record<string, string> = {
      bob: '250 2.1.5 ok',
      full: '452 4.2.2 mailbox full',
      gone: '550-5.1.1 no such user\n550 5.1.1 sorry',
    }
    const server = await remote({ answer: line => answers[/^RCPT TO:<(\w+)@/.exec(line)?.[1] ?? ''] ?? null })
    const queue = await queueFor(server)
    const id = await queue.submit({ to: ['bob@there.test', 'full@there.test', 'gone@there.test'] })
    expect(await queue.settled(id)).toMatchObject([
      { status: 'delivered' },
      {
        status: 'queued',
        attempts: 1,
        nextAttemptAt: queue.time.now() + 5 * minute,
        last: { status: '4.2.2', text: '452 4.2.2 mailbox full' },
      },
      { status: 'failed', last: { status: '5.1.1', text: '550-5.1.1 no such user\n550 5.1.1 sorry' } },
    ])
    const [bounce] = await queue.inbox(1)
    expect(bounce?.text).toContain('Final-Recipient: rfc822; gone@there.test')
    expect(bounce?.text).not.toContain('full@there.test')
    expect(server.messages).toMatchObject([{ recipients: ['RCPT TO:<bob@there.test>'] }])
  })

  it.each([
    ['MAIL', '550 5.7.1 not you', ['failed', 'failed']],
    ['MAIL', '451 4.7.1 not now', ['queued', 'queued']],
    ['DATA', '554 5.7.1 no', ['failed', 'failed']],
    ['DATA', '451 4.3.0 later', ['queued', 'failed']],
    ['.', '554 5.6.0 what a message', ['failed', 'failed']],
    ['.', '452 4.3.1 disk full', ['queued', 'failed']],
  ])('shares what %s is answered: %s', async (command, reply, statuses) => {
    // The second recipient's own 550 stands, whatever comes later; only a refused MAIL goes before it.
    const server = await remote({
      answer: line => {
        if (line.startsWith('RCPT TO:<gone')) return reply.startsWith('451 4.7') ? null : '550 5.1.1 gone'
        return line.startsWith(command) ? reply : null
      },
    })
    const queue = await queueFor(server)
    const rows = await queue.settled(await queue.submit({ to: ['bob@there.test', 'gone@there.test'] }))
    expect(rows.map(row => row.status)).toEqual(statuses)
    expect(rows[0]?.last?.text).toBe(reply)
    expect(rows[1]?.last?.text).toBe(command === 'MAIL' ? reply : '550 5.1.1 gone')
    expect(server.messages).toEqual([])
  })

  it('whose address the server can not take does not fail the others with it', async () => {
    const server = await remote({ extensions: ['PIPELINING'] })
    const queue = await queueFor(server, { settings: { recipientsPerTransaction: 2 } })
    const to = ['bob@there.test', 'josé@there.test', 'eve@there.test', 'carl@there.test']
    const rows = await queue.settled(await queue.submit({ to, smtpUtf8: true }))
    expect(rows.map(row => [row.status, row.last?.status])).toEqual([
      ['delivered', '2.0.0'],
      ['failed', '5.6.7'],
      ['delivered', '2.0.0'],
      ['delivered', '2.0.0'],
    ])
    expect(server.messages.map(message => message.recipients)).toEqual([
      ['RCPT TO:<bob@there.test>', 'RCPT TO:<eve@there.test>'],
      ['RCPT TO:<carl@there.test>'],
    ])
    expect((await queue.inbox(1)).map(({ text }) => text.match(/Final-Recipient: .*/g)?.length)).toEqual([1])
  })

  it('that the first server puts off is tried at the second, others are not', async () => {
    const first = await remote(
      { answer: line => (line.startsWith('RCPT TO:<slow') ? '450 4.2.0 greylisted' : null) },
      { host: '127.0.0.2' },
    )
    const second = await remote({}, { host: '127.0.0.3', port: first.port })
    const queue = await queueFor(first, { zone: twoServers })
    const rows = await queue.settled(await queue.submit({ to: ['bob@there.test', 'slow@there.test'] }))
    expect(rows.map(row => [row.status, row.last?.remoteHost])).toEqual([
      ['delivered', 'a.there.test'],
      ['delivered', 'b.there.test'],
    ])
    expect(second.messages).toMatchObject([{ recipients: ['RCPT TO:<slow@there.test>'] }])
  })

  it('keeps the answer it got before a 421 ends the session', async () => {
    const server = await remote({
      answer: line => {
        if (line.startsWith('RCPT TO:<gone')) return '550 5.1.1 gone'
        return line.startsWith('RCPT TO:<eve') ? '421 4.3.2 shutting down' : null
      },
    })
    const queue = await queueFor(server)
    const rows = await queue.settled(await queue.submit({ to: ['gone@there.test', 'eve@there.test', 'x@there.test'] }))
    expect(rows.map(row => [row.status, row.last?.text])).toEqual([
      ['failed', '550 5.1.1 gone'],
      ['queued', '421 4.3.2 shutting down'],
      ['queued', '421 4.3.2 shutting down'],
    ])
  })

  it('refused with a bare 552 is one too many, with 5.2.2 a full mailbox', async () => {
    const server = await remote({
      answer: line => {
        if (line.startsWith('RCPT TO:<many')) return '552 too many recipients'
        return line.startsWith('RCPT TO:<full') ? '552 5.2.2 mailbox full' : null
      },
    })
    const queue = await queueFor(server)
    const rows = await queue.settled(await queue.submit({ to: ['many@there.test', 'full@there.test'] }))
    expect(rows.map(row => row.status)).toEqual(['queued', 'failed'])
  })
})

describe('a destination', () => {
  it('that does not exist bounces at once', async () => {
    const queue = await queueFor({ port: 1 })
    const text = 'Host or domain name not found. Name service error for name=nowhere.test type=A: Host not found'
    expect(await queue.settled(await queue.submit({ to: ['bob@nowhere.test'] }))).toMatchObject([
      { status: 'failed', last: { status: '5.1.2', text } },
    ])
    const [bounce] = await queue.inbox(1)
    expect(bounce).toMatchObject({ reversePath: '', recipients: [{ address: 'anna@here.test' }] })
    expect(bounce?.text).toContain('To: <anna@here.test>')
    expect(bounce?.text.replace(/\r\n /g, ' ')).toContain(`Diagnostic-Code: x-facteur; ${text}`)
  })

  it.each([
    ['has neither MX nor address', { 'there.test': {} }, 'failed', '5.4.4'],
    ['accepts no mail', { 'there.test': { MX: [[0, '.'] as [number, string]] } }, 'failed', '5.1.10'],
    ['names a server without address', { 'mx.there.test': {} }, 'failed', '5.4.4'],
    ['leads back here', { 'there.test': { MX: [[10, 'mail.here.test'] as [number, string]] } }, 'failed', '5.4.6'],
    ['has name servers that fail', { 'there.test': 'SERVFAIL' as const }, 'queued', '4.4.3'],
    ['names a server whose name servers fail', { 'mx.there.test': 'SERVFAIL' as const }, 'queued', '4.4.3'],
  ])('that %s', async (_, zone, outcome, code) => {
    const queue = await queueFor({ port: 1 }, { zone })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: outcome, last: { status: code } },
    ])
  })

  it('that has name servers that are silent is tried again later', async () => {
    const queue = await queueFor({ port: 1 }, { zone: { 'there.test': 'SILENT' }, asked: { timeoutMs: 100, tries: 1 } })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'queued', last: { status: '4.4.3' } },
    ])
  })

  it('is tried again after the name servers are back', async () => {
    const server = await remote()
    const queue = await queueFor(server, { zone: { 'there.test': 'SERVFAIL' } })
    const id = await queue.submit({ to: ['bob@there.test'] })
    expect(await queue.settled(id)).toMatchObject([{ status: 'queued' }])
    queue.dns.zone['there.test'] = { MX: [[10, 'mx.there.test']] }
    queue.time.advance(5 * minute)
    expect(await queue.settled(id)).toMatchObject([{ status: 'delivered', attempts: 2 }])
  })

  it('that has moved to another server is found there, though its former MX is still remembered', async () => {
    const server = await remote()
    const queue = await queueFor(server, { settings: { messagesPerConnection: 1 } })
    await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    // Beyond the time of the host's address, within that of the MX.
    queue.time.advance(2 * minute)
    delete queue.dns.zone['mx.there.test']
    queue.dns.zone['there.test'] = { MX: [[10, 'new.there.test']] }
    queue.dns.zone['new.there.test'] = { A: ['127.0.0.1'] }
    await until(() => (server.open === 0 ? true : null))
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'delivered', last: { remoteHost: 'new.there.test' } },
    ])
  })

  it('that has moved is asked for again where its name servers fail by then', async () => {
    const queue = await queueFor({ port: 1 })
    const id = await queue.submit({ to: ['bob@there.test'] })
    expect(await queue.settled(id)).toMatchObject([{ status: 'queued', last: { status: '4.4.1' } }])
    queue.time.advance(2 * minute)
    delete queue.dns.zone['mx.there.test']
    queue.dns.zone['there.test'] = 'SERVFAIL'
    expect(await queue.settled(await queue.submit({ to: ['eve@there.test'] }))).toMatchObject([
      { status: 'queued', last: { status: '4.4.3' } },
    ])
  })

  it('that greets with our own name is a loop', async () => {
    const server = await remote({ answer: line => (line.startsWith('EHLO') ? '250 MAIL.here.test' : null) })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'failed', last: { status: '5.4.6', text: '554 5.4.6 mail for there.test loops back to myself' } },
    ])
  })

  it('is refused here for a message too large, or international, for its server', async () => {
    const server = await remote({ extensions: ['SIZE 100'] })
    const queue = await queueFor(server)
    const large = await queue.submit({ to: ['bob@there.test'] })
    const international = await queue.submit({ to: ['josé@there.test'], text: 'a', smtpUtf8: true })
    const accented = await queue.submit({ to: ['bob@there.test'], text: 'Subject: é\r\n\r\n', smtpUtf8: true })
    expect(await queue.settled(large)).toMatchObject([{ status: 'failed', last: { status: '5.3.4' } }])
    expect(await queue.settled(international)).toMatchObject([{ status: 'failed', last: { status: '5.6.7' } }])
    expect(await queue.settled(accented)).toMatchObject([{ status: 'failed', last: { status: '5.6.9' } }])
    expect(server.commands.filter(line => line.includes('MAIL'))).toEqual([])
  })

  it('that is far down for some gets a connection to itself, not to its neighbours', async () => {
    const server = await remote()
    const queue = await queueFor(server, { zone: { 'down.test': { A: ['127.0.0.9'] } } })
    const down = await queue.submit({ to: ['bob@down.test'] })
    const up = await queue.submit({ to: ['bob@there.test'] })
    expect(await queue.settled(up)).toMatchObject([{ status: 'delivered' }])
    expect(await queue.settled(down)).toMatchObject([
      {
        status: 'queued',
        last: { status: '4.4.1', text: `connect to down.test[127.0.0.9]:${server.port}: Connection refused` },
      },
    ])
  })
})
