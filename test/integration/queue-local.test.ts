/** The queue and the door together: what the queue reports arrives in the sender's own mailbox. */
import { describe, expect, it } from 'vitest'
import { createDoor } from '../../src/mail/acceptor.ts'
import { LocalChanges } from '../../src/mail/changes.ts'
import { describeInTurns } from '../../src/mail/describe.ts'
import { silentLog } from '../../src/ops/log.ts'
import { createResolver } from '../../src/ops/resolver.ts'
import { createQueue, type Queue } from '../../src/queue/queue.ts'
import { Reporter } from '../../src/queue/report.ts'
import { defaultQueueSettings } from '../../src/queue/settings.ts'
import type { Store } from '../../src/store/store.ts'
import type { QueueRecipientRow } from '../../src/store/types.ts'
import { startDns } from './fixtures/dns.ts'
import { openTestStore, plainMessage, until } from './fixtures/queue.ts'
import { closeLater, remote, zone } from './fixtures/scene.ts'
import { TestTime } from './fixtures/time.ts'

async function setUp(port: number) {
  const clock = new TestTime(Date.UTC(2026, 8, 1))
  const store = closeLater(await openTestStore(clock))
  const dns = closeLater(await startDns({ ...zone }))
  const hostname = 'mail.here.test'
  const log = silentLog
  const reporter = new Reporter({
    store,
    clock,
    hostname,
    readerDefaults: async () => ({ language: 'en', timeZone: 'UTC' }),
    linkTo: path => `https://mail.here.test${path}`,
  })
  let queue: Queue | null = null
  const door = createDoor({
    store,
    postmaster: null,
    describeEmail: describeInTurns,
    changes: new LocalChanges(),
    forwardingKey: Buffer.alloc(32, 1),
    filter: null,
    traces: { written() {} },
    outgoing: null,
    sendingLimits: null,
    reports: reporter,
    wakeQueue: () => queue?.wake(),
    clock,
    log,
  })
  const resolver = createResolver({ clock, servers: [dns.address] })
  const settings = { ...defaultQueueSettings, port }
  queue = createQueue({ store, door, reporter, resolver, settings, hostname, clock, timers: clock, log })
  await queue.start()
  closeLater({ close: () => queue?.stop(0) ?? Promise.resolve() })
  const submit = (...to: string[]) =>
    door.accept({
      reversePath: 'anna@here.test',
      recipients: to.map(address => ({ address, notify: null, originalRecipient: null })),
      bytes: Buffer.from(plainMessage),
      accountId: null,
      ret: null,
      envelopeId: null,
      smtpUtf8: false,
      eightBit: false,
    })
  return { store, clock, queue, submit, dns }
}

async function inbox(store: Store, count: number, address = 'anna@here.test'): Promise<string[]> {
  const account = await store.read('account.byAddress', { address })
  const accountId = account?.accountId ?? 0
  const mailbox = await store.read('mailbox.byName', { accountId, name: 'INBOX' })
  const rows = await until(async () => {
    const range = { from: 1, to: 0xffffffff, limit: 100 }
    const found = await store.read('message.withEmail', { accountId, mailboxId: mailbox?.mailboxId ?? 0, ...range })
    return found.length >= count ? found : null
  })
  return await Promise.all(rows.map(async row => Buffer.from(await store.blobs.read(row.blobHash)).toString()))
}

it('a bounce arrives in the INBOX of the sender, with the null reverse-path', async () => {
  const server = await remote({
    answer: line => (line.startsWith('RCPT') ? '550 5.1.1 <bob@there.test>: no such' : null),
  })
  const { store, submit } = await setUp(server.port)
  await submit('bob@there.test', 'eve@nowhere.test')
  const bounces = await inbox(store, 2)
  expect(bounces).toHaveLength(2)
  for (const bounce of bounces) expect(bounce).toMatch(/^Return-Path: <>\r\n/)
  expect(bounces.join('')).toContain('Diagnostic-Code: smtp; 550 5.1.1 <bob@there.test>: no such\r\n')
  expect(bounces.join('')).toContain('Host or domain name not found')
})

it('what leads too far by the time it is accepted is given to nobody, and its sender is told', async () => {
  const { store, submit } = await setUp(1)
  const alias = (address: string, ...targets: string[]) => store.write('alias.set', { address, targets, at: 0 })
  for (let i = 1; i <= 11; i++) await alias(`d${i}@here.test`, `d${i + 1}@here.test`)
  await alias('team@here.test', 'anna@here.test', 'd1@here.test')
  expect(await submit('team@here.test')).toMatchObject({ delivered: [], queued: 1 })
  const [report, ...others] = await inbox(store, 1)
  expect(others).toEqual([])
  expect(report).toMatch(/^Final-Recipient: rfc822; team@here\.test\r$/m)
  expect(report).toMatch(/^Status: 5\.2\.4\r$/m)
})

