/** The queue in the course of time: retries, notices, expiry, reports asked for, leases, stops, an operator's hand. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type Store, StoreError } from '../../src/store/store.ts'
import { openTestStore, type TestQueue, until } from './fixtures/queue.ts'
import { closeLater, queueFor, remote } from './fixtures/scene.ts'
import { TestTime } from './fixtures/time.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Lets time pass to each next attempt, up to `end`. */
async function pass(queue: TestQueue, id: number, end: number): Promise<void> {
  for (;;) {
    const [row] = await queue.settled(id)
    if (row?.status !== 'queued' || row.nextAttemptAt > end) return
    queue.time.advance(row.nextAttemptAt - queue.time.now())
  }
}

describe('a delivery that fails for now', () => {
  it('is tried after 5 minutes, then ever more rarely, up to every 4 hours', async () => {
    const server = await remote({ answer: line => (line.startsWith('RCPT') ? '450 4.2.1 later' : null) })
    const queue = await queueFor(server)
    const id = await queue.submit({ to: [{ address: 'bob@there.test', notify: ['FAILURE'] }] })
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      const [row] = await queue.settled(id)
      const wait = (row?.nextAttemptAt ?? 0) - queue.time.now()
      waits.push(wait / minute)
      queue.time.advance(wait)
      await until(async () => ((await queue.recipients(id))[0]?.attempts === i + 2 ? true : null))
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 240, 240, 240])
  })

  it('is told to the sender once after 4 hours, and given up after 5 days', async () => {
    const server = await remote({ answer: line => (line.startsWith('RCPT') ? '450 4.2.1 later' : null) })
    const queue = await queueFor(server)
    const start = queue.time.now()
    const id = await queue.submit({ to: ['bob@there.test'], envelopeId: 'e1' })
    await pass(queue, id, start + 4 * hour - 1)
    expect(queue.door.inbox).toEqual([])
    await pass(queue, id, start + 4 * hour)
    const [notice] = await queue.inbox(1)
    expect(notice?.text).toContain('Action: delayed\r\nStatus: 4.2.1\r\n')
    expect(notice?.text).toContain('Will-Retry-Until: Sun, 06 Sep 2026 10:00:00 +0000')
    expect(await queue.recipients(id)).toMatchObject([{ status: 'queued', delayNotifiedAt: start + 4 * hour }])

    await pass(queue, id, start + 6 * day)
    expect(await queue.recipients(id)).toMatchObject([{ status: 'expired', last: { at: start + 5 * day } }])
    const [, bounce, ...more] = await queue.inbox(2)
    expect(bounce?.text).toContain('Original-Envelope-Id: e1')
    expect(bounce?.text).toContain('Action: failed\r\nStatus: 4.2.1\r\n')
    expect(bounce?.text).toContain('Diagnostic-Code: smtp; 450 4.2.1 later')
    expect(more).toEqual([])
  })

  it('is told to nobody who does not want it', async () => {
    const server = await remote({ answer: line => (line.startsWith('RCPT') ? '450 4.2.1 later' : null) })
    const queue = await queueFor(server)
    const start = queue.time.now()
    const never = await queue.submit({ to: [{ address: 'bob@there.test', notify: ['NEVER'] }] })
    const bounce = await queue.submit({ to: ['bob@there.test'], reversePath: '' })
    for (const id of [never, bounce]) await pass(queue, id, start + 6 * day)
    for (const id of [never, bounce])
      expect(await queue.settled(id)).toMatchObject([{ status: 'expired', delayNotifiedAt: null }])
    expect(queue.door.inbox).toEqual([])
  })

  it('puts off what waits for the same place, which is not found closed one by one', async () => {
    const all = Promise.withResolvers<void>()
    const server = await remote({
      answer: line => (line === 'CONNECT' ? { after: all.promise, reply: '421 busy' } : null),
    })
    const queue = await queueFor(server, { settings: { concurrencyPerDestination: 1 } })
    const to = Array.from({ length: 20 }, (_, i) => `u${i}@there.test`)
    const ids = []
    for (const address of to) ids.push(await queue.submit({ to: [address] }))
    all.resolve()
    for (const id of ids) expect(await queue.settled(id)).toMatchObject([{ status: 'queued', attempts: 1 }])
    expect(server.connections).toBeLessThan(5)
  })

  it('puts off nothing else where the server takes mail, only not over so many connections', async () => {
    const tooMany = '421 4.7.0 too many connections'
    const server = await remote({
      answer: (line, { number }) => (line === 'CONNECT' && number > 2 ? tooMany : null),
    })
    const queue = await queueFor(server, { settings: { concurrencyPerDestination: 4 } })
    const nextAttemptAt = queue.time.now() + minute
    const ids: number[] = []
    for (let i = 0; i < 20; i++) ids.push(await queue.submit({ to: [{ address: `u${i}@there.test`, nextAttemptAt }] }))
    queue.time.advance(minute)
    const rows = (await Promise.all(ids.map(id => queue.settled(id)))).flat()
    expect(rows.filter(({ status }) => status === 'delivered')).toHaveLength(18)
    expect(rows.filter(({ last }) => last?.text === tooMany)).toMatchObject([{ attempts: 1 }, { attempts: 1 }])
    expect(server.connections).toBe(4)
  })

  it('puts off all that waits where none of several connections is let in', async () => {
    const server = await remote({ answer: line => (line === 'CONNECT' ? '421 4.3.2 closed' : null) })
    const queue = await queueFor(server, { settings: { concurrencyPerDestination: 3 } })
    const nextAttemptAt = queue.time.now() + minute
    const ids: number[] = []
    for (let i = 0; i < 20; i++) ids.push(await queue.submit({ to: [{ address: `u${i}@there.test`, nextAttemptAt }] }))
    queue.time.advance(minute)
    for (const id of ids) expect(await queue.settled(id)).toMatchObject([{ status: 'queued', attempts: 1 }])
    expect(server.connections).toBe(3)
  })
})

