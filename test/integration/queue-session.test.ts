/** What remote servers do to a session: TLS that works and that doesn't, silence, hang-ups, greetings that refuse; kept connections. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { makeSelfSigned } from '../../src/ops/self-signed.ts'
import { defaultQueueSettings, type QueueSettings } from '../../src/queue/settings.ts'
import { until } from './fixtures/queue.ts'
import { queueFor, remote, twoServers } from './fixtures/scene.ts'

const withTls = ['PIPELINING', 'STARTTLS']

describe('TLS', () => {
  it('is used where it is offered, whatever the certificate', async () => {
    const tls = makeSelfSigned(['somebody.else.test'], Date.now())
    const server = await remote({ extensions: withTls, tls })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([{ status: 'delivered' }])
    expect(server.messages).toMatchObject([{ secure: true, session: 1 }])
    expect(server.commands.slice(0, 3)).toEqual(['1 EHLO mail.here.test', '1 STARTTLS', '1 EHLO mail.here.test'])
    expect(queue.log.find(line => line.message === 'delivery attempt')?.tls).toMatch(/^TLSv1\.3 TLS_/)
  })

  it('that fails is given up for a plain connection', async () => {
    const server = await remote({ extensions: withTls })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([{ status: 'delivered' }])
    expect(server.messages).toMatchObject([{ secure: false, session: 2 }])
  })

  it('that is refused after all leaves the session as it is', async () => {
    const server = await remote({
      extensions: withTls,
      answer: line => (line === 'STARTTLS' ? '454 4.7.0 not now' : null),
    })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([{ status: 'delivered' }])
    expect(server.messages).toMatchObject([{ secure: false, session: 1 }])
  })

  describe.each([
    ['is refused once', '454 4.7.0 TLS not available just now'],
    ['breaks once', null],
  ])('that %s', (_, failure) => {
    it.each([
      ['MAIL', '530 5.7.0 Must issue a STARTTLS command first'],
      ['MAIL', '530 no'],
      ['RCPT', '550 5.7.10 Encryption needed'],
      ['RCPT', '554 5.7.1 TLS required'],
      ['DATA', '538 5.7.11 not like this'],
    ])('is tried again by a server that asks for it at %s: %s', async (stage, refusal) => {
      const server = await remote({
        extensions: withTls,
        answer: (line, { number, secure }) => {
          if (line === 'STARTTLS' && number === 1) return failure
          if (line === 'STARTTLS') server.script.tls ??= makeSelfSigned(['mx.there.test'], Date.now())
          return line.startsWith(stage) && !secure ? refusal : null
        },
      })
      const queue = await queueFor(server)
      const id = await queue.submit({ to: ['bob@there.test'] })
      expect(await queue.settled(id)).toMatchObject([
        { status: 'queued', attempts: 1, last: { status: '4.7.5', text: refusal } },
      ])
      // Nor is the connection kept for the next, which would be refused as well.
      expect(await queue.settled(await queue.submit({ to: ['eve@there.test'] }))).toMatchObject([
        { status: 'delivered', attempts: 1 },
      ])
      queue.time.advance(defaultQueueSettings.retryFirst)
      expect(await queue.settled(id)).toMatchObject([{ status: 'delivered', attempts: 2 }])
      expect(server.messages).toMatchObject([{ secure: true }, { secure: true }])
    })
  })

  it('that fails for good ends with what the server said to a plain connection', async () => {
    const refusal = '530 5.7.0 Must issue a STARTTLS command first'
    const server = await remote({
      extensions: withTls,
      answer: (line, { secure }) => (line.startsWith('MAIL') && !secure ? refusal : null),
    })
    const queue = await queueFor(server, { settings: { lifetime: defaultQueueSettings.retryFirst } })
    const id = await queue.submit({ to: ['bob@there.test'] })
    await queue.settled(id)
    queue.time.advance(defaultQueueSettings.retryFirst)
    expect(await queue.settled(id)).toMatchObject([{ status: 'expired', last: { status: '4.7.5', text: refusal } }])
    const [bounce] = await queue.inbox(1)
    expect(bounce?.text.replace(/\r\n /g, ' ')).toContain(`Diagnostic-Code: smtp; ${refusal}`)
  })

  it.each([
    ['5.1.1', '550 5.1.1 no such user'],
    ['5.7.0', '550 5.7.0 refused by a rule of ours'],
  ])('that fails changes nothing about other refusals: %s', async (status, refusal) => {
    const server = await remote({
      extensions: withTls,
      answer: line => (line.startsWith('RCPT') ? refusal : null),
    })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'failed', attempts: 1, last: { status } },
    ])
  })

  it('that was not tried leaves a demand for it final', async () => {
    const server = await remote({ answer: line => (line.startsWith('MAIL') ? '530 5.7.0 STARTTLS first' : null) })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'failed', last: { status: '5.7.0' } },
    ])
  })

  it('believes nothing that was said before the handshake', async () => {
    const tls = makeSelfSigned(['mx.there.test'], Date.now())
    const server = await remote({
      extensions: withTls,
      tls,
      answer: line => (line === 'STARTTLS' ? '220 go\n250-injected\n250 SIZE 1' : null),
    })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([{ status: 'delivered' }])
    expect(server.messages).toMatchObject([{ secure: true }])
  })
})

describe('a server that', () => {
  const stages = ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', '.']
  const doing: Record<string, string> = {
    CONNECT: 'receiving the initial server greeting',
    EHLO: 'performing the EHLO handshake',
    MAIL: 'sending MAIL FROM',
    RCPT: 'sending RCPT TO',
    DATA: 'sending DATA command',
    '.': 'sending end of data -- message may be sent more than once',
  }
  const waitedFor: Record<string, keyof QueueSettings['timeouts']> = {
    CONNECT: 'greeting',
    EHLO: 'hello',
    MAIL: 'mail',
    RCPT: 'recipient',
    DATA: 'dataStart',
    '.': 'dataEnd',
  }

  it.each(stages)('hangs up at %s is tried again later', async stage => {
    const server = await remote({ answer: line => (line.startsWith(stage) ? { close: true } : null) })
    const queue = await queueFor(server)
    const [row] = await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    expect(row).toMatchObject({ status: 'queued', attempts: 1, last: { status: '4.4.2' } })
    expect(row?.last?.text).toContain(`lost connection with mx.there.test[127.0.0.1] while ${doing[stage]}`)
    expect(server.connections).toBe(1)
  })

  it.each(stages)('falls silent at %s is tried again later', async stage => {
    const server = await remote({ answer: line => (line.startsWith(stage) ? { silent: true } : null) })
    const timeouts = { ...defaultQueueSettings.timeouts, [waitedFor[stage]!]: 300 }
    const queue = await queueFor(server, { settings: { timeouts } })
    const [row] = await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    expect(row).toMatchObject({ status: 'queued', last: { status: '4.4.2' } })
    expect(row?.last?.text).toBe(`conversation with mx.there.test[127.0.0.1] timed out while ${doing[stage]}`)
  })

  it('answers slowly, but within its time, is waited for', async () => {
    const server = await remote({
      answer: line => (line === '.' ? { after: sleep(500), reply: '250 2.0.0 at last' } : null),
    })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'delivered', last: { text: '250 2.0.0 at last' } },
    ])
  })

  it('may have taken the message is not followed by another at once', async () => {
    const first = await remote({ answer: line => (line === '.' ? { close: true } : null) }, { host: '127.0.0.2' })
    const second = await remote({}, { host: '127.0.0.3', port: first.port })
    const queue = await queueFor(first, { zone: twoServers })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([{ status: 'queued' }])
    expect(second.connections).toBe(0)
  })

  it('refuses in the middle of the data is believed', async () => {
    const server = await remote({
      answer: line => (line === 'DATA' ? '354 go\n552 5.3.4 enough' : null),
    })
    const queue = await queueFor(server)
    const text = `Subject: large\r\n\r\n${'x'.repeat(70)}\r\n`.repeat(50_000)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'], text }))).toMatchObject([
      { status: 'failed', last: { text: '552 5.3.4 enough' } },
    ])
  })

  it('says yes before the data has not got the message', async () => {
    const server = await remote({ answer: line => (line === 'DATA' ? '354 go\n250 2.0.0 queued already' : null) })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      {
        status: 'queued',
        attempts: 1,
        last: {
          status: '4.5.0',
          text: 'mx.there.test[127.0.0.1] answered before it had the message: 250 2.0.0 queued already',
          remoteHost: 'mx.there.test',
        },
      },
    ])
    expect(server.messages).toEqual([])
  })

  it('goes at the end of the data has said no, so that the next is asked at once', async () => {
    const first = await remote(
      { answer: line => (line === '.' ? '421 4.3.2 shutting down' : null) },
      { host: '127.0.0.2' },
    )
    const second = await remote({}, { host: '127.0.0.3', port: first.port })
    const queue = await queueFor(first, { zone: twoServers })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'delivered', attempts: 1, last: { remoteHost: 'b.there.test' } },
    ])
    expect(second.messages).toHaveLength(1)
  })

  it('talks nonsense is tried again later', async () => {
    const server = await remote({ answer: line => (line.startsWith('EHLO') ? 'SSH-2.0-OpenSSH' : null) })
    const queue = await queueFor(server)
    const [row] = await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    expect(row).toMatchObject({ status: 'queued', last: { status: '4.5.0' } })
    expect(row?.last?.text).toContain('SSH-2.0-OpenSSH')
  })

  it.each(['250 remote.test\n250 and once more', '250 remote.test\n421 4.3.2 going'])(
    'says what nobody asked for behind EHLO is passed over: %j',
    async answer => {
      const first = await remote({ answer: line => (line.startsWith('EHLO') ? answer : null) }, { host: '127.0.0.2' })
      const second = await remote({}, { host: '127.0.0.3', port: first.port })
      const queue = await queueFor(first, { zone: { ...twoServers, 'one.test': { A: ['127.0.0.2'] } } })
      expect(await queue.settled(await queue.submit({ to: ['bob@one.test'] }))).toMatchObject([
        {
          status: 'queued',
          attempts: 1,
          last: {
            status: '4.5.0',
            text: 'one.test[127.0.0.2] sent an answer nobody asked for',
            remoteHost: 'one.test',
            remoteAddress: '127.0.0.2',
          },
        },
      ])
      expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
        { status: 'delivered', attempts: 1, last: { remoteHost: 'b.there.test' } },
      ])
      expect(second.messages).toHaveLength(1)
    },
  )

  it('greets with a refusal is passed over', async () => {
    const first = await remote(
      { answer: line => (line === 'CONNECT' ? '554 5.7.1 go away' : null) },
      { host: '127.0.0.2' },
    )
    const second = await remote({}, { host: '127.0.0.3', port: first.port })
    const queue = await queueFor(first, { zone: twoServers })
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([{ status: 'delivered' }])
    expect(second.messages).toHaveLength(1)
  })

  it.each([
    ['554 5.7.1 go away', 'queued', '4.7.1'],
    ['421 4.3.2 busy', 'queued', '4.3.2'],
    ['521 no mail here', 'failed', '5.0.0'],
  ])('greets with %j and is the only one', async (greeting, outcome, status) => {
    const server = await remote({ answer: line => (line === 'CONNECT' ? greeting : null) })
    const queue = await queueFor(server)
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: outcome, last: { status, text: greeting } },
    ])
  })
})

describe('a connection', () => {
  it('is kept for what comes next to its destination', async () => {
    const server = await remote()
    const queue = await queueFor(server)
    for (let i = 0; i < 5; i++) await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    expect(server.connections).toBe(1)
    expect(server.messages).toHaveLength(5)
  })

  it('is reset after a transaction that came to nothing', async () => {
    const server = await remote({ answer: line => (line.startsWith('RCPT TO:<gone') ? '550 5.1.1 gone' : null) })
    const queue = await queueFor(server)
    await queue.settled(await queue.submit({ to: ['gone@there.test'] }))
    await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    expect(server.connections).toBe(1)
    expect(server.commands).toContain('1 RSET')
    expect(server.messages).toMatchObject([{ recipients: ['RCPT TO:<bob@there.test>'] }])
  })

  it('serves so many messages, and no more', async () => {
    const server = await remote()
    const queue = await queueFor(server, { settings: { messagesPerConnection: 2 } })
    for (let i = 0; i < 5; i++) await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    expect(server.messages.map(message => message.session)).toEqual([1, 1, 2, 2, 3])
    expect(server.commands.filter(line => line.endsWith('QUIT'))).toEqual(['1 QUIT', '2 QUIT'])
  })

  it('that waits in vain is ended with QUIT', async () => {
    const server = await remote()
    const queue = await queueFor(server, { settings: { connectionIdle: 50 } })
    await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    await until(() => (server.commands.includes('1 QUIT') ? true : null))
  })

  it.each([
    ['says 421', '421 4.4.2 idle too long'],
    ['takes no more on it', '451 4.7.0 so many messages in a connection'],
    ['hangs up', { close: true } as const],
  ])('whose server %s meanwhile costs nothing but a new one', async (_, ending) => {
    let served = 0
    const server = await remote({
      answer: (line, session) => (line.startsWith('MAIL') && session.number === 1 && served++ === 1 ? ending : null),
    })
    const queue = await queueFor(server)
    await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'delivered', attempts: 1 },
    ])
    expect(server.messages.map(message => message.session)).toEqual([1, 2])
  })

  it('whose server says "later" leaves the attempt to the next server', async () => {
    const first = await remote({}, { host: '127.0.0.2' })
    const second = await remote({}, { host: '127.0.0.3', port: first.port })
    const queue = await queueFor(first, { zone: twoServers })
    await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    first.script = { answer: line => (line.startsWith('RCPT') ? '451 4.7.1 later' : null) }
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'delivered', attempts: 1, last: { remoteHost: 'b.there.test' } },
    ])
    expect([first.connections, second.connections]).toEqual([1, 1])
  })

  it('whose server says "later" and is the only one is not followed by another', async () => {
    const server = await remote()
    const queue = await queueFor(server)
    await queue.settled(await queue.submit({ to: ['bob@there.test'] }))
    server.script = { answer: line => (line.startsWith('RCPT') ? '451 4.7.1 later' : null) }
    expect(await queue.settled(await queue.submit({ to: ['bob@there.test'] }))).toMatchObject([
      { status: 'queued', attempts: 1, last: { status: '4.7.1' } },
    ])
    expect(server.connections).toBe(1)
  })

  it('is one of few to its destination, while others have their own', async () => {
    const others = Promise.withResolvers<void>()
    const slow = await remote({
      answer: line => (line === '.' ? { after: others.promise, reply: '250 2.0.0 ok' } : null),
    })
    const quick = await remote({}, { host: '127.0.0.2', port: slow.port })
    const queue = await queueFor(slow, {
      zone: { 'quick.test': { A: ['127.0.0.2'] } },
      settings: { concurrencyPerDestination: 3 },
    })
    const slowOnes: number[] = []
    for (let i = 0; i < 30; i++) slowOnes.push(await queue.submit({ to: ['bob@there.test'] }))
    await queue.settled(await queue.submit({ to: ['bob@quick.test'] }))
    expect(slow.messages).toEqual([])
    others.resolve()
    for (const id of slowOnes) expect(await queue.settled(id)).toMatchObject([{ status: 'delivered' }])
    expect(slow.mostAtOnce).toBe(3)
    expect(slow.connections).toBe(3)
    expect(quick.messages).toHaveLength(1)
  })

  it('is one of so many in all', async () => {
    let [atOnce, most] = [0, 0]
    const server = await remote({
      answer: line => {
        if (line.startsWith('MAIL')) most = Math.max(most, ++atOnce)
        if (line !== '.') return null
        // Once there are as many as there may be.
        const all = until(() => (most >= 4 ? true : null))
        return { after: all.then(() => atOnce--), reply: '250 2.0.0 ok' }
      },
    })
    const names = Array.from({ length: 12 }, (_, i) => `d${i}.test`)
    const queue = await queueFor(server, {
      zone: Object.fromEntries(names.map(name => [name, { A: ['127.0.0.1'] }])),
      settings: { concurrency: 4, connectionIdle: 0 },
    })
    const ids: number[] = []
    for (const accountId of [8, 9]) ids.push(await queue.submit({ to: names.map(name => `bob@${name}`), accountId }))
    for (const id of ids) expect((await queue.settled(id)).map(row => row.status)).toEqual(Array(12).fill('delivered'))
    expect(most).toBe(4)
  })

  it('leaves the others theirs, whatever strangers cause to be sent to servers that never greet', async () => {
    const silent = await remote({
      answer: line => (line === 'CONNECT' ? { silent: true } : null),
    })
    await remote({}, { host: '127.0.0.2', port: silent.port })
    const names = Array.from({ length: 20 }, (_, i) => `d${i}.test`)
    const queue = await queueFor(silent, {
      zone: {
        ...Object.fromEntries(names.map(name => [name, { A: ['127.0.0.1'] }])),
        'quick.test': { A: ['127.0.0.2'] },
      },
      settings: { concurrency: 8 },
    })
    const all = names.map(name => `bob@${name}`)
    const caused = await queue.submit({ to: all, reversePath: '' })
    await queue.submit({ to: all, accountId: 9 })
    await until(() => (silent.connections >= 6 ? true : null))
    const reply = await queue.submit({ to: ['bob@quick.test'], accountId: 8 })
    expect(await queue.settled(reply)).toMatchObject([{ status: 'delivered' }])
    // All slots are taken by now: what is delivered here needs none.
    await queue.submit({ to: all, accountId: 7 })
    await until(() => (silent.connections >= 8 ? true : null))
    await queue.submit({ to: [{ address: 'anna@here.test', destination: 'local' }], reversePath: '' })
    expect(await queue.inbox(1)).toHaveLength(1)
    expect((await queue.recipients(caused)).filter(({ attempts }) => attempts > 0)).toEqual([])
    expect(silent.connections).toBe(8)
  })

  it('is not the last for being one of many that another sends to the same place', async () => {
    const open = Promise.withResolvers<void>()
    const server = await remote({
      answer: line => (line === '.' ? { after: open.promise, reply: '250 2.0.0 ok' } : null),
    })
    const queue = await queueFor(server, { settings: { concurrencyPerDestination: 1, activePerDestination: 20 } })
    const bulk: number[] = []
    for (let i = 0; i < 40; i++) bulk.push(await queue.submit({ to: ['bob@there.test'], accountId: 8 }))
    await until(() => (server.connections === 1 ? true : null))
    const one = await queue.submit({ to: ['carl@there.test'], accountId: 9 })
    await until(async () => ((await queue.recipients(one))[0]?.leaseOwner ? true : null))
    open.resolve()
    for (const id of [...bulk, one]) expect(await queue.settled(id)).toMatchObject([{ status: 'delivered' }])
    const places = server.messages.map(({ recipients }) => recipients[0]?.includes('carl@') ?? false)
    expect(places.indexOf(true)).toBeLessThan(3)
  })
})