it('a local mailbox that is full while others are not keeps the message in the queue until there is room', async () => {
  const { store, clock, queue, submit } = await setUp(1)
  const quota = async (quotaBytes: number | null): Promise<void> => {
    const account = await store.read('account.byAddress', { address: 'carl@here.test' })
    await store.write('account.setQuota', { accountId: account?.accountId ?? 0, quotaBytes })
  }
  const carl = { address: 'carl@here.test', passwordHash: null, quotaBytes: 1, mailboxes: [], at: clock.now() }
  await store.write('account.add', carl)
  expect(await submit('anna@here.test', 'carl@here.test')).toMatchObject({ queued: 1 })
  await until(async () => {
    const [entry] = await store.read('queue.list', { after: null, limit: 10, statuses: ['queued'] })
    return entry?.recipients[0]?.attempts === 1 ? true : null
  })
  await quota(null)
  clock.advance(defaultQueueSettings.retryFirst * 2)
  queue.wake()
  await until(async () => {
    const [entry] = await store.read('queue.list', { after: null, limit: 10, statuses: ['delivered'] })
    return entry ? true : null
  })
  expect(await store.read('account.byAddress', { address: 'carl@here.test' })).toMatchObject({ messages: 1 })
  expect(await inbox(store, 1)).toHaveLength(1)
})

/** Of the only message that is queued for others: what became of each of its recipients, once none is due. */
async function settled(store: Store, now: () => number): Promise<QueueRecipientRow[]> {
  return await until(async () => {
    const entries = await store.read('queue.list', { after: null, limit: 10, statuses: null })
    const rows = entries.find(({ message }) => message.reversePath !== '')?.recipients ?? []
    const isOver = (row: QueueRecipientRow) => row.status !== 'queued' || (row.nextAttemptAt > now() && !row.leaseOwner)
    return rows.length > 0 && rows.every(isOver) ? rows : null
  })
}

describe('mail that is queued for a domain when it moves here', () => {
  async function setUpMoved(mx: string) {
    const server = await remote({ answer: line => (line.startsWith('RCPT') ? '451 4.7.1 later' : null) })
    const { store, clock, queue, submit, dns } = await setUp(server.port)
    await submit('bob@there.test', 'sales@there.test', 'nobody@there.test')
    expect((await settled(store, () => clock.now())).map(({ status }) => status)).toEqual(Array(3).fill('queued'))
    const sessions = server.connections
    const at = clock.now()
    await store.write('domain.add', { name: 'there.test', at })
    const bob = { address: 'bob@there.test', passwordHash: null, quotaBytes: null, mailboxes: [], at }
    await store.write('account.add', bob)
    await store.write('alias.set', { address: 'sales@there.test', targets: ['anna@here.test'], at })
    dns.zone['there.test'] = { MX: [[10, mx]] }
    const next = async () => {
      clock.advance(defaultQueueSettings.retryFirst * 2)
      queue.wake()
      return await settled(store, () => clock.now())
    }
    return { store, clock, server, sessions, next }
  }

  it.each(['mail.here.test', 'mx.there.test'])('is delivered here as any other, its MX being %s', async mx => {
    const { store, server, sessions, next } = await setUpMoved(mx)
    expect(await next()).toMatchObject([
      { status: 'delivered', attempts: 2, last: { remoteHost: null } },
      { status: 'delivered' },
      { status: 'failed', last: { status: '5.1.1', remoteHost: null } },
    ])
    expect(await inbox(store, 1, 'bob@there.test')).toHaveLength(1)
    const found = (await inbox(store, 2)).join('')
    expect(found).toContain('\r\nHello\r\n')
    expect(found).toContain('Final-Recipient: rfc822; nobody@there.test\r\n')
    expect(found).not.toContain('bob@there.test\r\nAction')
    expect(server.connections).toBe(sessions)
  })

  it('is told of in its trace', async () => {
    const { store, next } = await setUpMoved('mail.here.test')
    await next()
    const { events } = await store.read('trace.tail', { after: 0, limit: 100 })
    expect(events.filter(({ recipient }) => recipient === 'bob@there.test')).toMatchObject([
      { kind: 'deferred', detail: { host: 'mx.there.test' } },
      { kind: 'stored', detail: { mailboxes: ['INBOX'] } },
    ])
  })

  it('waits for room where the mailbox is full, and comes back as from a full mailbox', async () => {
    const { store, clock, next } = await setUpMoved('mail.here.test')
    const account = await store.read('account.byAddress', { address: 'bob@there.test' })
    await store.write('account.setQuota', { accountId: account?.accountId ?? 0, quotaBytes: 1 })
    expect((await next())[0]).toMatchObject({ status: 'queued', last: { status: '4.2.2' } })
    clock.advance(defaultQueueSettings.lifetime)
    expect((await next())[0]).toMatchObject({ status: 'expired', last: { status: '5.2.2' } })
  })
})