describe('a report', () => {
  it('is one for all recipients that failed together', async () => {
    const server = await remote({ answer: line => (line.startsWith('RCPT TO:<x') ? '550 5.1.1 no' : null) })
    const queue = await queueFor(server)
    await queue.settled(await queue.submit({ to: ['x1@there.test', 'ok@there.test', 'x2@there.test'] }))
    const inbox = await queue.inbox(1)
    expect(inbox.map(message => message.text.match(/Final-Recipient: rfc822; .*/g))).toEqual([
      ['Final-Recipient: rfc822; x1@there.test', 'Final-Recipient: rfc822; x2@there.test'],
    ])
  })

  it('never answers a report, or a sender that wants none', async () => {
    const server = await remote({ answer: line => (line.startsWith('RCPT') ? '550 5.1.1 no' : null) })
    const queue = await queueFor(server)
    const bounce = await queue.submit({ to: ['bob@there.test'], reversePath: '' })
    const never = await queue.submit({ to: [{ address: 'bob@there.test', notify: ['NEVER'] }] })
    const delayOnly = await queue.submit({ to: [{ address: 'bob@there.test', notify: ['DELAY'] }] })
    for (const id of [bounce, never, delayOnly]) expect(await queue.settled(id)).toMatchObject([{ status: 'failed' }])
    expect(await queue.store.read('queue.list', { after: null, limit: 10, statuses: null })).toHaveLength(3)
  })

  it('to a sender elsewhere goes to his server, with the null reverse-path', async () => {
    const server = await remote({ answer: line => (line.startsWith('RCPT TO:<gone') ? '550 5.1.1 no' : null) })
    const queue = await queueFor(server)
    await queue.submit({ to: ['gone@there.test'], reversePath: 'carl@there.test' })
    await until(() => server.messages[0] ?? null)
    expect(server.messages).toMatchObject([
      { mail: expect.stringMatching(/^MAIL FROM:<> /), recipients: ['RCPT TO:<carl@there.test>'] },
    ])
  })

  it('that can not be delivered ends there', async () => {
    const queue = await queueFor({ port: 1 })
    queue.door.refusal = { accept: false, reason: 'user-unknown', code: 550, status: '5.1.1', text: 'User unknown' }
    await queue.submit({ to: ['bob@nowhere.test'] })
    const entries = await until(async () => {
      const list = await queue.store.read('queue.list', { after: null, limit: 10, statuses: null })
      return list.length === 2 && list.every(({ recipients }) => recipients[0]?.status === 'failed') ? list : null
    })
    expect(entries[1]?.recipients[0]).toMatchObject({
      destination: 'local',
      address: 'anna@here.test',
      last: { text: '550 5.1.1 User unknown' },
    })
  })

  it.each([
    ['FULL' as const, 'Content-Type: message/rfc822', true],
    ['HDRS' as const, 'Content-Type: text/rfc822-headers', false],
    [null, 'Content-Type: text/rfc822-headers', false],
  ])('with RET=%s has %s', async (ret, type, withBody) => {
    const queue = await queueFor({ port: 1 })
    await queue.submit({ to: ['bob@nowhere.test'], ret, text: 'Subject: hi\r\n\r\nthe body\r\n' })
    const [bounce] = await queue.inbox(1)
    expect(bounce?.text).toContain(type)
    expect(bounce?.text).toContain('Subject: hi')
    expect(bounce?.text.includes('the body')).toBe(withBody)
  })

  it('of success is left to a server with DSN, and written here for one without', async () => {
    const wanted = { notify: ['SUCCESS' as const], originalRecipient: 'rfc822;bob@alias.test' }
    const server = await remote()
    const queue = await queueFor(server)
    await queue.settled(await queue.submit({ to: [{ address: 'bob@there.test', ...wanted }], ret: 'HDRS' }))
    expect(server.messages[0]?.recipients).toEqual([
      'RCPT TO:<bob@there.test> NOTIFY=SUCCESS ORCPT=rfc822;bob@alias.test',
    ])
    expect(server.messages[0]?.mail).toContain(' RET=HDRS')
    expect(queue.door.inbox).toEqual([])

    const plain = await remote({ extensions: [] }, { host: '127.0.0.2', port: server.port })
    queue.dns.zone['plain.test'] = { A: ['127.0.0.2'] }
    await queue.settled(await queue.submit({ to: [{ address: 'bob@plain.test', ...wanted }] }))
    expect(plain.messages[0]?.recipients).toEqual(['RCPT TO:<bob@plain.test>'])
    const [report] = await queue.inbox(1)
    expect(report?.text).toContain('Original-Recipient: rfc822; bob@alias.test')
    expect(report?.text).toContain('Action: relayed\r\nStatus: 2.0.0\r\n')
  })
})

describe('recipients of this service', () => {
  it.each([
    [
      'the store is out of order',
      new StoreError('unavailable', 'disk full'),
      '451 4.3.0 Message could not be stored now',
    ],
    ['something breaks down', new Error('broken'), '451 4.3.0 Local error in processing'],
  ])('are settled each by itself where %s at the second', async (_, error, text) => {
    const queue = await queueFor({ port: 1 })
    let checked = 0
    const check = queue.door.checkRecipient.bind(queue.door)
    queue.door.checkRecipient = () => (++checked === 2 ? Promise.reject(error) : check())
    const to = ['one@here.test', 'two@here.test', 'three@here.test']
    const id = await queue.submit({ to: to.map(address => ({ address, destination: 'local' })) })
    expect(await queue.settled(id)).toMatchObject([
      { status: 'delivered', attempts: 1 },
      { status: 'queued', attempts: 1, nextAttemptAt: queue.time.now() + 5 * minute, last: { text } },
      { status: 'delivered', attempts: 1 },
    ])
    expect(queue.log.filter(({ message }) => message.startsWith('another node'))).toEqual([])
    queue.time.advance(5 * minute)
    expect(await queue.settled(id)).toMatchObject([{}, { status: 'delivered', attempts: 2 }, {}])
    expect(queue.door.inbox).toHaveLength(3)
  })
})

describe('a full mailbox of this service', () => {
  it('is tried until there is room', async () => {
    const queue = await queueFor({ port: 1 })
    queue.door.full = true
    const id = await queue.submit({ to: [{ address: 'anna@here.test', destination: 'local' }] })
    expect(await queue.settled(id)).toMatchObject([{ status: 'queued', last: { status: '4.2.2' } }])
    queue.door.full = false
    queue.time.advance(5 * minute)
    expect(await queue.settled(id)).toMatchObject([{ status: 'delivered' }])
    expect(queue.door.inbox).toHaveLength(1)
  })

  it('that stays full ends in a bounce', async () => {
    const server = await remote()
    const queue = await queueFor(server)
    queue.door.full = true
    const start = queue.time.now()
    const id = await queue.submit({
      reversePath: 'carl@there.test',
      to: [{ address: 'anna@here.test', destination: 'local', notify: ['FAILURE'] }],
    })
    await pass(queue, id, start + 6 * day)
    expect(await queue.settled(id)).toMatchObject([{ status: 'expired', last: { status: '5.2.2' } }])
    const bounce = await until(() => server.messages[0] ?? null)
    expect(bounce.data).toContain('Diagnostic-Code: x-facteur; 552 5.2.2 <anna@here.test>: Mailbox full')
  })
})

describe('a lease', () => {
  it('of a process that died ends by itself; its former life gets it back at once', async () => {
    const time = new TestTime(Date.UTC(2026, 8, 1))
    const store = closeLater(await openTestStore(time))
    const lease = { leaseMs: 45 * minute, limit: 10, perDestination: 10 }
    const server = await remote()
    const queue = await queueFor(server, { store, time, owner: 'alive' })
    await queue.queue.stop(0)
    const mine = await queue.submit({ to: ['mine@there.test'] })
    await store.write('queue.lease', { owner: 'alive', now: time.now(), ...lease })
    const other = await queue.submit({ to: ['other@there.test'] })
    await store.write('queue.lease', { owner: 'dead', now: time.now(), ...lease })

    const again = await queueFor(server, { store, time, owner: 'alive' })
    expect(await again.settled(mine)).toMatchObject([{ status: 'delivered' }])
    expect(await again.recipients(other)).toMatchObject([{ status: 'queued', leaseOwner: 'dead' }])
    time.advance(45 * minute)
    expect(await again.settled(other)).toMatchObject([{ status: 'delivered' }])
    expect(server.messages).toHaveLength(2)
  })
})

describe('an attempt that takes all the time of its lease', () => {
  it.each([
    ['at the greeting', 'CONNECT'],
    ['at a recipient', 'RCPT'],
  ])('%s is a failure like another: counted, put off, and in the end given up', async (_, stage) => {
    const server = await remote({ answer: line => (line.startsWith(stage) ? { silent: true } : null) })
    // Each answer by itself would be waited for.
    const queue = await queueFor(server)
    const start = queue.time.now()
    const id = await queue.submit({ to: ['bob@there.test'] })
    const brokenOff = async (connections: number): Promise<void> => {
      await until(() => (server.connections === connections ? true : null))
      if (stage === 'RCPT')
        await until(() => (server.commands.includes(`${connections} RCPT TO:<bob@there.test>`) ? true : null))
      queue.time.advance(40 * minute)
    }
    await brokenOff(1)
    const [row] = await queue.settled(id)
    expect(row).toMatchObject({
      status: 'queued',
      attempts: 1,
      nextAttemptAt: queue.time.now() + 5 * minute,
      last: { status: '4.4.2', remoteHost: 'mx.there.test' },
    })
    expect(server.connections).toBe(1)

    queue.time.advance(start + 5 * day - queue.time.now())
    await brokenOff(2)
    expect(await queue.settled(id)).toMatchObject([{ status: 'expired', attempts: 2 }])
    const [bounce] = await queue.inbox(1)
    expect(bounce?.text).toContain('the delivery took too long')
  })
})

describe('a clock that was ahead', () => {
  it('puts off what it deferred no longer than to the next start', async () => {
    const server = await remote()
    const before = await queueFor(server)
    const nextAttemptAt = before.time.now() + 10 * day
    const id = await before.submit({ to: [{ address: 'bob@there.test', nextAttemptAt }] })
    const { store, time } = before
    const queue = await queueFor(server, { store, time, owner: 'next' })
    expect(await queue.settled(id)).toMatchObject([{ status: 'delivered' }])
    expect(queue.log.find(({ message }) => message.startsWith('what was put off'))).toMatchObject({ recipients: 1 })
  })
})

describe('a clock that is put forward', () => {
  it('makes nothing be sent twice that is being sent', async () => {
    let sent = 0
    const server = await remote({ answer: line => (line === '.' && ++sent === 1 ? { silent: true } : null) })
    const queue = await queueFor(server)
    const id = await queue.submit({ to: ['bob@there.test'] })
    await until(() => (sent === 1 ? true : null))
    // Its lease is over by the new time, and not the delivery.
    queue.time.jump(2 * day)
    const next = await queue.submit({ to: ['eve@there.test'] })
    expect(await queue.settled(next)).toMatchObject([{ status: 'delivered' }])
    expect(server.commands.filter(command => command.includes('bob@there.test'))).toHaveLength(1)
    expect(await queue.recipients(id)).toMatchObject([{ status: 'queued', attempts: 0 }])
  })
})

describe('a stop', () => {
  it('lets what is under way end', async () => {
    const server = await remote({
      answer: line => (line === '.' ? { after: sleep(200), reply: '250 2.0.0 ok' } : null),
    })
    const queue = await queueFor(server)
    const id = await queue.submit({ to: ['bob@there.test'] })
    await until(() => (server.commands.includes('1 DATA') ? true : null))
    await queue.queue.stop(60_000)
    expect(await queue.recipients(id)).toMatchObject([{ status: 'delivered', leaseOwner: null }])
  })

  it('breaks off what takes too long, which is not counted as an attempt', async () => {
    const server = await remote({ answer: line => (line.startsWith('MAIL') ? { silent: true } : null) })
    const queue = await queueFor(server, { settings: { concurrencyPerDestination: 1 } })
    const id = await queue.submit({ to: ['bob@there.test'] })
    const waiting = await queue.submit({ to: ['eve@there.test'] })
    await until(() => (server.commands.length === 2 ? true : null))
    let stopped = false
    void queue.queue.stop(5_000).then(() => (stopped = true))
    await until(() => {
      queue.time.advance(1_000)
      return stopped ? true : null
    })
    for (const one of [id, waiting])
      expect(await queue.recipients(one)).toMatchObject([{ status: 'queued', attempts: 0, leaseOwner: null }])
  })

  it('leaves no connection behind that waits for the answer to a whole message', async () => {
    let hasAll = false
    const server = await remote({
      answer: line => {
        if (line === '.') hasAll = true
        return hasAll ? { silent: true } : null
      },
    })
    const queue = await queueFor(server)
    const id = await queue.submit({ to: ['bob@there.test'] })
    await until(() => (hasAll ? true : null))
    const stopped = queue.queue.stop(5_000)
    await until(() => {
      if (queue.log.length > 0) return true
      queue.time.advance(1_000)
      return null
    })
    await stopped
    expect(await queue.recipients(id)).toMatchObject([{ status: 'queued', attempts: 0, leaseOwner: null }])
    await until(() => (server.open === 0 ? true : null))
    // What became of it was written while the store was there, and the lease still this one's.
    expect(queue.log.map(({ message }) => message)).toEqual(['delivery attempt'])
  })
})

/** The store, out of order where a delivery is settled. */
function settlingNothingWhile(real: Store, isOut: () => boolean): Store {
  return {
    blobs: real.blobs,
    read: (query, args) => real.read(query, args),
    write: (operation, args) =>
      operation === 'queue.settle' && isOut()
        ? Promise.reject(new StoreError('unavailable', 'disk full'))
        : real.write(operation, args),
    verify: () => real.verify(),
    close: () => real.close(),
  }
}

describe('a store that is out of order for a while', () => {
  it('does not make a message be sent twice', async () => {
    const time = new TestTime(Date.UTC(2026, 8, 1))
    const real = closeLater(await openTestStore(time))
    let failures = 3
    const store = settlingNothingWhile(real, () => failures-- > 0)
    const server = await remote()
    const queue = await queueFor(server, { store, time })
    const id = await queue.submit({ to: ['bob@there.test'] })
    await until(async () => {
      time.advance(1_000)
      return (await queue.recipients(id))[0]?.status === 'delivered' ? true : null
    })
    expect(server.messages).toHaveLength(1)
    expect(queue.log.filter(line => line.message === 'delivery could not be settled')).toHaveLength(3)
  })

  it('does not either where it is for longer than the lease', async () => {
    const time = new TestTime(Date.UTC(2026, 8, 1))
    const real = closeLater(await openTestStore(time))
    const restored = time.now() + 3 * hour
    const store = settlingNothingWhile(real, () => time.now() < restored)
    const server = await remote({ answer: line => (line.startsWith('RCPT TO:<full@') ? '452 4.2.2 full' : null) })
    const queue = await queueFor(server, { store, time })
    const id = await queue.submit({ to: ['bob@there.test', 'full@there.test'] })
    await until(async () => {
      time.advance(minute)
      return (await queue.recipients(id))[0]?.status === 'delivered' ? true : null
    })
    expect(time.now()).toBeGreaterThan(restored)
    expect(server.messages.filter(({ recipients }) => recipients.some(each => each.includes('bob@')))).toHaveLength(1)
  })

  it('is not waited for beyond the grace of a stop', async () => {
    const time = new TestTime(Date.UTC(2026, 8, 1))
    const real = closeLater(await openTestStore(time))
    const store = settlingNothingWhile(real, () => true)
    const queue = await queueFor(await remote(), { store, time })
    await queue.submit({ to: ['bob@there.test'] })
    const failures = (): number => queue.log.filter(line => line.message === 'delivery could not be settled').length
    await until(() => (failures() > 0 ? true : null))
    let stopped = false
    void queue.queue.stop(5_000).then(() => (stopped = true))
    await until(() => {
      time.advance(1_000)
      return stopped ? true : null
    })
    // One more that was under way; the lease is given back.
    await until(() => (failures() > 1 ? true : null))
    const before = failures()
    for (let n = 0; n < 20; n++) {
      time.advance(1_000)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(failures()).toBe(before)
  })
})

describe('a report that can not be composed', () => {
  it('keeps back what it is about, and nothing that was delivered or comes back by itself', async () => {
    const time = new TestTime(Date.UTC(2026, 8, 1))
    const real = closeLater(await openTestStore(time))
    let broken = true
    const store: Store = {
      blobs: real.blobs,
      read: (query, args) =>
        broken && query === 'trace.idOfQueued' ? Promise.reject(new Error('broken')) : real.read(query, args),
      write: (operation, args) => real.write(operation, args),
      verify: () => real.verify(),
      close: () => real.close(),
    }
    const answers: Record<string, string> = { gone: '550 5.1.1 gone', full: '452 4.2.2 full' }
    const server = await remote({ answer: line => answers[/^RCPT TO:<(\w+)@/.exec(line)?.[1] ?? ''] ?? null })
    const queue = await queueFor(server, { store, time })
    const id = await queue.submit({ to: ['bob@there.test', 'gone@there.test', 'full@there.test'] })
    await until(async () => ((await queue.recipients(id))[0]?.status === 'delivered' ? true : null))
    expect(await queue.recipients(id)).toMatchObject([
      { status: 'delivered', attempts: 1, leaseOwner: null },
      { status: 'queued', attempts: 0, leaseOwner: 'mail.here.test' },
      { status: 'queued', attempts: 1, leaseOwner: null, nextAttemptAt: time.now() + 5 * minute },
    ])
    expect(queue.log.filter(({ message }) => message === 'delivery could not be settled')).toHaveLength(1)

    broken = false
    time.advance(45 * minute)
    expect(await queue.settled(id)).toMatchObject([{ status: 'delivered', attempts: 1 }, { status: 'failed' }, {}])
    expect((await queue.inbox(1))[0]?.text).toContain('Final-Recipient: rfc822; gone@there.test')
    expect(server.messages).toMatchObject([{ recipients: [expect.stringContaining('<bob@there.test>')] }])
  })
})

describe('an operator', () => {
  it('holds, releases, retries and removes', async () => {
    const server = await remote({ answer: line => (line.startsWith('RCPT') ? '450 4.2.1 later' : null) })
    const queue = await queueFor(server)
    const { control } = queue
    const queueId = await queue.submit({ to: ['bob@there.test', 'eve@there.test'] })
    const [bob, eve] = await queue.settled(queueId)
    const recipientId = eve?.recipientId ?? 0

    expect(await control.change('hold', { queueId, recipientId })).toBe(1)
    server.script = {}
    expect(await control.change('retry', { queueId, recipientId: bob?.recipientId ?? 0 })).toBe(1)
    expect(await queue.settled(queueId)).toMatchObject([{ status: 'delivered' }, { status: 'held' }])
    expect(await control.show(queueId)).toMatchObject({ message: { queueId }, recipients: [{}, { status: 'held' }] })
    expect(await control.list({ after: null, limit: 10, statuses: ['held'] })).toHaveLength(1)

    expect(await control.change('unhold', { queueId, recipientId: null })).toBe(1)
    expect(await control.change('retry', { queueId, recipientId: null })).toBe(1)
    expect(await queue.settled(queueId)).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }])

    const removed = await queue.submit({ to: [{ address: 'x@there.test', nextAttemptAt: queue.time.now() + hour }] })
    expect(await control.change('remove', { queueId: removed, recipientId: null })).toBe(1)
    queue.time.advance(2 * hour)
    expect(await queue.settled(removed)).toMatchObject([{ status: 'removed' }])
    expect(await control.change('remove', { queueId: removed, recipientId: null })).toBe(0)
    expect(queue.door.inbox).toEqual([])
  })
})
